"""The site: what stands where, what is staged, what is rendered again, and what leads nowhere."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from stylus_daw.audio.files import read
from stylus_daw.audio.level.loudness import integrated_lufs
from tests.support.needs import go_without
from website.__main__ import reference
from website.checking import broken, elsewhere
from website.kitchen import Kitchen, KitchenError
from website.navigation import ROOT
from website.players import every_recipe, player
from website.recipes import Recipe, recipes
from website.reference import PAGE, rooms
from website.staging import Stage

COPY = Recipe(commands="cp cello.flac copy.wav\n", sounds={"before": "piano.flac", "after": "copy.wav"})


def a_stage(root: Path, folder: Path) -> Stage:
    return Stage(root=root, source=folder, fills={"listen": lambda page, words: "[players]", "modules": lambda *_: ""})


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "tree" / "docs").mkdir(parents=True)
    (tmp_path / "tree" / "README.md").write_text("# Ours\n\nSee [all](docs/README.md).\n", "utf-8")
    (tmp_path / "tree" / "docs" / "README.md").write_text("# All\n\n## Music\n\n* [One](one.md)\n", "utf-8")
    links = "[home](../README.md), [other](other.md), [data](data.json)"
    one = f"# One\n\n{links}\n\n<!-- listen before=a.wav after=b.wav -->\n"
    (tmp_path / "tree" / "docs" / "one.md").write_text(one, "utf-8")
    (tmp_path / "tree" / "docs" / "other.md").write_text("# Other\n", "utf-8")
    (tmp_path / "tree" / "docs" / "data.json").write_text("{}", "utf-8")
    return tmp_path / "tree"


def test_a_stage_holds_the_pages_what_they_link_to_and_the_contents(tree: Path, tmp_path: Path) -> None:
    stage = a_stage(tree, tmp_path / "stage")
    stage.build()
    staged = {path.relative_to(stage.source).as_posix() for path in stage.source.rglob("*") if path.is_file()}
    assert staged == {"index.md", "docs/README.md", "docs/one.md", "docs/other.md", "docs/data.json"}
    index, one = ((stage.source / name).read_text("utf-8") for name in ("index.md", "docs/one.md"))
    assert ":caption: Music\n\ndocs/one\n" in index
    assert "[home](../index.md)" in one
    assert "[players]" in one
    assert (stage.source / "docs" / "other.md").read_text("utf-8").startswith("---\norphan: true\n")


def test_what_has_not_changed_is_not_staged_again_and_what_is_gone_goes(tree: Path, tmp_path: Path) -> None:
    a_stage(tree, tmp_path / "stage").build()
    before = (tmp_path / "stage" / "docs" / "one.md").stat().st_mtime_ns
    (tmp_path / "stage" / "docs" / "stale.md").write_text("# Gone\n", "utf-8")
    a_stage(tree, tmp_path / "stage").build()
    assert (tmp_path / "stage" / "docs" / "one.md").stat().st_mtime_ns == before
    assert not (tmp_path / "stage" / "docs" / "stale.md").exists()


def test_a_recipe_is_rendered_once_and_all_its_sounds_are_equally_loud(tmp_path: Path) -> None:
    kitchen = Kitchen(tmp_path)
    sounds = kitchen.cook(COPY)
    again = Kitchen(tmp_path)
    assert again.cook(COPY) == sounds
    assert (kitchen.rendered, again.rendered) == (1, 0)
    loudness = [integrated_lufs(read(tmp_path / name)) for name in sounds.values()]
    assert loudness[0] == pytest.approx(loudness[1], abs=0.1)
    assert integrated_lufs(read(tmp_path / sounds["before"])) > -40


def test_a_recipe_that_changes_is_another_and_the_old_sound_goes(tmp_path: Path) -> None:
    (old,) = [Kitchen(tmp_path).cook(COPY)["after"]]
    other = Recipe(commands="cp harp.flac copy.wav\n", sounds=COPY.sounds)
    kitchen = Kitchen(tmp_path)
    assert kitchen.cook(other)["after"] != old
    kitchen.sweep()
    assert not (tmp_path / old).exists()


@pytest.mark.parametrize("commands", ["stylus-daw render gone.wav -o copy.wav\n", "true\n"])
def test_a_recipe_that_fails_or_makes_nothing_says_so(commands: str, tmp_path: Path) -> None:
    with pytest.raises(KitchenError, match=r"gone\.wav|made no copy\.wav"):
        Kitchen(tmp_path).cook(Recipe(commands=commands, sounds=COPY.sounds))


def test_every_recipe_of_the_pages_makes_what_it_plays() -> None:
    found = every_recipe(ROOT)
    assert len(found) > 35
    assert [recipe.commands for recipe in found if f"-o {recipe.result}" not in recipe.commands] == []
    assert len({recipe.result for recipe in found}) == len(found)


@pytest.mark.parametrize(
    "text", ["<!-- listen before=a.wav after=b.wav -->\n", "```sh\ntrue\n```\n\n<!-- listen before=a.wav -->\n"]
)
def test_a_mark_that_cannot_be_played_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"Line \d+"):
        list(recipes(text))


def test_every_module_of_the_reference_is_there(tmp_path: Path) -> None:
    found = rooms((ROOT / PAGE).read_text("utf-8"))
    assert len(found) > 5
    assert [name for names in found.values() for name in names if not importlib.util.find_spec(name)] == []
    stage = a_stage(ROOT, tmp_path)
    assert "toctree" in reference(stage)
    assert len(stage.kept) == len(found)


def test_players_need_no_script_and_name_their_sounds_from_where_the_page_is() -> None:
    html = player({"before": "a.flac", "after": "b.flac"}, Path("docs/cookbook.md"), "Warm & Wide")
    assert html.count("<audio controls") == 2
    assert 'src="../sounds/b.flac"' in html
    assert 'aria-label="Warm &amp; Wide"' in html


def test_addresses_that_lead_nowhere_are_found(tmp_path: Path) -> None:
    page = (
        '<p id="here"><a href="#here"></a><a href="#gone"></a><a href="https://example.org/x"></a><audio src="a.flac">'
    )
    (tmp_path / "index.html").write_text(page, "utf-8")
    assert broken(tmp_path) == ["index.html: #gone", "index.html: a.flac"]
    assert elsewhere(tmp_path) == ["https://example.org/x"]


@pytest.mark.slow
def test_the_site_is_built_without_a_warning(tmp_path: Path) -> None:
    if not importlib.util.find_spec("sphinx"):
        go_without("Sphinx is not installed; run: make site")
    from website.__main__ import main

    assert main(["--out", str(tmp_path)]) == 0
    assert (tmp_path / "html" / "docs" / "cookbook.html").is_file()
