"""Downloads from a hub on this machine: asked, agreed to, broken off, gone on with, added."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from stylus_daw.engine.shelf.library import ModelLibrary
from stylus_ui.presenters.models.download_words import download_said
from stylus_ui.presenters.models.downloads import Downloads, Step
from stylus_ui.presenters.models.models import Models, Trust
from tests.support.engine.little_hub import LittleHub, serving
from tests.support.waiting import eventually

ID = "someone/lcm-tiny"
FILE = "pytorch_lora_weights.safetensors"
NUMBERS = 6_000_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("lcm-tiny")
    save_file({"unet.lora.down.weight": np.zeros(NUMBERS, "float32")}, made / FILE)
    return made


@pytest.fixture
def hub(folder: Path) -> Iterator[LittleHub]:
    with serving({ID: folder}) as made:
        yield made


@pytest.fixture
def models(context, hub) -> Models:
    made = Models(context)
    made.look.look = lambda: None
    made.downloads.endpoint = hub.endpoint
    return made


def came_to(downloads: Downloads, *steps: Step) -> None:
    eventually(lambda: downloads.now.value.step in steps, 30)


def test_nothing_is_fetched_before_the_user_agrees_to_size_and_licence(models, hub, context) -> None:
    downloads = models.downloads
    downloads.ask(f"  https://huggingface.co/{ID}/ ")
    came_to(downloads, Step.CONSENT)
    now = downloads.now.value
    assert (now.hub_id, now.licence) == (ID, "creativeml-openrail-m")
    assert now.bytes > 4 * NUMBERS
    assert hub.asked_for(FILE) == []
    words = download_said(context.text, now)
    assert "24 MB" in words.said
    assert "creativeml-openrail-m" in words.said
    assert str(context.settings.home) in words.said
    downloads.dismiss()
    assert downloads.now.value.step is Step.NONE
    assert (downloads.unfinished.value, hub.asked_for(FILE)) == ((), [])


def test_what_is_agreed_to_arrives_and_is_in_the_list(models, context, folder) -> None:
    models.downloads.ask(ID)
    came_to(models.downloads, Step.CONSENT)
    models.downloads.agree()
    came_to(models.downloads, Step.DONE)
    added = ModelLibrary(context.settings.home).find("lcm-tiny")
    assert added.origin == ID
    assert (Path(added.path) / FILE).read_bytes() == (folder / FILE).read_bytes()
    row = next(one for one in models.known.value or () if one.name == "lcm-tiny")
    assert (row.is_download, row.is_model, row.problem) == (True, False, "")
    models.verify("lcm-tiny")
    assert models.verdicts.value["lcm-tiny"].trust is Trust.SAME
    with (Path(added.path) / FILE).open("r+b") as stream:
        stream.seek(-4, 2)
        stream.write(b"\x01")
    models.verify("lcm-tiny")
    assert models.verdicts.value["lcm-tiny"].trust is Trust.CHANGED
    models.remove("lcm-tiny", deletes=True)
    assert not Path(added.path).exists()


def test_a_line_that_breaks_is_said_and_gone_on_with(models, hub, context) -> None:
    downloads = models.downloads
    downloads.ask(ID)
    came_to(downloads, Step.CONSENT)
    hub.breaks = 20
    downloads.agree()
    came_to(downloads, Step.FAILED)
    assert download_said(context.text, downloads.now.value).yes == "Try again"
    hub.breaks = 0
    hub.asked.clear()
    downloads.agree()
    came_to(downloads, Step.DONE)
    assert hub.asked_for(FILE)[0].startswith("bytes=")


def test_a_paused_download_is_found_again_at_the_next_start(models, hub, context) -> None:
    downloads = models.downloads
    downloads.ask(ID)
    came_to(downloads, Step.CONSENT)
    downloads.now.changed.connect(lambda now: downloads.stop() if now.here else None)
    downloads.agree()
    came_to(downloads, Step.STOPPED)
    here = downloads.now.value.here
    assert 0 < here < downloads.now.value.bytes
    later = Downloads(context, endpoint=hub.endpoint)
    later.look_for_unfinished()
    assert later.unfinished.value == (ID,)
    later.ask(ID)
    came_to(later, Step.CONSENT)
    assert later.now.value.here == here
    later.dismiss()
    later.throw_away(ID)
    assert later.unfinished.value == ()


def test_what_is_no_hub_id_and_what_the_hub_has_not_are_said(models) -> None:
    models.downloads.ask("stylus mini")
    assert "owner/name" in models.downloads.now.value.problem
    models.downloads.ask("no/body")
    came_to(models.downloads, Step.FAILED)
    assert "The hub does not have no/body" in models.downloads.now.value.problem


def test_a_broken_model_is_a_line_of_the_list(models, context, tmp_path: Path) -> None:
    place = tmp_path / "my lcm.safetensors"
    save_file({"unet.lora.down.weight": np.zeros(4, "float32")}, place)
    models.add(place)
    models.add(place)
    assert [one.name for one in models.known.value or ()] == ["stylus-mini", "my-lcm", "my-lcm-2"]
    place.unlink()
    models.refresh()
    assert "is no longer at" in (models.known.value or ())[1].problem
    heard: list[Exception] = []
    models.problem.connect(heard.append)
    models.add(tmp_path)
    assert len(heard) == 1
    assert models.is_adding.value is False


def test_the_job_uses_the_model_that_is_chosen_until_it_is_removed(models, context, tmp_path: Path) -> None:
    place = tmp_path / "lcm.safetensors"
    save_file({"unet.lora.down.weight": np.zeros(4, "float32")}, place)
    models.add(place)
    models.use("lcm")
    assert context.workspace.workpiece.value.treatment.settings.checkpoint == "lcm"
    models.remove("lcm")
    assert models.in_use == "stylus-mini"
    assert place.exists()
