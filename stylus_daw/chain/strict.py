"""StrictModel: pydantic models for JSON written by people, with errors in their words."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ModelWrapValidatorHandler, ValidationError, model_validator

from stylus_daw.errors import PresetError


class StrictModel(BaseModel):
    """Frozen, no unknown keys, no silent conversions; every mistake is a PresetError."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    @model_validator(mode="wrap")
    @classmethod
    def _speak_plainly(cls, written: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        if isinstance(written, Mapping):
            written = cls._complete(dict(written))
            refuse_unknown(written, cls.model_fields, code="preset.key", what=f"key in {cls._noun()}")
        try:
            return handler(written)
        except ValidationError as error:
            raise PresetError("preset.value", _sentence(error, cls._noun())) from error

    @classmethod
    def _noun(cls) -> str:
        """What a reader calls this object."""
        return cls.__name__

    @classmethod
    def _complete(cls, written: dict[str, Any]) -> dict[str, Any]:
        """What was written, in today's form and with what is implied filled in."""
        return written


def nearest(name: object, known: Iterable[str]) -> str | None:
    """The known name most like this one, or None; of two that differ only in case, the first.

    >>> nearest("Reverbb", ["delay", "reverb"])
    'reverb'
    """
    by_fold: dict[str, str] = {}
    for one in known:
        by_fold.setdefault(one.casefold(), one)
    found = difflib.get_close_matches(str(name).casefold(), by_fold, n=1, cutoff=0.5)
    return by_fold[found[0]] if found else None


def refuse_unknown(written: Iterable[object], known: Iterable[str], *, code: str, what: str) -> None:
    """Refuse the first name that is not known, with the nearest that is.

    >>> refuse_unknown(["mixx"], ["mix", "kind"], code="preset.key", what="key in an effect")
    Traceback (most recent call last):
    stylus_daw.errors.PresetError: Unknown key in an effect: "mixx". Did you mean "mix"? Known: mix, kind.
    """
    names = tuple(known)
    for name in written:
        if name not in names:
            guess = nearest(name, names)
            hint = f' Did you mean "{guess}"?' if guess else ""
            raise PresetError(code, f'Unknown {what}: "{name}".{hint} Known: {", ".join(names) or "none"}.')


def _sentence(error: ValidationError, noun: str) -> str:
    """The first mistake, with its place and its value."""
    first = error.errors(include_url=False)[0]
    place = ".".join(str(part) for part in first["loc"]) or noun
    given = "" if first["type"] == "missing" else f" It is {first['input']!r:.80}."
    return f"{place} in {noun}: {first['msg']}.{given}"
