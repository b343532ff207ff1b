"""Plans by free memory; out of memory: smaller, then the other mode, then an error, and the next job runs."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel

from stylus_daw.audio.sound import to_clip
from stylus_daw.engine.diffusion.checkpoint import DiffusionCheckpoint, needs_of
from stylus_daw.engine.diffusion.injected_layers import injected_layers, projected_numbers
from stylus_daw.engine.diffusion.plan import Mode, Needs, Plan, decide
from stylus_daw.engine.layouts.family import SD_1
from stylus_daw.engine.layouts.layout import read_config
from stylus_daw.engine.local import LocalEngine
from stylus_daw.engine.machine.device import Wishes, choose_device
from stylus_daw.engine.machine.faults import is_out_of_memory, out_of_memory
from stylus_daw.engine.request import StyleRequest, StyleSettings, WeightedStyle
from stylus_daw.engine.result_cache import KeptResults
from stylus_daw.engine.shelf.registry import open_checkpoint
from stylus_daw.errors import EngineError, JobCancelled, RequestError
from tests.support.engine.sounds import tone

pytestmark = pytest.mark.usefixtures("one_thread")

GB = 1_000_000_000


@pytest.fixture(scope="module")
def full_size() -> UNet2DConditionModel:
    with torch.device("meta"):
        return UNet2DConditionModel.from_config(read_config(SD_1.facts / "unet" / "config.json"))  # type: ignore[return-value]


@pytest.fixture(scope="module")
def full_needs(full_size: UNet2DConditionModel) -> Needs:
    return needs_of(full_size, 512, 2)


@pytest.fixture
def engine(tiny_sd_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LocalEngine:
    monkeypatch.setenv("STYLUS_HOME", str(tmp_path))
    return forgetful()


def forgetful() -> LocalEngine:
    """An engine that runs its model for every render."""
    return LocalEngine(kept=KeptResults(memory_bytes=0))


def request(folder: Path, seconds: float = 1.5, **settings: object) -> StyleRequest:
    chosen = StyleSettings(checkpoint=str(folder), steps=3, **settings)  # type: ignore[arg-type]
    return StyleRequest(content=tone(220, seconds), styles=(WeightedStyle(clip=tone(330, 0.7)),), settings=chosen)


def diffusion(engine: LocalEngine, folder: Path) -> DiffusionCheckpoint:
    checkpoint = engine.checkpoint(str(folder), "cpu")
    assert isinstance(checkpoint, DiffusionCheckpoint)
    return checkpoint


@contextmanager
def watched(checkpoint: DiffusionCheckpoint, look: Callable[[torch.Tensor], None]) -> Iterator[None]:
    """``look`` at every latent that goes into the UNet."""
    handle = checkpoint.unet.register_forward_pre_hook(lambda module, arguments: look(arguments[0]))
    try:
        yield
    finally:
        handle.remove()


def test_projections_of_a_stable_diffusion_clip_at_50_steps_are_1_8_gb(
    full_size: UNet2DConditionModel, full_needs: Needs
) -> None:
    assert full_needs.projections * 50 == pytest.approx(1.8 * GB, rel=0.05)
    layers = [module for name, module in full_size.named_modules() if injected_layers(full_size)(name)]
    assert len(layers) == 6
    assert projected_numbers(full_size) * 2 == full_needs.projections


@pytest.mark.parametrize(
    ("free", "mode", "batch", "span"),
    [(100 * GB, Mode.PROJECTIONS, 14, 14), (9 * GB, Mode.PROJECTIONS, 14, 14), (2 * GB, Mode.TRAJECTORY, 3, 14)],
)
def test_the_mode_follows_free_memory_and_says_why(
    full_needs: Needs, free: int, mode: Mode, batch: int, span: int
) -> None:
    plan = decide(full_needs, tiles=14, style_tiles=1, steps=12, free=free, most=16)
    assert plan.mode is mode
    assert plan.batch <= batch
    assert plan.span <= span
    assert "GB" in plan.reason


def test_stable_diffusion_in_half_precision_stays_below_4_gb_at_any_length(
    full_size: UNet2DConditionModel, full_needs: Needs
) -> None:
    """Weights, and what the plan takes at the most, for a card of 4 GB that holds nothing else."""
    weights = 2 * sum(p.numel() for p in full_size.parameters()) + 4 * 83_653_863
    for tiles in (1, 14, 140, 1_000):
        plan = decide(full_needs, tiles=tiles, style_tiles=1, steps=50, free=4 * GB - weights, most=16)
        working = plan.batch * full_needs.tile + (plan.batch + 1) * full_needs.projections
        kept = (plan.span + 1) * 50 * full_needs.projections if plan.keeps else 0
        latents = plan.span * 51 * 4 * 64 * 64 * 4
        assert weights + max(full_needs.image, working) + kept + latents <= 4 * GB


@pytest.mark.parametrize(("side", "tiles"), [(64, 4), (128, 1), (96, 1), (16, 64)])
def test_a_call_takes_as_much_work_whatever_the_size_of_a_tile(side: int, tiles: int) -> None:
    assert choose_device("cpu", Wishes()).most_tiles(side * side) == tiles


def test_both_modes_and_all_batches_sound_the_same(engine: LocalEngine, tiny_sd_folder: Path) -> None:
    outs, calls = [], []
    for gigabytes in (None, 0.5):
        with pytest.MonkeyPatch.context() as patch:
            if gigabytes:
                patch.setattr("stylus_daw.engine.diffusion.plan.SHARE_OF_FREE", 1e-6)
            checkpoint = diffusion(LocalEngine(), tiny_sd_folder)
            checkpoint.styles = None
            seen: list[int] = []
            with watched(checkpoint, lambda latent, seen=seen: seen.append(len(latent))):
                knobs = checkpoint.knobs(StyleSettings(steps=3))
                content, style = (np.random.default_rng(n).uniform(-1, 1, (64, 250)).astype("f") for n in (0, 1))
                outs.append(checkpoint.restyle(content, [(1.0, style)], knobs, lambda fraction, stage: None))
            calls.append(sum(seen))
    np.testing.assert_allclose(outs[0], outs[1], atol=0.05)
    tiles = 5
    assert calls[0] == tiles * (2 * 3 + 1) + 3 + 1  # inversion, its last station, sampling; the style likewise
    assert calls[1] == tiles * (3 * 3 + 1) + 2 * 3 + 1  # the content and the style are looked at again


@pytest.mark.parametrize("most", [2, 1])
def test_out_of_memory_halves_the_batch_and_the_job_goes_on(
    engine: LocalEngine, tiny_sd_folder: Path, most: int
) -> None:
    asked = request(tiny_sd_folder)
    checkpoint, sizes = diffusion(engine, tiny_sd_folder), []

    def faults(latent: torch.Tensor) -> None:
        sizes.append(len(latent))
        if len(latent) > most:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")

    with watched(checkpoint, faults):
        out = engine.stylize(asked, "cpu")
    assert max(sizes) > most
    assert sizes[-1] <= most
    expected = to_clip(forgetful().stylize(asked, "cpu")).samples
    np.testing.assert_allclose(to_clip(out).samples, expected, atol=0.05)


def test_when_nothing_helps_the_job_fails_with_what_to_try_and_the_next_one_runs(
    engine: LocalEngine, tiny_sd_folder: Path
) -> None:
    """The fault is the allocator's own: more than there is, asked for inside of the network."""
    asked = request(tiny_sd_folder)
    expected = to_clip(engine.stylize(asked, "cpu")).samples
    checkpoint = diffusion(engine, tiny_sd_folder)
    checkpoint.kept.clear()
    before, calls = _tensor_bytes(), []

    def faults(latent: torch.Tensor) -> None:
        calls.append(latent.shape)
        if len(calls) > 4:
            torch.empty(1 << 52, dtype=torch.uint8)

    with watched(checkpoint, faults), pytest.raises(EngineError, match="or choose draft quality") as caught:
        engine.stylize(asked, "cpu")
    assert caught.value.code == "engine.memory"
    assert caught.value.__cause__ is None
    del caught
    assert _tensor_bytes() <= before
    after = to_clip(engine.stylize(asked, "cpu")).samples
    np.testing.assert_allclose(after, expected, rtol=1e-3, atol=1e-3)


