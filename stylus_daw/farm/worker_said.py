"""WorkerSaid: a worker of a farm about itself. Without Dask, so that a window can show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSaid:
    """A worker about itself.

    Attributes:
        address: where it is reached.
        name: of its machine.
        device: on which it renders.
        complaint: why it must not render for this machine; empty where it may.
        silent: why it does not answer this machine; empty where it does.
        full: why its disk took nothing lately; empty where it does.
        sees_shared: it sees this machine's shared folder.
        now: fraction, stage and start of what it renders; empty while it waits.
    """

    address: str
    name: str
    device: str = ""
    complaint: str = ""
    silent: str = ""
    full: str = ""
    sees_shared: bool = False
    now: Mapping[str, Any] = field(default_factory=dict)

    @property
    def obstacle(self) -> str:
        """Why it gets no job now; empty where it may."""
        return self.complaint or self.silent or self.full
