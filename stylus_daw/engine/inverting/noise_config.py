"""Which noise the engine can follow, in the words of a diffusers ``scheduler_config.json``. Imports no torch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stylus_daw.errors import CheckpointError

PREDICTIONS = ("epsilon", "v_prediction")
BETA_SCHEDULES = ("scaled_linear", "linear")
OTHER_NOISE = ("EDM", "FlowMatch", "Cosine", "ScoreSde", "CMStochastic", "SCM")
"""Parts of the names of diffusers' schedulers whose noise levels do not come from a schedule of betas."""


def check_noise(config: Mapping[str, Any], where: str) -> None:
    """Refuse a scheduler's configuration that the engine cannot follow.

    Raises:
        CheckpointError: with the value that is not possible.
    """
    kind = str(config.get("_class_name", ""))
    if any(other in kind for other in OTHER_NOISE) or config.get("sigma_data") is not None:
        raise noise_refused(f"{where} was trained with the noise of {kind or 'EDM'}")
    if config.get("timestep_type") == "continuous":
        raise noise_refused(f"{where} was trained with EDM noise (timestep_type continuous)")
    prediction, betas = config.get("prediction_type", "epsilon"), config.get("beta_schedule", "scaled_linear")
    if prediction not in PREDICTIONS:
        raise noise_refused(f"{where} has the prediction type {prediction}")
    trained = config.get("trained_betas")
    if trained is None and betas not in BETA_SCHEDULES:
        raise noise_refused(f"{where} has the beta schedule {betas}")
    if trained is not None and not _are_betas(trained):
        raise noise_refused(f"{where} has trained_betas that are not a list of numbers from 0 to 1")


def noise_refused(what: str) -> CheckpointError:
    """The error for a noise that the engine cannot follow."""
    text = (
        f"{what}; stylus-daw can use models that predict {' or '.join(PREDICTIONS)} with a schedule of betas "
        f"({', '.join(BETA_SCHEDULES)} or trained_betas). Choose another model."
    )
    return CheckpointError("checkpoint.schedule", text)


def _are_betas(trained: Any) -> bool:
    is_list = isinstance(trained, list) and len(trained) > 1
    return is_list and all(isinstance(beta, int | float) and 0 <= beta <= 1 for beta in trained)
