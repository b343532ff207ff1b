"""With which noise a model was trained: honoured, or refused where it is added."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch
from diffusers.schedulers.scheduling_ddim import DDIMScheduler
from safetensors.torch import save_file

from stylus_daw.engine.inverting.schedule import NoiseSchedule
from stylus_daw.engine.inverting.steppers import stepper
from stylus_daw.engine.layouts.identify import identify
from stylus_daw.engine.request import Sampler
from stylus_daw.engine.shelf.library import RegisteredModel
from stylus_daw.errors import CheckpointError, RequestError
from tests.support.engine.tiny_stable_diffusion import SCHEDULER, make

FIRST = ("first_stage_model.conv.weight", "cond_stage_model.transformer.x")
XL = ("first_stage_model.conv.weight", "conditioner.embedders.1.model.x")


def file(path: Path, *names: str, metadata: dict[str, str] | None = None) -> Path:
    """A file that has only names."""
    tensors = {name: torch.zeros(1) for name in names}
    tensors["model.diffusion_model.input_blocks.0.0.weight"] = torch.zeros(1, 4, 1, 1)
    save_file(tensors, path, metadata)
    return path


def schedule_of(path: Path) -> NoiseSchedule:
    return NoiseSchedule.from_config(identify(path).scheduler)


@pytest.mark.parametrize("parts", [FIRST, XL])
def test_the_marks_of_a_single_file_decide_what_it_predicts(parts: tuple[str, ...], tmp_path: Path) -> None:
    plain = schedule_of(file(tmp_path / "plain.safetensors", *parts))
    marked = schedule_of(file(tmp_path / "marked.safetensors", *parts, "v_pred", "ztsnr"))
    said = schedule_of(file(tmp_path / "said.safetensors", *parts, metadata={"modelspec.prediction_type": "v"}))
    assert (plain.prediction, marked.prediction, said.prediction) == ("epsilon", "v_prediction", "v_prediction")
    assert float(plain.alphas[-1]) > 0.004
    assert float(marked.alphas[-1]) == 0.0
    assert plain.fingerprint != marked.fingerprint != said.fingerprint


@pytest.mark.parametrize("mark", ["edm_mean", "edm_vpred.sigma_max"])
def test_edm_is_refused_by_its_marks(mark: str, tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=f"EDM noise.*{mark}") as caught:
        identify(file(tmp_path / "edm.safetensors", *XL, mark))
    assert caught.value.code == "checkpoint.schedule"


def test_a_name_that_speaks_of_velocity_is_not_taken_for_a_proof(tmp_path: Path) -> None:
    path = file(tmp_path / "mix-vpred.safetensors", *XL)
    with pytest.raises(CheckpointError, match="--prediction v_prediction") as caught:
        identify(path)
    assert caught.value.code == "checkpoint.ambiguous"
    model = RegisteredModel(name="mix", path=str(path), prediction="v_prediction")
    assert NoiseSchedule.from_config(model.layout().scheduler).prediction == "v_prediction"
    with pytest.raises(RequestError, match="epsilon, v_prediction"):
        RegisteredModel(name="mix", path=str(path), prediction="velocity")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("noise") / "tiny")


def with_scheduler(folder: Path, to: Path, **said: object) -> Path:
    copy = shutil.copytree(folder, to / "model")
    (copy / "scheduler" / "scheduler_config.json").write_text(json.dumps({**SCHEDULER, **said}))
    return copy


@pytest.mark.parametrize(
    "said",
    [
        {"_class_name": "EDMEulerScheduler", "sigma_data": 0.5},
        {"_class_name": "EulerDiscreteScheduler", "timestep_type": "continuous", "prediction_type": "v_prediction"},
        {"_class_name": "FlowMatchEulerDiscreteScheduler"},
        {"prediction_type": "sample"},
        {"beta_schedule": "squaredcos_cap_v2"},
        {"trained_betas": ["0.1", 0.2]},
    ],
)
def test_a_folder_with_a_noise_that_the_engine_cannot_follow_is_refused(
    said: dict[str, object], folder: Path, tmp_path: Path
) -> None:
    with pytest.raises(CheckpointError, match="Choose another model") as caught:
        identify(with_scheduler(folder, tmp_path, **said))
    assert caught.value.code == "checkpoint.schedule"


@pytest.mark.parametrize(
    "said", [{"rescale_betas_zero_snr": True}, {"trained_betas": [0.001 * (i + 1) for i in range(500)]}]
)
def test_a_folder_s_noise_is_the_one_of_diffusers(said: dict, folder: Path, tmp_path: Path) -> None:
    ours = schedule_of(with_scheduler(folder, tmp_path, **said))
    theirs = DDIMScheduler(**{key: value for key, value in {**SCHEDULER, **said}.items() if key != "_class_name"})
    torch.testing.assert_close(ours.alphas.float(), theirs.alphas_cumprod, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("kind", [Sampler.DDIM, Sampler.DPMPP, Sampler.UNIPC])
def test_zero_terminal_snr_is_sampled_from_its_very_end(kind: Sampler) -> None:
    """The network knows the truth, so every sampler must come to it, from the most noise that there is."""
    schedule = NoiseSchedule.from_config({"rescale_betas_zero_snr": True, "prediction_type": "v_prediction"})
    clean, noise = torch.full((1, 4, 2, 2), 0.7), torch.randn(1, 4, 2, 2, generator=torch.Generator().manual_seed(1))
    timesteps = schedule.timesteps(1.0, 12, by_noise=0.7)
    assert timesteps[-1] == 998
    signal, spread = schedule.levels(timesteps[-1])
    latent, run = signal * clean + spread * noise, stepper(kind, schedule, timesteps)
    for index in range(len(timesteps) - 1, 0, -1):
        signal, spread = schedule.levels(timesteps[index])
        latent = run.step(latent, signal * noise - spread * clean, index)
    signal, spread = schedule.levels(0)
    torch.testing.assert_close(latent, signal * clean + spread * noise, rtol=1e-3, atol=1e-3)
