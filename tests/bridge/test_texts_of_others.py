"""Names that hosts give: whatever they hold, they are cleaned, and the job is rendered."""

from __future__ import annotations

import json
import logging

import pytest

from stylus_bridge.hosts.visitors import read_visits
from stylus_bridge.wire.protocol import Queued, Refused, Welcome
from stylus_daw.app import LogFormatter


@pytest.mark.parametrize("key", ["client", "project", "track"])
@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("\ud800", "?"),
        ("a\r\nb\x1b[2J", "a  b [2J"),
        ("x" * 900_000, "x" * 199 + "…"),
        ("Gitarre ä 弦", "Gitarre ä 弦"),
    ],
)
def test_a_name_is_cleaned_and_cut_and_the_job_is_queued(studio, host, key, said, kept):
    folder = studio.write_folder("job-1")
    written = json.loads((folder / "job.json").read_text()) | {key: said}
    (folder / "job.json").write_text(json.dumps(written))
    assert isinstance(host.answer("/stylus/job/submit", "job-1", str(folder)), Queued)
    assert getattr(studio.builder.built[-1], key) == kept


def test_a_key_of_half_a_character_is_refused_and_the_folder_says_so(studio, host):
    folder = studio.write_folder("job-1")
    written = json.loads((folder / "job.json").read_text()) | {"\ud800": 1}
    (folder / "job.json").write_text(json.dumps(written))
    refused = host.answer("/stylus/job/submit", "job-1", str(folder))
    assert isinstance(refused, Refused)
    assert refused.code != "bug"
    assert json.loads((folder / "state.json").read_text("utf-8"))["outcome"] == "failed"


def test_a_host_that_names_itself_at_length_is_remembered_briefly(studio, host):
    assert isinstance(host.answer("/stylus/hello", 1, "max\n" + "y" * 5_000, "1\x1b", 0), Welcome)
    ((name, visit),) = read_visits(studio.state_folder).items()
    assert (len(name), visit.version) == (200, "1 ")


def test_what_a_host_says_cannot_look_like_a_line_of_the_log():
    forged = "warm\r\n2026-01-01 ERROR stylus_daw: all is lost\x1b[31m"
    record = logging.LogRecord("a", logging.INFO, __file__, 1, "refused: %s", (forged,), None)
    lines = LogFormatter("%(message)s").format(record).split("\n")
    assert lines == ["refused: warm ", "    2026-01-01 ERROR stylus_daw: all is lost [31m"]
