"""What the Lua parts do by themselves, in a real Lua 5.3: reading the app's JSON, older Ardours, failures."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from stylus_bridge.client.endpoint import Endpoint, write_endpoint
from stylus_bridge.daws.ardour.host import HOST
from stylus_bridge.daws.ardour.ui_scripts import lua_string
from stylus_bridge.folders.job_folder import write_state
from stylus_bridge.folders.presets_file import presets_text
from stylus_daw.jobs.job import JobDone, JobFailed, Stem
from tests.support.needs import needs

LAB = Path(__file__).parent / "parts_lab.lua"
PARTS = HOST.source / "stylus"
AWKWARD = '/tmp/Jösé "B" \\u0041 🎹/\tjobs'

pytestmark = needs("lua5.3")


def lua(home: Path, program: str) -> str:
    """What a Lua program writes that sees the parts."""
    command = ["lua5.3", str(LAB), str(PARTS), str(home)]
    done = subprocess.run(command, input=program.encode(), capture_output=True, timeout=20, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def test_bridge_json_is_read_as_python_wrote_it(tmp_path: Path) -> None:
    endpoint = Endpoint(host="127.0.0.1", port=47_120, token="0f", pid=4242, version="0", jobs=AWKWARD)
    write_endpoint(tmp_path, endpoint)
    said = lua(tmp_path, "local e = endpoint () io.write (e.jobs, '|', e.token, '|', math.tointeger (e.port))")
    assert said == f"{AWKWARD}|0f|47120"


def test_a_bridge_json_of_another_protocol_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bridge.json").write_text('{"protocol": 2, "port": 1, "token": "t", "pid": 1, "jobs": "/j"}')
    assert "different versions" in lua(tmp_path, "guarded (endpoint) io.write (said[1])")


def test_a_damaged_bridge_json_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bridge.json").write_text('{"protocol": 1, "port": ')
    assert "cannot be read" in lua(tmp_path, "guarded (endpoint) io.write (said[1])")


def test_state_json_is_read_as_python_wrote_it(tmp_path: Path) -> None:
    stem = Stem(path=Path("/tmp/Jösé \\ x/stem.wav"), start=2**53 + 1, length=2**40, rate=44_100, channels=6)
    write_state(tmp_path, JobDone(job="j", stem=stem))
    program = f"""
        local s = stem_of (read_file ({lua_string(str(tmp_path / "state.json"))}))
        io.write (s.path, '|', s.length, '|', s.rate, '|', s.channels)"""
    assert lua(tmp_path, program) == f"{stem.path}|{2**40}|44100|6"


def test_a_failure_is_read_with_its_quotes(tmp_path: Path) -> None:
    write_state(tmp_path, JobFailed(job="j", code="x", message='No "room" left in C:\\new'))
    program = f'io.write (json_text (read_file ({lua_string(str(tmp_path / "state.json"))}), "message"))'
    assert lua(tmp_path, program) == 'No "room" left in C:\\new'


def test_presets_come_in_the_apps_order_and_the_last_one_is_found(tmp_path: Path) -> None:
    (tmp_path / "presets.json").write_text(presets_text([("a", 'Old "Tape"'), ("b", "Größe")]), "utf-8")
    assert lua(tmp_path, "io.write (last_preset ().name)") == 'Old "Tape"'
    (tmp_path / "daws" / "ardour" / "last-preset").write_text("b")
    assert lua(tmp_path, "io.write (last_preset ().name)") == "Größe"


@pytest.mark.parametrize("text", ['a "quoted" \\ name', "Ümläut 🎹", "line\nbreak\ttab"])
def test_what_is_quoted_for_job_json_is_json(tmp_path: Path, text: str) -> None:
    assert json.loads(lua(tmp_path, f"io.write (quoted ({lua_string(text)}))")) == text


def test_numbers_have_a_point_whatever_the_locale(tmp_path: Path) -> None:
    assert lua(tmp_path, "string.format = function () return '119,5' end io.write (decimal (119.5))") == "119.5"


def test_pending_jobs_are_kept_one_line_each_whatever_they_are_called(tmp_path: Path) -> None:
    program = """
        local job = { job = "j-1", folder = "/f", track_id = "7", track = "a\\tb\\nc",
            start = 1 << 40, length = 2, rate = 3, channels = 4, name = "n", sent = 5 }
        add_pending (job) job.job = "j-2" add_pending (job) remove_pending ("j-1")
        local left = read_pending ()
        io.write (#left, left[1].job, left[1].start, left[1].track)"""
    assert lua(tmp_path, program) == f"1j-2{2**40}a b c"


@pytest.mark.parametrize("arguments", [10, 9, 8])
def test_every_form_of_do_import_is_found(tmp_path: Path, arguments: int) -> None:
    program = f"_G.arguments_of_import = {arguments} import ('/x.wav') io.write (_G.imported[1], _G.imported[3])"
    assert lua(tmp_path, program) == f"/x.wav{arguments}"


def test_an_unknown_form_of_do_import_is_an_error_and_not_silence(tmp_path: Path) -> None:
    assert lua(tmp_path, "_G.arguments_of_import = 99 io.write (tostring (pcall (import, '/x.wav')))") == "false"


def test_in_ardour_6_positions_are_numbers(tmp_path: Path) -> None:
    assert lua(tmp_path, "io.write (tostring (has_time_types), position (5), duration (6), samples (7))") == "false567"


def test_a_stem_that_ardour_did_not_import_is_named_and_no_copy_is_left(tmp_path: Path) -> None:
    (tmp_path / "stem.wav").write_bytes(b"RIFF")
    program = f"""
        local job = {{ job = "ardour-123456", folder = {lua_string(str(tmp_path))}, track = "A/B",
            name = "N: x", rate = 48000, length = 9, start = 0, channels = 1, track_id = "1" }}
        local stem = {{ path = job.folder .. "/stem.wav", rate = 48000, length = 9, channels = 1 }}
        guarded (function () place (job, stem) end)
        io.write (said[1])"""
    said = lua(tmp_path, program)
    assert "Ardour did not import the stem" in said
    assert str(tmp_path / "stem.wav") in said
    assert [path.name for path in tmp_path.glob("*.wav")] == ["stem.wav"]


def test_a_stem_that_cannot_be_copied_is_named(tmp_path: Path) -> None:
    (tmp_path / "stem.wav").write_bytes(b"RIFF")
    stem = lua_string(str(tmp_path / "stem.wav"))
    said = lua(tmp_path, f'guarded (function () copy_file ({stem}, "/nowhere/at all.wav") end) io.write (said[1])')
    assert "The stem cannot be copied for Ardour. It is here" in said
    assert str(tmp_path / "stem.wav") in said


def test_a_stem_of_another_rate_is_not_imported(tmp_path: Path) -> None:
    program = """
        guarded (function () place ({ rate = 44100, length = 9 }, { path = "/s.wav", rate = 44100, length = 9 }) end)
        io.write (said[1], #_G.imported)"""
    assert lua(tmp_path, program).endswith("It is here:\n/s.wav0")


def test_a_mistake_of_ours_is_told_and_not_raised(tmp_path: Path) -> None:
    said = lua(tmp_path, "guarded (function () local x = nil + 1 end) io.write (said[1])")
    assert "Stylus made a mistake; the session is unchanged." in said
    assert "Stylus made a mistake" in (tmp_path / "daws" / "ardour" / "messages.log").read_text()


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    said = lua(tmp_path, 'guarded (function () write_file ("/nowhere/at all", "x") end) io.write (said[1])')
    assert "This file cannot be written" in said


def test_a_stem_s_name_fits_into_a_file_name_whatever_its_letters(tmp_path: Path) -> None:
    for track in ("海" * 80, "x" * 240, "🎹" * 70):
        program = f"io.write (stem_name {{ track = {lua_string(track)}, name = 'Warm Strings', job = 'job-a1b2c3' }})"
        name = lua(tmp_path, program)
        assert len(f"{name}.wav".encode()) <= 200
        assert name.endswith(" a1b2c3")
        assert name[0] == track[0]
        (tmp_path / f"{name}.wav").write_bytes(b"")
