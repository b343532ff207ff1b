"""Where a farm is: an address as Dask writes it, and whether it may be used without encryption."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

from stylus_daw.errors import quoted
from stylus_daw.farm.errors import FarmRefusedError

DEFAULT_PORT = 8786
"""Dask's."""

_HOST = r"\[[0-9a-fA-F:.]+\]|[\w\-]{1,63}(?:\.[\w\-]{1,63})*\.?"
_ADDRESS = re.compile(rf"(?:(tcp|tls)://)?({_HOST})(?::(\d{{1,5}}))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class FarmAddress:
    """Host and port of a scheduler."""

    host: str
    port: int = DEFAULT_PORT
    is_encrypted: bool

    @property
    def url(self) -> str:
        return f"{'tls' if self.is_encrypted else 'tcp'}://{self.host}:{self.port}"


def read_address(written: str, *, has_certificates: bool) -> FarmAddress:
    """The address, encrypted where there are certificates. IPv6 may stand in brackets or alone.

    >>> read_address("studio:9000", has_certificates=True).url, read_address("localhost", has_certificates=False).url
    ('tls://studio:9000', 'tcp://localhost:8786')

    Raises:
        FarmRefusedError: it is not an address, or another machine's without certificates.
    """
    found = _ADDRESS.fullmatch(_bracketed(written.strip()))
    port = int(found[3] or DEFAULT_PORT) if found else 0
    if not found or not 0 < port <= 65_535:
        text = f"{quoted(written)} is not a scheduler's address; write HOST, HOST:PORT or [IPv6]:PORT."
        raise FarmRefusedError("farm.address", text)
    protocol = found[1] or ("tls" if has_certificates else "tcp")
    if protocol == "tls" and not has_certificates:
        text = f"{quoted(written)} is encrypted, which needs certificates. Name their folder with --certificates."
        raise FarmRefusedError("farm.certificates", text)
    if found[1] == "tcp" and has_certificates:
        text = f"{quoted(written)} is not encrypted, but certificates were named. Write tls:// or leave them out."
        raise FarmRefusedError("farm.address", text)
    if protocol == "tcp":
        refuse_plain(found[2])
    return FarmAddress(host=found[2], port=port, is_encrypted=protocol == "tls")


def read_host(written: str) -> str:
    """A host to listen on, IPv6 in brackets, as Dask wants it.

    >>> read_host("::1"), read_host("0.0.0.0")
    ('[::1]', '0.0.0.0')

    Raises:
        FarmRefusedError: it is not a host.
    """
    host = _bracketed(written.strip())
    if not re.fullmatch(_HOST, host):
        text = f"{quoted(written)} is not a host; write a name or an address of this machine, without a port."
        raise FarmRefusedError("farm.address", text)
    return host


def _bracketed(host: str) -> str:
    try:
        return f"[{host}]" if ipaddress.ip_address(host).version == 6 else host
    except ValueError:
        return host


def refuse_plain(host: str) -> None:
    """Without encryption, only this machine.

    Raises:
        FarmRefusedError: another host.
    """
    if not is_loopback(host):
        text = (
            f"{quoted(host)} is not this machine, and without encryption anybody on the network could run programs on "
            "the farm. Make certificates with: stylus-daw farm certificates DIR, copy them to every machine, and add "
            "--certificates DIR."
        )
        raise FarmRefusedError("farm.plain", text)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the host.

    >>> is_loopback("127.0.0.1"), is_loopback("[::1]"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, True, False)
    """
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"
