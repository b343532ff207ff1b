"""A hub on this machine: the few addresses that a download asks for, over real HTTP, with its faults to order."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class LittleHub(ThreadingHTTPServer):
    """Serves folders as models.

    Attributes:
        models: hub id to folder.
        asked: every address, in order, with the range that was asked for.
        breaks: how many times the line goes dead in the middle of a file of weights.
        damages: whether the weights arrive with a wrong byte.
    """

    def __init__(self, models: dict[str, Path]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.models = models
        self.asked: list[tuple[str, str]] = []
        self.breaks = 0
        self.damages = False

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def asked_for(self, name: str) -> list[str]:
        """The ranges in which a file was asked for."""
        return [span for address, span in self.asked if address.endswith(name)]


@contextmanager
def serving(models: dict[str, Path]) -> Iterator[LittleHub]:
    hub = LittleHub(models)
    thread = threading.Thread(target=hub.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield hub
    finally:
        hub.shutdown()
        thread.join()
        hub.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: LittleHub

    def do_GET(self) -> None:
        address = self.path.partition("?")[0]
        self.server.asked.append((address, self.headers.get("Range", "")))
        model = re.match(r"/api/models/([^/]+/[^/]+)(/tree/.*)?$", address)
        file = re.match(rf"/([^/]+/[^/]+)/resolve/{COMMIT}/(.+)$", address)
        if model and model[1] in self.server.models:
            folder = self.server.models[model[1]]
            self._json(_tree(folder) if model[2] else _about(model[1]))
        elif file and file[1] in self.server.models:
            self._file(self.server.models[file[1]] / file[2])
        else:
            self.send_response(404)
            self.send_header("X-Error-Code", "RepoNotFound")
            self.send_header("Content-Length", "0")
            self.end_headers()

    def _json(self, content: object) -> None:
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _file(self, path: Path) -> None:
        body = path.read_bytes()
        if self.server.damages and path.suffix == ".safetensors":
            body = body[:-1] + bytes([body[-1] ^ 1])
        span = re.match(r"bytes=(\d+)-", self.headers.get("Range", ""))
        first = int(span[1]) if span else 0
        self.send_response(206 if span else 200)
        if span:
            self.send_header("Content-Range", f"bytes {first}-{len(body) - 1}/{len(body)}")
        self.send_header("Content-Length", str(len(body) - first))
        self.end_headers()
        end = len(body)
        if self.server.breaks and path.suffix == ".safetensors":
            self.server.breaks -= 1
            end = (first + end) // 2
        self.wfile.write(body[first:end])
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


def _about(model: str) -> dict[str, object]:
    return {"id": model, "sha": COMMIT, "siblings": [], "tags": ["diffusers", "license:creativeml-openrail-m"]}


def _tree(folder: Path) -> list[dict[str, object]]:
    entries: list[dict[str, object]] = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        body = path.read_bytes()
        blob = hashlib.sha1(f"blob {len(body)}\0".encode() + body, usedforsecurity=False).hexdigest()
        entry: dict[str, object] = {
            "type": "file",
            "path": path.relative_to(folder).as_posix(),
            "size": len(body),
            "oid": blob,
        }
        if path.suffix in {".safetensors", ".bin"}:
            sha256 = hashlib.sha256(body).hexdigest()
            entry["lfs"] = {"oid": sha256, "size": len(body), "pointerSize": 134}
        entries.append(entry)
    return entries
