"""Names of files that every system takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from stylus_daw.exchange.file_names import file_name


@pytest.mark.parametrize("letter", ["a", "é", "海", "🎹"])
def test_a_name_of_any_length_can_be_written(letter: str, tmp_path: Path) -> None:
    name = file_name(letter * 300)
    assert set(name) == {letter}
    path = tmp_path / f"{name} dawproject 9999 a1b2c3.dawproject"
    path.write_bytes(b"")
    assert path.is_file()


def test_a_short_name_stays_as_it_is() -> None:
    assert file_name("海" * 60) == "海" * 60
