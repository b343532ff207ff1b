"""What is known of the place where a checkpoint runs."""

from __future__ import annotations

from typing import Protocol


class Place(Protocol):
    """A :class:`~stylus_daw.engine.machine.runtime.Runtime`, or a device of torch's."""

    @property
    def kind(self) -> str:
        """``cpu``, ``cuda``, ``directml`` or ``mps``."""
        ...

    @property
    def reason(self) -> str:
        """One sentence for people."""
        ...

    @property
    def circumstances(self) -> dict[str, str]:
        """What decides the last digits of a result, for provenance."""
        ...

    @property
    def number_bytes(self) -> int:
        """Bytes of a number of the weights."""
        ...

    def free_bytes(self) -> int | None:
        """Memory that is available there; None if the system does not say."""
        ...

    def empty_cache(self) -> None:
        """Give memory that is kept back to the system."""
        ...
