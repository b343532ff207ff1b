"""A farm of up to a hundred workers, simulated from measured times: what each job needs, and what is there once."""

from __future__ import annotations

import heapq
from dataclasses import dataclass

JOBS_EACH = 40  # per worker: long enough that start and end do not count


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """Of one job, in seconds.

    Attributes:
        render_s: on its worker.
        wire_s: its file and its stem on the client's network, one job after the other.
        client_s: of the client's process, which works on one core: messages, hashes, files.
        scheduler_s: of the scheduler's process.
        latency_s: waiting for messages; nobody is busy.
    """

    render_s: float
    wire_s: float
    client_s: float
    scheduler_s: float
    latency_s: float


def speedup(workers: int, costs: Costs, lanes_each: int) -> float:
    """Throughput over that of one worker without any cost besides rendering.

    Each lane of the client sends a job, and the next one when it has the stem. Who comes first is served first.

    >>> ideal = Costs(render_s=1.0, wire_s=0.0, client_s=0.0, scheduler_s=0.0, latency_s=0.0)
    >>> round(speedup(10, ideal, 2))
    10
    >>> narrow = Costs(render_s=1.0, wire_s=0.25, client_s=0.0, scheduler_s=0.0, latency_s=0.0)
    >>> round(speedup(10, narrow, 2))
    4
    """
    client, wire, scheduler, free = [0.0], [0.0], [0.0], [0.0] * workers
    way = (
        (client, costs.client_s / 2, 0.0),
        (scheduler, costs.scheduler_s, 0.0),
        (wire, costs.wire_s / 2, costs.latency_s / 2),
        (free, costs.render_s, costs.latency_s / 2),
        (wire, costs.wire_s / 2, 0.0),
        (client, costs.client_s / 2, 0.0),
    )
    jobs = workers * JOBS_EACH
    events = [(0.0, lane, 0) for lane in range(min(jobs, workers * lanes_each))]
    begun, ended_at = len(events), 0.0
    while events:
        now, lane, stage = heapq.heappop(events)
        if stage < len(way):
            servers, busy_s, after_s = way[stage]
            done = max(now, heapq.heappop(servers)) + busy_s
            heapq.heappush(servers, done)
            heapq.heappush(events, (done + after_s, lane, stage + 1))
            continue
        ended_at = now
        if begun < jobs:
            begun += 1
            heapq.heappush(events, (now, lane, 0))
    return jobs * costs.render_s / ended_at


def bend(costs: Costs) -> tuple[float, str]:
    """The number of workers beyond which one client feeds no more of them, and what is full then."""
    limits = {
        "its network is full": costs.wire_s,
        "its process is busy": costs.client_s,
        "the scheduler is busy": costs.scheduler_s,
    }
    name = max(limits, key=lambda one: limits[one])
    return costs.render_s / limits[name], name
