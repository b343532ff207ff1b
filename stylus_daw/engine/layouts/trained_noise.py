"""With which noise a checkpoint was trained and what it predicts, as its maker says. Imports no torch.

All in the words of a diffusers ``scheduler_config.json``. What the engine cannot follow is refused: a model that is
read with the wrong noise renders noise.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stylus_daw.engine.inverting.noise_config import PREDICTIONS, noise_refused
from stylus_daw.engine.layouts.header import Header
from stylus_daw.errors import CheckpointError, RequestError

EDM_MARKS = ("edm_mean", "edm_std", "edm_vpred.")
SAYS_VELOCITY = re.compile(r"v[-_ ]?pred", re.IGNORECASE)


def noise_of_file(path: Path, header: Header) -> dict[str, Any]:
    """What a single file says by its marks and its metadata; empty: nothing.

    Raises:
        CheckpointError: EDM, or a prediction that the engine does not know.
    """
    edm = [name for name in header.tensors if name.startswith(EDM_MARKS)]
    if edm:
        raise noise_refused(f"{path.name} was trained with EDM noise (its mark is {edm[0]})")
    told: dict[str, Any] = {}
    prediction = header.metadata.get("modelspec.prediction_type", "").lower()
    if "v_pred" in header.tensors:
        told["prediction_type"] = "v_prediction"
    elif prediction:
        told["prediction_type"] = _prediction(path, prediction)
    if "ztsnr" in header.tensors:
        told["rescale_betas_zero_snr"] = True
    return told


def check_told(path: Path, told: Mapping[str, Any]) -> None:
    """Refuse a file whose name speaks of velocity and which says nothing itself.

    Raises:
        CheckpointError: it does; says how to register it.
    """
    if SAYS_VELOCITY.search(path.name) and "prediction_type" not in told:
        text = (
            f"{path.name} has v-prediction in its name, but neither marks nor metadata that say so. Register it with: "
            f"stylus-daw models add NAME {path} --prediction v_prediction (or epsilon)."
        )
        raise CheckpointError("checkpoint.ambiguous", text)


def check_prediction(wish: str) -> None:
    """Refuse a name that does not stand for a prediction type; an empty one leaves it to the file.

    Raises:
        RequestError: it names the types that are allowed.
    """
    if wish and wish not in PREDICTIONS:
        raise RequestError("model.prediction", f"--prediction {wish} is not known; allowed: {', '.join(PREDICTIONS)}.")


def _prediction(path: Path, said: str) -> str:
    if said in {"v", "vpred", "v-prediction", "v_prediction", "velocity"}:
        return "v_prediction"
    if said.startswith("eps"):
        return "epsilon"
    raise noise_refused(f"{path.name} has the prediction type {said} (modelspec.prediction_type)")
