"""Places to write in: tried before the work, so that nobody waits for what cannot be kept."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from sim.verbs.asking import BadInput


def can_hold(folder: Path) -> None:
    """See that a directory is there or can be made, and that files can be written in it; what is made to see that is taken away again.

    Raises:
        BadInput: If not.
    """
    made: list[Path] = []
    try:
        for part in (*reversed(folder.parents), folder):
            if os.path.lexists(part):
                if not part.is_dir():
                    below = "" if part == folder else f", so {folder} cannot be made"
                    what = "is a file" if part.exists() else "is a link that leads nowhere"
                    raise BadInput(f"{part} {what}{below}; what is wanted is a directory to write into")
                continue
            # Asking for permission would not do: to a superuser all is allowed, and in /proc nothing can be made.
            part.mkdir()
            made.append(part)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        if not made and not folder.is_dir():
            nearest = next(part for part in folder.parents if part.is_dir())
            raise BadInput(f"{folder} cannot be made: {nearest} takes no new directory{_why(error)}; name another place") from None
        raise BadInput(f"{folder} cannot be written into{_why(error)}; name another place") from None
    finally:
        for part in reversed(made):
            # Another command may be using it by now.
            try:
                part.rmdir()
            except OSError:
                break


def _why(error: OSError) -> str:
    """Return the system's reason in brackets; that there is no such file says nothing of one that was to be made."""
    return "" if isinstance(error, FileNotFoundError) else f" ({error.strerror})"


def can_hold_file(path: Path) -> None:
    """See that a file can be written at a path, over another one if need be.

    Raises:
        BadInput: If not.
    """
    if path.is_dir():
        raise BadInput(f"{path} is a directory; what is wanted is the name of a file to write")
    can_hold(path.parent)
