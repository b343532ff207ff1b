"""Traffic: the last OSC messages in both directions, for anyone who wants to look."""

from __future__ import annotations

import itertools
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from stylus_bridge.wire.address import Address

KEPT, MOST_LETTERS = 500, 400


class Direction(StrEnum):
    """Seen from the app."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """One message that went by.

    Attributes:
        number: counts all messages of the run.
        at: seconds since 1970.
        direction: from a host, or to one.
        peer: IP address and port of the host.
        address: of OSC.
        arguments: without the token.
    """

    number: int
    at: float
    direction: Direction
    peer: Address
    address: str
    arguments: tuple[object, ...]

    def __str__(self) -> str:
        """One line.

        >>> str(Passed(number=1, at=0, direction=Direction.IN, peer=("::1", 9), address="/a", arguments=(1, "b")))
        "<- ::1:9 /a 1 'b'"
        """
        arrow = "<-" if self.direction is Direction.IN else "->"
        said = " ".join([f"{self.peer[0]}:{self.peer[1]}", self.address, *map(repr, self.arguments)])
        return f"{arrow} {said if len(said) <= MOST_LETTERS else said[:MOST_LETTERS] + '…'}"


class Traffic:
    """Keeps the newest. Noting takes a microsecond and never waits, so that any thread may do it.

    >>> traffic = Traffic(kept=2)
    >>> for number in range(3):
    ...     traffic.note(Direction.OUT, ("::1", 9), "/stylus/ready", [number])
    >>> [passed.arguments for passed in traffic.after(1)]
    [(1,), (2,)]
    """

    def __init__(self, *, kept: int = KEPT, now: Callable[[], float] = time.time) -> None:
        self._passed: deque[Passed] = deque(maxlen=kept)
        self._numbers = itertools.count(1)
        self._now = now

    def note(self, direction: Direction, peer: Address, address: str, arguments: Sequence[object]) -> None:
        """A message goes by."""
        number, at = next(self._numbers), self._now()
        passed = Passed(
            number=number, at=at, direction=direction, peer=peer, address=address, arguments=tuple(arguments)
        )
        self._passed.append(passed)

    @property
    def last(self) -> int:
        """Number of the newest message; 0 before the first."""
        try:
            return self._passed[-1].number
        except IndexError:
            return 0

    def after(self, number: int) -> list[Passed]:
        """What is kept of the messages after that one, oldest first."""
        return [passed for passed in self._passed.copy() if passed.number > number]
