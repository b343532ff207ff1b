"""A failed validation of ``job.json`` as one sentence that names the key, the value and what is allowed."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from stylus_daw.errors import BridgeError


def first_complaint(error: ValidationError, model: type[BaseModel]) -> BridgeError:
    """The first thing that is wrong, as ``job_file.unknown_key``, ``job_file.missing_key`` or ``job_file.value``."""
    detail = error.errors(include_url=False)[0]
    key = ".".join(str(part) for part in detail["loc"]) or "job.json"
    if detail["type"] == "extra_forbidden":
        return BridgeError("job_file.unknown_key", f"job.json: {key!r} is not a key. {_hint(detail, model)}")
    if detail["type"] == "missing":
        return BridgeError("job_file.missing_key", f"job.json: {key!r} is missing. docs/osc.md lists the keys.")
    value = str(detail["input"])[:80]
    return BridgeError("job_file.value", f"job.json: {key!r} is {value!r}. {detail['msg']}.")


def _hint(detail: ErrorDetails, model: type[BaseModel]) -> str:
    known = _keys_at(detail["loc"][:-1], model)
    nearest = get_close_matches(str(detail["loc"][-1]), known, n=1, cutoff=0.5)
    if nearest:
        return f"Did you mean {nearest[0]!r}?"
    return f"Allowed: {', '.join(known)}."


def _keys_at(location: tuple[Any, ...], model: type[BaseModel]) -> list[str]:
    for part in location:
        inner = model.model_fields[str(part)].annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            model = inner
    return list(model.model_fields)
