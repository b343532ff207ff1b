"""What users may ask of a device, said once for torch and for what runs without it."""

from __future__ import annotations

from collections.abc import Mapping

from stylus_daw.errors import RequestError

KINDS = ("auto", "cpu", "cuda", "mps")
PRECISIONS = ("bf16", "fp16", "fp32")


def kind_and_index(wish: str) -> tuple[str, int]:
    """A device as it is written, taken apart.

    >>> kind_and_index("cuda:1"), kind_and_index("auto")
    (('cuda', 1), ('auto', 0))

    Raises:
        RequestError: ``device.unknown``.
    """
    kind, _, number = wish.partition(":")
    if kind not in KINDS or (number and not number.isdecimal()):
        raise RequestError("device.unknown", f"Device {wish!r} is not known; allowed: {', '.join(KINDS)}.")
    return kind, int(number or 0)


def asked_precision(environment: Mapping[str, str]) -> str:
    """``STYLUS_PRECISION``; empty: the device decides.

    Raises:
        RequestError: ``device.precision``.
    """
    asked = environment.get("STYLUS_PRECISION", "")
    if asked and asked not in PRECISIONS:
        text = f"STYLUS_PRECISION is {asked!r}; allowed: {', '.join(PRECISIONS)}."
        raise RequestError("device.precision", text)
    return asked