def test_what_is_advised_fits_the_model_and_the_device() -> None:
    processor = choose_device("cpu")
    accelerator = replace(processor, torch=torch.device("cuda"), reason="cuda (as asked)")
    mini = out_of_memory("stylus-mini", processor, "the least", hears_quality=False).message
    assert mini.endswith("even with the least. Close other programs and render again.")
    mini = out_of_memory("stylus-mini", accelerator, "the least", hears_quality=False).message
    assert mini.endswith("Close other programs, or use the device 'cpu'.")
    large = out_of_memory("xl", accelerator, "the least").message
    assert large.endswith("Close other programs, choose draft quality or a smaller model, or use the device 'cpu'.")


def test_other_faults_are_not_taken_for_memory(engine: LocalEngine, tiny_sd_folder: Path) -> None:
    def faults(latent: torch.Tensor) -> None:
        raise RuntimeError("size mismatch")

    with watched(diffusion(engine, tiny_sd_folder), faults), pytest.raises(RuntimeError, match="size mismatch"):
        engine.stylize(request(tiny_sd_folder), "cpu")
    assert is_out_of_memory(RuntimeError("MPS backend out of memory (MPS allocated: 9.0 GB)"))
    assert not is_out_of_memory(RuntimeError("deallocated"))


def test_a_cancel_comes_through_at_the_next_step(engine: LocalEngine, tiny_sd_folder: Path) -> None:
    told: list[float] = []

    def listener(fraction: float, stage: str) -> None:
        told.append(fraction)
        if len(told) > 4:
            raise JobCancelled

    with pytest.raises(JobCancelled):
        engine.stylize(request(tiny_sd_folder), "cpu", listener)
    assert told == sorted(told)


