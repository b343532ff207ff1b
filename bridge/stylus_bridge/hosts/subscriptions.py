"""Who hears of which job, in an order that a host can rely on.

Everything about jobs is sent from one thread, in the order in which it happened. From the moment at which a host asks
about a job until it is answered, that job's events to it are held back: the answer is at least as new as any of them
and takes their place. What the answer already said (the same place in the queue, the end of the job) is not said a
second time as an event.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from threading import Lock

from stylus_bridge.wire.address import Address
from stylus_bridge.wire.protocol import FINAL, JobMessage, Queued


@dataclass(slots=True)
class _Listener:
    """``is_guest``: it asks, and does not stay; meanwhile it only misses what it would have heard as an owner."""

    is_guest: bool = False
    questions: int = 0
    held: list[JobMessage] = field(default_factory=list)
    last_position: int | None = None

    def wants(self, message: JobMessage) -> bool:
        return not (isinstance(message, Queued) and message.position == self.last_position)


class Subscriptions:
    """Reply addresses per job. Safe from any thread; never calls out."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._listeners: dict[str, dict[Address, _Listener]] = {}
        self._told_the_end: deque[tuple[str, Address]] = deque(maxlen=256)

    def hold(self, job: str, address: Address, *, stays: bool) -> None:
        """``address`` is about to be answered about ``job``: keep its events. ``stays``: it will listen afterwards."""
        with self._lock:
            listener = self._listeners.setdefault(job, {}).setdefault(address, _Listener(is_guest=True))
            listener.questions += 1
            listener.is_guest = listener.is_guest and not stays

    def settle(self, job: str, address: Address, answer: JobMessage) -> None:
        """``answer`` is sent now; what was held is older."""
        with self._lock:
            listener = self._listeners.setdefault(job, {}).setdefault(address, _Listener(is_guest=True, questions=1))
            listener.held.clear()
            listener.last_position = answer.position if isinstance(answer, Queued) else None
            if isinstance(answer, FINAL):
                self._end(job, address)
            else:
                self._answered(job, address, listener)

    def abandon(self, job: str, address: Address) -> list[JobMessage]:
        """The question was refused: what was held has still to be sent, in order."""
        with self._lock:
            listener = self._listeners.get(job, {}).get(address)
            if listener is None:
                return []
            due = [message for message in listener.held if listener.wants(message)]
            listener.held = []
            self._answered(job, address, listener)
            if due and isinstance(due[-1], FINAL):
                self._end(job, address)
            return due

    def end(self, job: str, address: Address) -> None:
        """``address`` is told the end of the job now, and does not hear it again as an event."""
        with self._lock:
            self._end(job, address)

    def route(self, message: JobMessage, owners: frozenset[Address]) -> list[Address]:
        """Where an event goes now: to the job's subscribers and to its ``owners``, each once."""
        with self._lock:
            listeners = self._listeners.get(message.job, {})
            due = [a for a in owners if a not in listeners and (message.job, a) not in self._told_the_end]
            for address, listener in list(listeners.items()):
                if listener.is_guest and address not in owners:
                    continue
                if listener.questions:
                    listener.held.append(message)
                elif listener.wants(message):
                    due.append(address)
                    listener.last_position = message.position if isinstance(message, Queued) else None
            if isinstance(message, FINAL):
                for address in due:
                    self._end(message.job, address)
            return due

    def _answered(self, job: str, address: Address, listener: _Listener) -> None:
        listener.questions -= 1
        if listener.is_guest and not listener.questions:
            self._forget(job, address)

    def _end(self, job: str, address: Address) -> None:
        self._told_the_end.append((job, address))
        self._forget(job, address)

    def _forget(self, job: str, address: Address) -> None:
        listeners = self._listeners.get(job, {})
        listeners.pop(address, None)
        if not listeners:
            self._listeners.pop(job, None)
