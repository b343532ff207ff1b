"""A tree of source files, as it lies in a folder or at a revision of git."""

from __future__ import annotations

import ast
import io
import subprocess
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

from stylus_daw.errors import RequestError

PRODUCT = ("stylus_daw", "bridge", "ui")
"""What is installed, the presets' data left out."""
ROOMS = (*PRODUCT, "presets", "training", "bench", "website", "tests")
TEXTS = (".py", ".md")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A Python file."""

    name: str
    text: str

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @property
    def is_test(self) -> bool:
        return self.name.startswith("tests/")

    @property
    def is_product(self) -> bool:
        return self.name.split("/")[0] in PRODUCT

    def parsed(self) -> ast.Module:
        return ast.parse(self.text)


class Tree:
    """Every Python file and page below a folder, but for folders that are hidden or made."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of Python files and pages, relative to the root."""
        below = (path for folder in (*ROOMS, "docs") for path in (self.root / folder).rglob("*"))
        found = {path.relative_to(self.root) for path in (*below, *self.root.glob("*.md")) if path.suffix in TEXTS}
        names = [name for name in found if (self.root / name).is_file()]
        return tuple(sorted(name.as_posix() for name in names if not _is_made(name)))

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """The Python files."""
        return tuple(Source(name=name, text=self.read(name)) for name in self.names if name.endswith(".py"))

    def read(self, name: str) -> str:
        return (self.root / name).read_text("utf-8")

    def folders(self) -> Counter[str]:
        """How many Python files and pages each folder of a room holds itself."""
        return Counter(name.rpartition("/")[0] for name in self.names if "/" in name)


def _is_made(name: Path) -> bool:
    made = {"__pycache__", "runs", "build", "dist", "out"}
    return any(part.startswith(".") or part in made for part in name.parts)


@contextmanager
def at_revision(revision: str, repository: Path) -> Iterator[Tree]:
    """The tree of a revision, in a folder that goes afterwards.

    Raises:
        RequestError: git does not know the revision.
    """
    command = ["git", "-C", str(repository), "archive", "--format=zip", revision]
    packed = subprocess.run(command, capture_output=True, check=False)
    if packed.returncode:
        said = packed.stderr.decode(errors="replace").strip()
        message = f"git cannot read the revision {revision!r}: {said}. Name one that `git log` shows."
        raise RequestError("bench.revision", message)
    with TemporaryDirectory() as folder:
        with zipfile.ZipFile(io.BytesIO(packed.stdout)) as archive:
            archive.extractall(folder)
        yield Tree(Path(folder))
