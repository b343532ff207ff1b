"""Whether a scheduler answers at all: Dask's own clients and workers wait for ever for a server of another kind."""

from __future__ import annotations

import asyncio

from stylus_daw.farm.errors import without_dask

try:
    from distributed import Security
    from distributed.comm.core import connect
except ImportError as missing:
    raise without_dask(missing) from missing

CONNECT_S = 3.0  # s in which a scheduler must answer


async def reach(url: str, secure: Security, role: str) -> None:
    """Shake hands, and hang up.

    Args:
        url: of the scheduler.
        secure: certificates, or none.
        role: ``"client"`` or ``"worker"``.

    Raises:
        OSError, TimeoutError: nobody answers, or not as a scheduler does.
    """
    reached = connect(url, timeout=CONNECT_S, **secure.get_connection_args(role))
    try:
        comm = await asyncio.wait_for(reached, 2 * CONNECT_S)
    except ValueError as error:  # Dask's, where a server hangs up before it has greeted
        raise OSError("the server there hangs up") from error
    comm.abort()
