"""What can go wrong between machines."""

from __future__ import annotations

from stylus_daw.errors import RequestError, StylusError
from stylus_daw.own_program import how_to_add


class FarmError(StylusError):
    """The farm cannot be reached, or has lost something; rendering here works."""


FULL = "farm.disk"
"""Code of what a worker cannot keep: the order goes to another one."""


class FarmRefusedError(RequestError):
    """The farm must not be used like this: another version, another model, no encryption."""


def without_dask(error: ImportError) -> RequestError:
    """What is said where Dask is not installed."""
    text = f"The farm needs more packages ({error}): {how_to_add('farm')}"
    return RequestError("farm.not_installed", text)
