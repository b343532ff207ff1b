"""Job events as bridge messages: the only adapter between the two vocabularies."""

from __future__ import annotations

from functools import singledispatch

from stylus_bridge.wire.protocol import Cancelled, Done, Failed, JobMessage, Progressed, Queued
from stylus_daw.jobs.job import JobDone, JobEvent, JobFailed, JobProgressed, JobQueued, JobWasCancelled


@singledispatch
def to_message(event: JobEvent) -> JobMessage:
    """The message that tells a host of ``event``.

    >>> to_message(JobQueued(job="a", position=0))
    Queued(job='a', position=0)
    """
    raise TypeError(f"{type(event).__name__} is not a job event")


@to_message.register
def _(event: JobQueued) -> Queued:
    return Queued(job=event.job, position=event.position)


@to_message.register
def _(event: JobProgressed) -> Progressed:
    return Progressed(job=event.job, fraction=event.fraction, stage=event.stage)


@to_message.register
def _(event: JobDone) -> Done:
    stem = event.stem
    return Done(
        job=event.job,
        stem_path=str(stem.path),
        start_sample=stem.start,
        length_samples=stem.length,
        rate=stem.rate,
        channels=stem.channels,
    )


@to_message.register
def _(event: JobWasCancelled) -> Cancelled:
    return Cancelled(job=event.job)


@to_message.register
def _(event: JobFailed) -> Failed:
    return Failed(job=event.job, code=event.code, message=event.message)


def is_final(event: JobEvent) -> bool:
    """The event ends its job."""
    return isinstance(event, JobDone | JobFailed | JobWasCancelled)
