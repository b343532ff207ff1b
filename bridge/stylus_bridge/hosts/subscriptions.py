"""Who hears of which job, in an order that a host can rely on.

While a request about a job is being answered, that job's events to the asker are held back: the
answer always comes first. What the answer already said (the same place in the queue, the end of the
job) is not said a second time as an event.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from threading import Lock

from stylus_bridge.wire.address import Address
from stylus_bridge.wire.protocol import FINAL, JobMessage, Queued


@dataclass(slots=True)
class _Listener:
    held: list[JobMessage] | None = field(default_factory=list)
    last_position: int | None = None

    def wants(self, message: JobMessage) -> bool:
        return not (isinstance(message, Queued) and message.position == self.last_position)


class Subscriptions:
    """Reply addresses per job. Safe from any thread; never calls out."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._listeners: dict[str, dict[Address, _Listener]] = {}
        self._told_the_end: deque[tuple[str, Address]] = deque(maxlen=256)

    def hold(self, job: str, address: Address) -> bool:
        """``address`` is about to be answered about ``job``: keep its events. True: it is a new listener."""
        with self._lock:
            listeners = self._listeners.setdefault(job, {})
            is_new = address not in listeners
            listener = listeners.setdefault(address, _Listener())
            listener.held = listener.held or []
            return is_new

    def settle(self, job: str, address: Address, answer: JobMessage) -> list[JobMessage]:
        """After ``answer`` was sent: the held events that still have to be sent, in order."""
        with self._lock:
            if isinstance(answer, FINAL):
                self._end(job, address)
                return []
            position = answer.position if isinstance(answer, Queued) else None
            return self._release(job, address, position)

    def end(self, job: str, address: Address) -> None:
        """``address`` is told the end of the job now, and does not hear it again as an event."""
        with self._lock:
            self._end(job, address)

    def abandon(self, job: str, address: Address, *, was_new: bool) -> list[JobMessage]:
        """The request was refused: a new listener is forgotten, a former one gets what was held."""
        with self._lock:
            if not was_new:
                return self._release(job, address, None)
            self._forget(job, address)
            return []

    def route(self, message: JobMessage, owners: frozenset[Address]) -> list[Address]:
        """Where an event goes now: to the job's subscribers and to its ``owners``, each once."""
        with self._lock:
            listeners = self._listeners.get(message.job, {})
            due = [a for a in owners if a not in listeners and (message.job, a) not in self._told_the_end]
            for address, listener in list(listeners.items()):
                if listener.held is not None:
                    listener.held.append(message)
                elif listener.wants(message):
                    due.append(address)
                    listener.last_position = message.position if isinstance(message, Queued) else None
                    if isinstance(message, FINAL):
                        self._forget(message.job, address)
            return due

    def _release(self, job: str, address: Address, position: int | None) -> list[JobMessage]:
        listener = self._listeners.get(job, {}).get(address, _Listener())
        listener.last_position = position
        due = [message for message in listener.held or [] if listener.wants(message)]
        listener.held = None
        if due and isinstance(due[-1], FINAL):
            self._forget(job, address)
        return due

    def _end(self, job: str, address: Address) -> None:
        self._told_the_end.append((job, address))
        self._forget(job, address)

    def _forget(self, job: str, address: Address) -> None:
        listeners = self._listeners.get(job, {})
        listeners.pop(address, None)
        if not listeners:
            self._listeners.pop(job, None)
