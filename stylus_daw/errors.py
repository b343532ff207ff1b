"""Every error of stylus-daw, in one tree.

::

    StylusError(code, message)
    ├── RequestError        the caller can fix it: a value, a file, a name      (exit code 2)
    │   ├── AudioFileError  a file that cannot be read or written as asked
    │   └── PresetError     a preset that is unknown or does not fit the schema
    ├── EngineError         the model failed on a request that was well formed
    │   └── CheckpointError a checkpoint is incomplete or refused
    │       └── NoCheckpointError   no checkpoint has that name; a RequestError, too
    ├── ChainError          an effect failed
    ├── JobError            a job's state does not allow what was asked
    │   └── JobCancelled    the user asked for it: not a failure
    └── BridgeError         the DAW and the app did not understand each other

``code`` is a stable dotted string (``"audio.missing"``) for scripts and logs; ``message`` is a
sentence for a producer: what, which value, what is allowed, what to do next. Anything that is not
a StylusError is a bug: its traceback is logged and it is reported with the code ``"bug"``.
"""

from __future__ import annotations

import errno

from stylus_daw.plain_text import number

DISK_FULL = (errno.ENOSPC, errno.EDQUOT)
"""What the system says where nothing more fits."""
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)


class StylusError(Exception):
    """Base of all errors that stylus-daw raises on purpose."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return self.message


class RequestError(StylusError):
    """The caller can fix it."""


class AudioFileError(RequestError):
    """A file cannot be read or written as asked."""


class PresetError(RequestError):
    """A preset is unknown or does not fit the schema."""


class EngineError(StylusError):
    """The model failed on a request that was well formed."""


class CheckpointError(EngineError):
    """A checkpoint is incomplete or refused."""


class NoCheckpointError(CheckpointError, RequestError):
    """No checkpoint has the name that was asked for."""


class ChainError(StylusError):
    """An effect failed."""


class JobError(StylusError):
    """A job's state does not allow what was asked."""


class JobCancelled(JobError):
    """The job was cancelled by its owner."""

    def __init__(self, message: str = "The job was cancelled.") -> None:
        super().__init__("job.cancelled", message)

    def __reduce__(self) -> tuple[type[JobCancelled], tuple[str]]:
        return type(self), (self.message,)


class BridgeError(StylusError):
    """The DAW and the app did not understand each other."""


def quoted(what: object) -> str:
    """A path or a name as a message shows it: backslashes as they are, control characters and line ends escaped.

    >>> print(quoted(r"C:\\Sounds\\a.wav"), quoted("two\\nlines"))
    'C:\\Sounds\\a.wav' 'two\\nlines'
    """
    shown = "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in str(what))
    return f"'{shown}'"


def unwritable(error: OSError) -> str:
    """Why something could not be written, as the end of a message: the system's reason, then what to do.

    >>> unwritable(OSError(errno.ENOSPC, "No space left on device"))
    'No space left on device. Free some space on its disk, then try again.'
    """
    if error.errno in DISK_FULL:
        step = "Free some space on its disk, then try again."
    elif error.errno in _FORBIDDEN:
        step = "Allow writing there, then try again."
    else:
        step = "Check its folder and disk, then try again."
    return f"{error.strerror or error}. {step}"


def check_range(name: str, value: float, low: float, high: float, *, code: str = "request.range") -> None:
    """Refuse a number outside ``low..high`` (NaN included) with an error that names all three.

    >>> check_range("strength", 0.5, 0, 2)
    >>> check_range("strength", 3, 0, 2)
    Traceback (most recent call last):
    stylus_daw.errors.RequestError: strength is 3; allowed: 0 to 2.
    """
    if not low <= value <= high:
        raise RequestError(code, f"{name} is {value:.15g}; allowed: {number(low)} to {number(high)}.")