def test_another_strength_inverts_nothing_again(engine: LocalEngine, tiny_sd_folder: Path) -> None:
    checkpoint, counts = diffusion(engine, tiny_sd_folder), []
    for settings in ({}, {"strength": 0.5}, {"structure": 0.2}, {"sharpness": 2.0}, {"start": 0.5}):
        seen: list[int] = []
        with watched(checkpoint, lambda latent, seen=seen: seen.append(len(latent))):
            engine.stylize(request(tiny_sd_folder, **settings), "cpu")
        counts.append(sum(seen))
    assert counts[1] == counts[2] == counts[3]
    assert counts[1] < counts[0] / 2
    assert counts[4] == counts[0]


def test_what_is_kept_stays_within_its_bound(tiny_sd_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checkpoint = open_checkpoint(str(tiny_sd_folder), choose_device("cpu"))
    assert isinstance(checkpoint, DiffusionCheckpoint)
    monkeypatch.setattr("stylus_daw.engine.machine.device.KEPT_MAIN_BYTES", 40_000)
    knobs = checkpoint.knobs(StyleSettings(steps=3))
    for number in range(4):
        content = np.full((64, 200), number / 5, np.float32)
        checkpoint.restyle(content, [(1.0, content)], knobs, lambda fraction, stage: None)
        gc.collect()
        assert checkpoint.kept.bytes <= 40_000


def test_wishes_are_followed_and_named() -> None:
    wishes = Wishes.of({"STYLUS_PRECISION": "fp32", "STYLUS_MEMORY_GB": "4", "STYLUS_JOIN": "latents"})
    device = choose_device("cpu", wishes)
    assert device.compute is torch.float32
    assert (device.free_bytes() or 0) <= 4 * GB
    assert "float32 as asked, at most 4 GB" in device.reason
    for name, value in (("STYLUS_PRECISION", "int8"), ("STYLUS_MEMORY_GB", "much"), ("STYLUS_JOIN", "glue")):
        with pytest.raises(RequestError, match=name):
            Wishes.of({name: value})


def test_plans_shrink_to_nothing() -> None:
    plan: Plan | None = Plan(mode=Mode.PROJECTIONS, batch=8, span=64, reason="")
    seen = []
    while plan:
        seen.append((plan.mode, plan.batch))
        plan = plan.smaller()
    assert [batch for _, batch in seen] == [8, 4, 2, 1, 1]
    assert seen[-1] == (Mode.TRAJECTORY, 1)


def _tensor_bytes() -> int:
    """Of all tensors alive."""
    gc.collect()
    return sum(one.nbytes for one in gc.get_objects() if issubclass(type(one), torch.Tensor))
