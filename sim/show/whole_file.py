"""Writing a page: whole or not at all, and never through anything that stands in the way."""

from __future__ import annotations

import secrets
from pathlib import Path


def write_whole(path: Path, text: str) -> None:
    """Write a text under another name beside its own, and give it its name.

    The other name is nobody's to guess, and what stands there already, a link above all, is neither followed nor written over: folders may be shared.

    Raises:
        OSError: If it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}.tmp")
    with temporary.open("x", encoding="utf-8") as file:
        written = False
        try:
            written = file.write(text) == len(text)
        finally:
            if not written:
                temporary.unlink(missing_ok=True)
    temporary.replace(path)
