"""``make site``: the pages, the sounds and the reference as a site in ``out/site/html``. A warning is an error."""

from __future__ import annotations

import argparse
import importlib.util
import subprocess
import sys
from pathlib import Path

from stylus_daw.atomic import write_text_atomic
from website.checking import broken, elsewhere
from website.kitchen import Kitchen, KitchenError
from website.navigation import ROOT
from website.players import SOUNDS, every_recipe, fill
from website.reference import PAGE as REFERENCE
from website.reference import room_name, room_page, rooms
from website.staging import Stage, toctree

HERE = Path(__file__).parent


def main(arguments: list[str] | None = None) -> int:
    """Command line. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m website", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "out" / "site", help="folder of the site")
    out = parser.parse_args(arguments).out.resolve()
    kitchen = Kitchen(out / "sounds" / SOUNDS)
    stage = Stage(root=ROOT, source=out / "source", fills={})
    stage.fills = {
        "modules": lambda page, words: reference(stage),
        "listen": lambda page, words: fill(ROOT, kitchen, page, words),
    }
    try:
        kitchen.cook_all(every_recipe(ROOT))
        stage.build()
    except KitchenError as error:
        print(error, file=sys.stderr)
        return 1
    kitchen.sweep()
    print(f"{len(kitchen.kept)} sounds, {kitchen.rendered} recipes rendered")
    exit_code = build(out) or check(out / "html")
    if not exit_code:
        print(f"The site: {out / 'html' / 'index.html'}")
    return exit_code


def check(site: Path) -> int:
    """Tell every address that leads nowhere, and list those that lead out. Returns the exit code."""
    found = broken(site)
    for line in found:
        print(f"leads nowhere: {line}", file=sys.stderr)
    outside = elsewhere(site)
    write_text_atomic(site.parent / "elsewhere.txt", "\n".join(outside) + "\n")
    print(f"{len(outside)} addresses lead out of the site and were not tried: {site.parent / 'elsewhere.txt'}")
    return bool(found)


def reference(stage: Stage) -> str:
    """Stage a page for each room of ``docs/api.md``; returns the list of them."""
    found = rooms((stage.root / REFERENCE).read_text("utf-8"))
    pages = {heading: REFERENCE.parent / "api" / f"{room_name(heading)}.md" for heading in found}
    for heading, page in pages.items():
        stage.put(page, room_page(heading, found[heading]))
    listed = [f"* [{heading}](api/{page.name})" for heading, page in pages.items()]
    return "## All classes and functions\n\n" + "\n".join(listed) + toctree(pages.values(), REFERENCE)


def build(out: Path) -> int:
    """Run Sphinx over what is staged. Returns its exit code."""
    if not importlib.util.find_spec("sphinx"):
        print("The site needs Sphinx: pip install -c constraints.txt -e '.[docs]', or `make site`.", file=sys.stderr)
        return 1
    strict = ["--fail-on-warning", "--keep-going", "--quiet", "--show-traceback"]
    strict += ["-D", f"html_extra_path={out / 'sounds'}"]
    places = ["-c", str(HERE), "-d", str(out / "doctrees"), str(out / "source"), str(out / "html")]
    return subprocess.run([sys.executable, "-m", "sphinx", *strict, "-b", "html", *places], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
