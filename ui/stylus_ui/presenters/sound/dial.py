"""Dial: a number that is turned: its range, its steps, how it is written and read. No Qt.

A dial has whole positions from ``first`` to ``last``, so that a slider of the system can tell them to screen readers.
Linear dials count steps from zero (strength 1.0 in steps of 0.01 is position 100); logarithmic ones divide their
range into equal ratios.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from stylus_ui.state.text import MINUS, Text, later

LOG_STEPS = 400
OFF = later("off")
WRITTEN = re.compile(r"\s*([+-]?\d[\d.,\u202f ]*|[+-]?[.,]\d+)\s*(k?)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dial:
    """What can be turned.

    Attributes:
        low, high: range of the value.
        default: value of a double click; None: off, where there is an off.
        step: of a linear dial.
        unit: shown behind the number.
        decimals: shown.
        factor: of the shown number (100 for per cent).
        is_logarithmic: turns in equal ratios.
        has_off: below the lowest value stands None.

    >>> strength = Dial(low=0, high=2, default=1, step=0.01, unit="%", factor=100)
    >>> strength.position(0.5), strength.value(120), strength.written(1.2, Text())
    (50, 1.2, '120 %')
    """

    low: float
    high: float
    default: float | None
    step: float = 0.01
    unit: str = ""
    decimals: int = 0
    factor: float = 1.0
    is_logarithmic: bool = False
    has_off: bool = False

    @property
    def first(self) -> int:
        """The lowest position; it is off where there is an off."""
        least = 0 if self.is_logarithmic else round(self.low / self.step)
        return least - 1 if self.has_off else least

    @property
    def last(self) -> int:
        """The highest position."""
        return LOG_STEPS if self.is_logarithmic else round(self.high / self.step)

    def position(self, value: float | None) -> int:
        """Where a value stands; what is out of range is at its end."""
        if value is None:
            return self.first
        if not self.is_logarithmic:
            return min(max(round(value / self.step), round(self.low / self.step)), self.last)
        share = math.log(max(value, self.low) / self.low) / math.log(self.high / self.low)
        return min(round(share * LOG_STEPS), LOG_STEPS)

    def value(self, position: int) -> float | None:
        """The value of a position; None if it is off."""
        if self.has_off and position <= self.first:
            return None
        if self.is_logarithmic:
            exact = self.low * (self.high / self.low) ** (position / LOG_STEPS)
            return self._within(_rounded(exact))
        return self._within(round(position * self.step, 6))

    def share(self, value: float | None) -> float:
        """How far a value is turned, 0..1."""
        return (self.position(value) - self.first) / (self.last - self.first)

    @property
    def origin(self) -> int:
        """The position that a slider fills from: zero where the range has two sides, else the lowest."""
        return 0 if self.low < 0 < self.high and not self.is_logarithmic else self.first

    @property
    def counts_as_written(self) -> bool:
        """A position is the number that people read."""
        return not self.is_logarithmic and round(self.step * self.factor, 9) == 1

    def written(self, value: float | None, text: Text) -> str:
        """The value with its unit, as people read it."""
        if value is None:
            return text(OFF)
        shown, unit, decimals = value * self.factor, self.unit, self.decimals
        if unit == "Hz" and shown >= 1000:
            shown, unit, decimals = shown / 1000, "kHz", 2
        number = text.number(shown, decimals)
        if number.strip(f"{MINUS}0.,") == "":
            number = number.lstrip(MINUS)
        return f"{number}{unit}" if unit.startswith(":") else f"{number} {unit}".rstrip()

    def read(self, said: str, text: Text) -> float | None:
        """The value that somebody typed, with or without its unit, brought into the range.

        >>> Dial(low=20, high=2000, default=None, unit="Hz", has_off=True).read("1,2 kHz", Text("de"))
        1200.0

        Raises:
            ValueError: it is not a number.
        """
        if self.has_off and said.strip().casefold() in {"", "0", OFF, text(OFF).casefold()}:
            return None
        found = WRITTEN.match(said.replace(MINUS, "-"))
        if found is None:
            raise ValueError(said)
        number = _number(found[1], text) * (1000 if found[2] else 1)
        return self._within(number / self.factor)

    def _within(self, value: float) -> float:
        return min(max(value, self.low), self.high)


def _number(written: str, text: Text) -> float:
    """A number in the language's own writing, or in the other: a sign before one or two digits is a decimal sign."""
    digits = re.sub(r"[\s\u202f]", "", written)
    decimal, thousands = (",", ".") if text.language == "de" else (".", ",")
    if decimal not in digits and not re.search(rf"\{thousands}\d{{3}}$", digits):
        decimal, thousands = thousands, decimal
    return float(digits.replace(thousands, "").replace(decimal, "."))


def _rounded(value: float) -> float:
    """To three figures: nobody hears more."""
    return float(f"{value:.3g}")
