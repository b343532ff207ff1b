"""One window for each state folder: a second start hands its files to the first and ends."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QLockFile, QObject
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtNetwork import QLocalServer, QLocalSocket

PATIENCE_MS = 2_000
LOCK = "window.lock"


def hand_over(home: Path, paths: Sequence[Path]) -> bool:
    """Ask the first instance to come to the front with these files; False: there is none."""
    socket = QLocalSocket()
    socket.connectToServer(_name(home))
    if not socket.waitForConnected(PATIENCE_MS):
        return False
    socket.write(json.dumps([str(path.absolute()) for path in paths]).encode() + b"\n")
    return socket.waitForBytesWritten(PATIENCE_MS) and socket.waitForReadyRead(PATIENCE_MS)


class FirstInstance(QObject):
    """Holds the lock of a state folder and hears what later starts bring.

    Args:
        home: state folder.
        on_files: gets the files of a later start, none for a bare one.
    """

    def __init__(self, home: Path, on_files: Callable[[list[Path]], object]) -> None:
        super().__init__()
        self._on_files = on_files
        self._lock = QLockFile(str(home / LOCK))
        self._lock.setStaleLockTime(0)
        self.is_first = self._lock.tryLock(PATIENCE_MS)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._greet)
        if self.is_first:
            QLocalServer.removeServer(_name(home))
            self._server.listen(_name(home))

    def close(self) -> None:
        """Let go of the lock: another start may be the first from now on."""
        self._server.close()
        if self.is_first:
            self._lock.unlock()

    def _greet(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(lambda socket=socket: self._read(socket))
            socket.disconnected.connect(socket.deleteLater)
            if socket.canReadLine():
                self._read(socket)

    def _read(self, socket: QLocalSocket) -> None:
        if not socket.canReadLine():
            return
        paths = _paths(bytes(socket.readLine().data()))
        socket.write(b"ok\n")
        socket.flush()
        self._on_files(paths)


class OpenedByMac(QObject):
    """macOS starts no second program: it tells the one that runs which file was opened, also at its start.

    Args:
        application: hears of it. Its every event comes by here, so other systems are spared this.
        on_files: gets each file.
    """

    def __init__(self, application: QCoreApplication, on_files: Callable[[list[Path]], object]) -> None:
        super().__init__(application)
        self._on_files = on_files
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QFileOpenEvent) or not event.file():
            return False
        self._on_files([Path(event.file())])
        return True


def _paths(line: bytes) -> list[Path]:
    """The paths that were passed on; empty if the message is not one of ours."""
    try:
        named = json.loads(line)
    except ValueError:
        return []
    return [Path(name) for name in named if isinstance(name, str)] if isinstance(named, list) else []


def _name(home: Path) -> str:
    return f"stylus-daw-{hashlib.sha256(str(home).encode()).hexdigest()[:16]}"
