"""Whether a scheduler answers at all, and where it listens.

Dask's own clients and workers wait for ever for a server of another kind.
"""

from __future__ import annotations

import asyncio
from typing import Any

from stylus_daw.farm.errors import without_dask

try:
    from distributed import Security
    from distributed.comm.addressing import get_address_host
    from distributed.comm.core import Comm, connect
    from distributed.core import send_recv
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
    (await _connected(url, secure, role)).abort()


async def listens_at(url: str, secure: Security) -> str:
    """The host that a scheduler says it has: its machine's own, where it listens on all of them.

    Raises:
        OSError, TimeoutError: nobody answers, or not as a scheduler does.
    """
    comm = await _connected(url, secure, "worker")
    try:
        said: Any = await asyncio.wait_for(send_recv(comm, op="identity", n_workers=0), CONNECT_S)
        return get_address_host(said["address"])
    except (TypeError, KeyError, ValueError) as error:
        raise OSError("the server there is not a scheduler") from error
    finally:
        comm.abort()


async def _connected(url: str, secure: Security, role: str) -> Comm:
    reached = connect(url, timeout=CONNECT_S, **secure.get_connection_args(role))
    try:
        return await asyncio.wait_for(reached, 2 * CONNECT_S)
    except ValueError as error:  # Dask's, where a server hangs up before it has greeted
        raise OSError("the server there hangs up") from error
