"""Files between this machine and a worker, in chunks, straight from one to the other."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from distributed import Client
from distributed.protocol.serialize import to_serialize

from stylus_daw.farm.errors import FarmError
from stylus_daw.farm.files.store import CHUNK_BYTES

logger = logging.getLogger(__name__)


async def upload(client: Client, worker: str, sha256: str, path: Path) -> None:
    """Send a file to a worker.

    Raises:
        FarmError: the worker refuses it.
        OSError: the file cannot be read, or the worker has gone.
    """
    peer, name, size = client.rpc(worker), secrets.token_hex(8), path.stat().st_size
    for offset in range(0, max(1, size), CHUNK_BYTES):
        content = await asyncio.to_thread(_chunk, path, offset)
        complaint = await peer.stylus_put(
            upload=name,
            sha256=sha256,
            offset=offset,
            content=to_serialize(content),
            is_last=offset + CHUNK_BYTES >= size,
        )
        if complaint:
            raise FarmError("farm.transfer", complaint)


def download(client: Client, worker: str, sha256: str, size: int) -> Iterator[bytes]:
    """The chunks of a file of a worker.

    Raises:
        FarmError: the worker has gone, or has lost it.
    """
    for offset in range(0, size, CHUNK_BYTES):
        chunk = _asked(
            client, lambda peer, at=offset: peer.stylus_get(sha256=sha256, offset=at, count=CHUNK_BYTES), worker
        )
        if not chunk:
            raise FarmError("farm.transfer", f"The worker {worker} has lost the stem {sha256[:12]}.")
        yield chunk


def _asked(client: Client, ask: Callable[[Any], Any], worker: str) -> Any:
    async def asked() -> Any:
        return await ask(client.rpc(worker))

    try:
        return client.sync(asked)
    except (OSError, TimeoutError) as error:
        raise FarmError("farm.away", f"The worker {worker} cannot be reached: {error}.") from error


def _chunk(path: Path, offset: int) -> bytes:
    with path.open("rb") as stream:
        stream.seek(offset)
        return stream.read(CHUNK_BYTES)
