"""The state folder belongs to one user."""

from __future__ import annotations

import os

import pytest

from stylus_daw.settings import read_settings

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")


@pytest.mark.parametrize(("journal", "mode"), [(True, 0o700), (False, 0o755)])
def test_a_state_folder_that_was_open_to_others_is_closed_but_no_other_folder(tmp_path, journal, mode):
    home = tmp_path / "home"
    home.mkdir()
    home.chmod(0o755)
    if journal:
        (home / "journal.sqlite").touch()
    read_settings(home=home)
    assert home.stat().st_mode & 0o777 == mode


def test_a_new_state_folder_is_closed(tmp_path):
    read_settings(home=tmp_path / "new")
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
