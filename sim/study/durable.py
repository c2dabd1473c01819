"""Writing so that a power cut, a kill or a second writer leaves nothing half written; and setting aside what is damaged."""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sim.study.errors import StoreBusyError

ASIDE = "damaged"
"""Directory, in a store, of what was found damaged."""
LOCK, HOLDER = ".lock", ".writer.json"


def put(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file under another name, make it durable, and give it its name.

    Args:
        path: The file.
        write: Writes it, given the other name.

    Raises:
        OSError: If the disk is full or the directory cannot be written; nothing is left half written.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        write(temporary)
        _sync(temporary)
        os.replace(temporary, path)
    except BaseException as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename in (None, str(temporary)):
            # Arrow's errors name no file, and the other name tells nobody anything; ours do.
            raise type(error)(error.errno, error.strerror or str(error), str(path)) from None
        raise
    if os.name == "posix":
        # Elsewhere a rename cannot be made durable.
        _sync(path.parent)


def put_bytes(path: Path, data: bytes | memoryview) -> None:
    """Write bytes as :func:`put` writes a file."""
    put(path, lambda temporary: temporary.write_bytes(data))


def set_aside(folder: Path, path: Path) -> Path:
    """Give what is damaged another name, so that it is in nobody's way and nothing is lost.

    Args:
        folder: The store.
        path: What is damaged, somewhere in it.

    Returns:
        Its new name, in the store's directory ``damaged``.

    Raises:
        OSError: If it cannot be renamed.
    """
    (folder / ASIDE).mkdir(exist_ok=True)
    new, count = folder / ASIDE / path.name, 1
    while os.path.lexists(new):
        count += 1
        new = folder / ASIDE / f"{path.name}.{count}"
    os.rename(path, new)
    return new


@contextmanager
def alone(folder: Path, what: str) -> Iterator[None]:
    """Be the only one who writes a directory, for a while. Whoever is killed holds it no longer.

    Args:
        folder: The directory; it is made if it is not there.
        what: Whoever writes such a directory, for the message: "sweep".

    Raises:
        StoreBusyError: If another process is writing it.
        OSError: If the directory cannot be made or written.
    """
    from filelock import FileLock, Timeout

    folder.mkdir(parents=True, exist_ok=True)
    lock, holder = FileLock(folder / LOCK, timeout=0), folder / HOLDER
    try:
        lock.acquire()
    except Timeout:
        who = ""
        with suppress(OSError, ValueError, KeyError, TypeError):
            told = json.loads(holder.read_text(encoding="utf-8"))
            who = f" (process {told['process']} on {told['host']}, since {told['since']})"
        raise StoreBusyError(f"{folder}: another {what} is writing this store{who}; wait for it, or choose another directory with --out") from None
    try:
        told = {"process": os.getpid(), "host": socket.gethostname(), "since": time.strftime("%Y-%m-%d %H:%M:%S")}
        with suppress(OSError):
            # It only tells others who is here.
            holder.write_text(json.dumps(told) + "\n", encoding="utf-8")
        yield
    finally:
        with suppress(OSError):
            holder.unlink(missing_ok=True)
        lock.release()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
