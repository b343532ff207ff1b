"""Whether a scheduler answers at all, where it listens, and what is said when nobody answers.

Dask's own clients and workers wait for ever for a server of another kind.
"""

from __future__ import annotations

import asyncio
import re
import socket
from typing import Any

from stylus_daw.farm.errors import FarmError, without_dask
from stylus_daw.farm.farm_settings import FarmSettings

try:
    from distributed import Security
    from distributed.comm.addressing import get_address_host
    from distributed.comm.core import Comm, connect
    from distributed.core import send_recv
except ImportError as missing:
    raise without_dask(missing) from missing

CONNECT_S = 3.0  # s in which a scheduler must answer
MOST_CAUSES = 10  # of an error that are looked at
_ADDRESSES = re.compile(r"tls://\S*|<[^>]*>")


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


def away(settings: FarmSettings, error: Exception) -> FarmError:
    """What is said when nobody answers."""
    url, causes = settings.address.url, _causes(error)
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        why = "no machine of that name is known here. Check the address"
    elif any(word in _without_addresses(cause) for cause in causes for word in ("ssl", "certificate", "tls")):
        why = "it does not accept this machine's certificate. Copy the farm's three files again"
    else:
        why = f"{str(error).splitlines()[0][:200] if str(error) else 'no answer'}. {_to_look_at(settings)}"
    return FarmError("farm.away", f"The farm at {url} cannot be reached: {why}.".replace("?.", "?"))


def _without_addresses(error: BaseException) -> str:
    """``tls`` in an address, or in the name of a connection, says nothing of what is wrong."""
    return _ADDRESSES.sub("", str(error).lower())


def _to_look_at(settings: FarmSettings) -> str:
    asked = "Is `stylus-daw farm scheduler` running, and is its port open?"
    return asked if settings.certificates else f"{asked} If it has certificates, add --certificates DIR"


def _causes(error: BaseException | None) -> list[BaseException]:
    """The error, and what it came from."""
    causes: list[BaseException] = []
    while error is not None and len(causes) < MOST_CAUSES:
        causes.append(error)
        error = error.__cause__ or error.__context__
    return causes
