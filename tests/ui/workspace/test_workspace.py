"""The current job: its edits, its file on disk, its renders. Without a window."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import soundfile

from stylus_daw.chain.spec import ChainSpec
from stylus_daw.errors import AudioFileError, JobError, PresetError, RequestError
from stylus_daw.jobs.job import (
    JobDone,
    JobEvent,
    JobProgressed,
    JobQueued,
    JobWasCancelled,
    RenderRequest,
    Stem,
)
from stylus_daw.presets.library.library import PresetLibrary
from stylus_daw.presets.preset import Preset, PresetStyle
from stylus_daw.settings import Settings
from stylus_ui.state.autosave import Autosave
from stylus_ui.workspace.takes import TakeState
from stylus_ui.workspace.workpiece import Content, Selection, StyleSlot, Workpiece
from stylus_ui.workspace.workpiece_file import read_workpiece, workpiece_from_json, workpiece_to_json
from stylus_ui.workspace.workspace import Workspace
from tests.support.ui.worlds import AtOnce

RATE = 48_000
PLUGIN = {"effects": [{"kind": "plugin", "plugin": {"path": "/nowhere/Verb.vst3", "name": "Verb"}}]}


@dataclass
class FakeQueue:
    """Takes jobs and does nothing."""

    submitted: dict[str, RenderRequest] = field(default_factory=dict)
    cancelled: list[str] = field(default_factory=list)

    def submit_all(self, asked: Sequence[tuple[str, RenderRequest]]) -> None:
        self.submitted |= dict(asked)

    def cancel(self, job: str) -> JobEvent:
        self.cancelled.append(job)
        return self.status(job)

    def status(self, job: str) -> JobEvent:
        return JobQueued(job=job, position=list(self.submitted).index(job))


@dataclass
class FakeCore:
    presets: PresetLibrary
    queue: FakeQueue = field(default_factory=FakeQueue)


@pytest.fixture
def library(tmp_path: Path) -> PresetLibrary:
    return PresetLibrary(user_folder=tmp_path / "home" / "presets")


@pytest.fixture
def core(library: PresetLibrary) -> FakeCore:
    return FakeCore(library)


@pytest.fixture
def workspace(tmp_path: Path, core: FakeCore) -> Workspace:
    made = Workspace(Settings(home=tmp_path / "home"), AtOnce())
    made.connect_core(core)
    return made


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    path = tmp_path / "tone.wav"
    soundfile.write(path, np.zeros((RATE, 2), "float32"), RATE)
    return path


def problems(workspace: Workspace) -> list[Exception]:
    found: list[Exception] = []
    workspace.problem.connect(found.append)
    return found


def load(workspace: Workspace, library: PresetLibrary, asked: str = "warm-strings") -> Preset:
    preset = library.get(asked)
    workspace.load_preset(preset, library.styles(preset))
    return preset


def test_a_file_that_breaks_off_is_opened_and_told(workspace: Workspace, tone: Path) -> None:
    found = problems(workspace)
    workspace.open_files([tone])
    assert found == []
    tone.write_bytes(tone.read_bytes()[:100_000])
    workspace.open_files([tone])
    assert [getattr(problem, "code", "") for problem in found] == ["audio.short"]
    content = workspace.workpiece.value.content
    assert content is not None
    assert 0 < content.frames < RATE


def test_a_drag_is_one_step_of_undo_and_redo_brings_it_back(workspace: Workspace) -> None:
    for strength in (0.1, 0.2, 0.3):
        workspace.edit_settings(strength=strength, gesture="strength")
    workspace.end_gesture()
    workspace.edit_settings(strength=0.4, gesture="strength")
    workspace.undo()
    assert workspace.workpiece.value.treatment.settings.strength == 0.3
    workspace.undo()
    assert workspace.workpiece.value.treatment.settings.strength is None
    assert (workspace.can_undo.value, workspace.can_redo.value) == (False, True)
    workspace.redo()
    assert workspace.workpiece.value.treatment.settings.strength == 0.3


def test_a_value_out_of_range_changes_nothing(workspace: Workspace) -> None:
    before = workspace.workpiece.value
    with pytest.raises(RequestError, match="allowed: 0 to 2"):
        workspace.edit_settings(strength=3)
    assert workspace.workpiece.value == before
    assert not workspace.can_undo.value


def test_a_preset_is_edited_while_its_sound_differs(workspace: Workspace, library) -> None:
    preset = load(workspace, library)
    assert (workspace.workpiece.value.preset_id, workspace.workpiece.value.is_edited) == (preset.id, False)
    workspace.edit_settings(strength=0.25)
    assert workspace.workpiece.value.is_edited
    workspace.undo()
    assert not workspace.workpiece.value.is_edited
    workspace.redo()
    assert workspace.workpiece.value.is_edited


def test_the_workpiece_survives_on_disk_whole(workspace: Workspace, library, tone: Path, tmp_path: Path) -> None:
    load(workspace, library)
    workspace.open_files([tone, tone])
    workspace.select(Selection(first=100, length=200, before=50, after=10**9))
    workspace.edit_chain(ChainSpec.model_validate({"effects": [{"kind": "reverb", "params": {"size": 0.7}}]}))
    workpiece = workspace.workpiece.value
    assert workpiece.selection == Selection(first=100, length=200, before=50, after=RATE - 300)
    assert workpiece_from_json(workpiece_to_json(workpiece)) == workpiece
    autosave = Autosave(tmp_path / "state" / "workspace.json", pause_s=0)
    for number in range(50):
        autosave.put(partial(workpiece_to_json, replace(workpiece, preset_name=str(number))))
    autosave.close()
    assert read_workpiece(tmp_path / "state" / "workspace.json").preset_name == "49"


def test_a_workspace_that_an_older_version_kept_comes_back(workspace: Workspace, library, tmp_path: Path) -> None:
    load(workspace, library)
    written = json.loads(workpiece_to_json(workspace.workpiece.value))
    older = {**written, "version": 1, "sound": written["treatment"]}
    del older["treatment"]
    (tmp_path / "workspace.json").write_text(json.dumps(older))
    assert read_workpiece(tmp_path / "workspace.json") == workspace.workpiece.value


@pytest.mark.parametrize("written", ["", "[]", "{}", '{"version": 99}', '{"version": 1, "content": 3}'])
def test_a_broken_file_gives_an_empty_workspace(tmp_path: Path, written: str) -> None:
    (tmp_path / "workspace.json").write_text(written)
    assert read_workpiece(tmp_path / "workspace.json") == Workpiece()


def test_every_edit_is_saved_and_opening_the_program_again_brings_it_back(tmp_path: Path) -> None:
    from tests.support.ui.worlds import ui_world

    with ui_world(tmp_path / "home") as (context, _):
        context.workspace.edit_settings(strength=0.35)
        context.preferences.set("theme", "light")
    with ui_world(tmp_path / "home") as (context, _):
        assert context.workspace.workpiece.value.treatment.settings.strength == 0.35
        assert not context.theme.is_dark


def test_render_asks_for_the_region_with_its_handles(workspace: Workspace, core: FakeCore, library, tone: Path) -> None:
    load(workspace, library)
    workspace.open_content(
        Content(path=tone, rate=RATE, channels=2, frames=RATE, position=5 * RATE, session_start=RATE),
        selection=Selection(first=1000, length=2000, before=500, after=250),
    )
    workspace.render()
    ((job, request),) = core.queue.submitted.items()
    region = request.region
    assert region is not None
    assert (region.start, region.length, region.source_offset) == (4 * RATE + 1000, 2000, 500)
    assert (region.before, region.after, region.session_start) == (500, 250, RATE)
    assert request.origin.preset == "Warm Strings"
    assert request.stem.parent.name == job
    assert request.stem.parent.is_dir()
    assert RenderRequest.from_json(request.to_json()) == request


def test_several_files_are_one_job_each_and_the_take_of_the_first_is_shown(
    workspace: Workspace, core: FakeCore, library, tone: Path, tmp_path: Path
) -> None:
    load(workspace, library)
    further = [Path(shutil.copy(tone, tmp_path / name)) for name in ("b.wav", "c.wav")]
    workspace.open_files([tone, *further])
    workspace.render()
    assert [request.source.name for request in core.queue.submitted.values()] == ["tone.wav", "b.wav", "c.wav"]
    shown = workspace.takes.shown.value
    assert shown is not None
    assert (shown.job, shown.state) == (next(iter(core.queue.submitted)), TakeState.WAITING)


def test_an_unlocked_seed_counts_up_after_each_render(workspace: Workspace, core: FakeCore, library, tone) -> None:
    load(workspace, library)
    workspace.open_files([tone])
    workspace.edit(seed_locked=False)
    workspace.render()
    workspace.render()
    seeds = [request.settings.seed for request in core.queue.submitted.values()]
    assert seeds[1] == seeds[0] + 1


def test_what_is_missing_is_said(workspace: Workspace, library, tone: Path, tmp_path: Path) -> None:
    told = problems(workspace)
    workspace.render()
    workspace.open_files([tone])
    workspace.render()
    workspace.open_files([tmp_path / "absent.wav"])
    workspace.connect_core(None)
    workspace.render()
    assert [getattr(error, "code", "") for error in told[:2]] == ["workspace.content", "workspace.style"]
    assert isinstance(told[2], AudioFileError)
    assert isinstance(told[3], JobError)


def test_plugins_of_a_bundle_are_not_rendered_before_consent(
    workspace: Workspace, core: FakeCore, library: PresetLibrary, tone: Path
) -> None:
    style = library.styles(library.get("warm-strings"))[0].path
    chain = ChainSpec.model_validate(PLUGIN)
    preset = library.save(
        Preset(
            id="foreign",
            name="Foreign",
            styles=(PresetStyle(audio="x.flac"),),
            chain=chain,
            untrusted_plugins=True,
            version=Preset.model_fields["version"].default,
        ),
        [style],
    )
    workspace.load_preset(preset, library.styles(preset))
    workspace.open_files([tone])
    told = problems(workspace)
    with pytest.raises(PresetError, match="trust"):
        workspace.check_consent()
    workspace.render()
    assert [getattr(error, "code", "") for error in told] == ["preset.consent"]
    library.save(preset.model_copy(update={"chain": ChainSpec()}))
    workspace.render()
    assert [getattr(error, "code", "") for error in told] == ["preset.consent"] * 2, "what is loaded decides"
    assert core.queue.submitted == {}


def test_takes_follow_their_jobs_and_an_outcome_is_final(workspace: Workspace, core: FakeCore, library, tone) -> None:
    load(workspace, library)
    workspace.open_files([tone])
    workspace.render()
    workspace.render()
    first, second = core.queue.submitted
    done: list[str] = []
    workspace.takes.done.connect(lambda take: done.append(take.job))
    workspace.on_event(JobProgressed(job=first, fraction=0.5, stage="restyling"))
    stem = Stem(path=tone, start=0, length=RATE, rate=RATE, channels=2)
    workspace.on_event(JobDone(job=first, stem=stem))
    workspace.on_event(JobProgressed(job=first, fraction=0.6, stage="late"))
    workspace.on_event(JobDone(job="of somebody else", stem=stem))
    assert {take.job: take.state for take in workspace.takes.all.value} == {
        first: TakeState.DONE,
        second: TakeState.WAITING,
    }
    assert done == [first]
    workspace.cancel()
    assert core.queue.cancelled == [second]
    workspace.on_event(JobWasCancelled(job=second))
    assert workspace.takes.unfinished == ()


def test_another_file_of_a_batch_that_is_queued_again_leaves_the_take_in_the_lane(
    workspace: Workspace, core: FakeCore, library, tone, tmp_path: Path
) -> None:
    other = Path(shutil.copy(tone, tmp_path / "other.wav"))
    load(workspace, library)
    workspace.open_files([tone, other])
    workspace.render()
    first, second = core.queue.submitted
    workspace.on_event(JobDone(job=first, stem=Stem(path=tone, start=0, length=RATE, rate=RATE, channels=2)))
    core.queue.submit_all([("again", core.queue.submitted[second])])
    workspace.adopt([("again", core.queue.submitted["again"])])
    assert workspace.takes.named("again") is not None
    assert workspace.takes.shown.value == workspace.takes.named(first)


def test_cancel_ends_the_render_that_runs_and_no_other(workspace: Workspace, core: FakeCore, library, tone) -> None:
    load(workspace, library)
    workspace.open_files([tone])
    for _ in range(3):
        workspace.render()
    first, second, third = core.queue.submitted
    workspace.on_event(JobProgressed(job=first, fraction=0.5, stage="restyling"))
    workspace.cancel()
    assert core.queue.cancelled == [first]
    workspace.on_event(JobWasCancelled(job=first))
    workspace.cancel()
    assert core.queue.cancelled == [first, second], "nothing runs: the one that is next"
    assert [take.job for take in workspace.takes.unfinished] == [third, second]


def test_what_is_not_an_edit_can_be_undone_until_one_follows(workspace: Workspace) -> None:
    undone: list[str] = []
    workspace.edit_settings(strength=0.5)
    workspace.offer_undo(lambda: undone.append("first"))
    workspace.undo()
    assert (undone, workspace.workpiece.value.treatment.settings.strength) == (["first"], 0.5)
    press = workspace.offer_undo(lambda: undone.append("second"))
    workspace.edit_settings(strength=0.6)
    workspace.undo()
    assert (undone, workspace.workpiece.value.treatment.settings.strength) == (["first"], 0.5)
    press()
    press()
    assert undone == ["first", "second"]


def test_a_style_that_is_there_is_not_added_again_and_new_ones_weigh_the_mean(workspace: Workspace) -> None:
    workspace.set_styles([StyleSlot(path=Path("a.wav"), weight=1), StyleSlot(path=Path("b.wav"), weight=3)])
    workspace.add_styles([Path("a.wav"), Path("c.wav")])
    assert [(slot.path.name, slot.weight) for slot in workspace.workpiece.value.treatment.styles] == [
        ("a.wav", 1),
        ("b.wav", 3),
        ("c.wav", 2),
    ]
    with pytest.raises(RequestError):
        workspace.add_styles([Path(f"{number}.wav") for number in range(9)])


def test_several_takes_are_as_many_jobs_and_the_next_render_brings_others(
    workspace: Workspace, core: FakeCore, library: PresetLibrary, tone: Path
) -> None:
    load(workspace, library)
    workspace.open_files([tone])
    workspace.edit(takes=3, seed_locked=False)
    workspace.render()
    asked = list(core.queue.submitted.values())
    assert [request.settings.seed for request in asked] == [0, 1, 2]
    assert len({request.stem for request in asked}) == 3
    shown = workspace.takes.shown.value
    assert shown is not None
    assert shown.request == asked[0]
    assert workspace.workpiece.value.treatment.settings.seed == 3
    [(_, draft)] = workspace.requests(selection=Selection(first=0, length=100))
    assert draft.settings.seed == 3
