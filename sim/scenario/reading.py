"""Reading a file that somebody named: whole, or refused; never without end, and never waiting for ever."""

from __future__ import annotations

import os
import select
import stat
import time
from pathlib import Path

from sim.scenario.errors import Place, Problem, ScenarioError

PATIENCE = 1.5
"""Seconds for which a pipe or a device may have nothing to say before it is given up."""
_PIECE = 1 << 16


def read_limited(path: Path, shown: str, what: str, most: int) -> bytes:
    """Return the bytes of a file.

    Args:
        path: The file; a pipe will do.
        shown: How messages call it.
        what: What it is to be, for messages: ``a scenario``.
        most: Bytes it has at most.

    Raises:
        ScenarioError: If it cannot be read, is longer, or is a pipe that does not end.
    """

    def fail(message: str) -> ScenarioError:
        return ScenarioError([Problem(Place(shown), "", message)])

    try:
        # Opening a pipe that nobody writes to would wait for a writer.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOCTTY", 0))
        try:
            status = os.fstat(descriptor)
            if stat.S_ISDIR(status.st_mode):
                raise fail(f"is a directory; {what} is a file")
            if status.st_size > most:
                raise fail(f"is {status.st_size:,} bytes long; {what} has at most {most:,}")
            data = _all(descriptor, most, waits=not stat.S_ISREG(status.st_mode) and os.name == "posix")
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        raise fail("there is no such file; it is a link to nothing" if path.is_symlink() else "there is no such file") from None
    except TimeoutError:
        raise fail(f"had nothing more to say for {PATIENCE:g} seconds, and no end; write it to a file first") from None
    except ScenarioError:
        raise
    except ValueError:
        raise fail(f"{str(path)!r} cannot be the name of a file") from None
    except OSError as error:
        raise fail(f"cannot be read: {error.strerror or error}") from None
    if len(data) > most:
        raise fail(f"does not end within {most:,} bytes, the most that {what} has")
    return data


def _all(descriptor: int, most: int, waits: bool) -> bytes:
    """Return what a descriptor holds, one byte more than the most at most."""
    data = bytearray()
    until = time.monotonic() + PATIENCE
    while len(data) <= most:
        if waits and not select.select([descriptor], [], [], max(0.0, until - time.monotonic()))[0]:
            raise TimeoutError
        try:
            piece = os.read(descriptor, min(_PIECE, most + 1 - len(data)))
        except BlockingIOError:
            continue
        if not piece:
            break
        data += piece
    return bytes(data)
