"""Tensors that the engine would leave aside: refused, for a model without them is another model. Imports no torch."""

from __future__ import annotations

import re
from pathlib import Path

from stylus_daw.engine.layouts.header import Header
from stylus_daw.errors import CheckpointError

USED = re.compile(r"\.(weight|bias)$")
TRAINING_ONLY = re.compile(r"(^|\.)(loss|model_ema)\.")
"""Left in some files by the training of the VAE; a render never needed them."""

SCALES = re.compile(r"(^|[._])(scaled_fp8|scale_weight|scale_input|weight_scale(_2)?|input_scale|comfy_quant|absmax)$")
"""With which scaled 8-bit and 4-bit weights are to be multiplied, as several programs call them."""


def check_used(path: Path, header: Header, *, is_plain: bool, prefix: str = "") -> None:
    """Refuse a part with a tensor that nothing would use.

    Args:
        path: for the message.
        header: of the file.
        is_plain: every tensor must be a weight or a bias, as in UNet and VAE; else only scales are refused.
        prefix: of the part in a single file.

    Raises:
        CheckpointError: with the name of one.
    """
    names = [name for name in header.tensors if name.startswith(prefix) and not is_training_only(name)]
    odd = [name for name in names if SCALES.search(name) or (is_plain and not USED.search(name))]
    if odd:
        why = "its weights are scaled" if any(SCALES.search(name) for name in odd) else "they belong to another model"
        text = (
            f"{path} has {len(odd)} tensors that stylus-daw cannot use, {odd[0]} for one ({why}). "
            "Get the model in plain fp16 or fp32."
        )
        raise CheckpointError("checkpoint.unused", text)


def is_training_only(name: str) -> bool:
    """Whether a tensor served only while the model was trained.

    >>> is_training_only("first_stage_model.loss.logvar"), is_training_only("first_stage_model.encoder.conv_in.bias")
    (True, False)
    """
    return bool(TRAINING_ONLY.search(name))
