"""Saying of every part of a store whether it is what was written."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sim.study.durable import ASIDE
from sim.study.errors import StoreDamagedError
from sim.study.store import MANIFEST, RUNS, Store


@dataclass(frozen=True)
class Part:
    """A part of a store.

    Attributes:
        name: Its path in the store.
        whole: Whether it is what was written.
        words: What there is to say of it.
    """

    name: str
    whole: bool
    words: str


def verify(path: str | os.PathLike[str]) -> list[Part]:
    """Return the parts of a store, each with whether it is what was written; all of it is read.

    Args:
        path: Directory of the store.

    Raises:
        StoreError: If there is no store, or one of a version that this program does not know.
        OSError: If something may not be read.
    """
    store = Store(path)
    try:
        manifest = store.manifest()
    except StoreDamagedError as error:
        return [Part(MANIFEST, False, f"{error.reason}; without it nothing else can be proven"), *set_aside(store.path)]
    if not store.sealed:
        return [Part(MANIFEST, False, "was written before stores were sealed; nothing can be proven. To be sure, sweep it again")]
    parts = [Part(MANIFEST, True, "whole")]
    for name in manifest["files"]:
        parts.append(checked(store.path, store.path / name, lambda name=name: store.check_file(name)))  # type: ignore[misc]
    if store.complete:
        parts.append(checked(store.path, store.path / RUNS, store.check_table, f"whole: {manifest['table']['rows']:,} runs, complete"))
    else:
        found = [checked(store.path, file, lambda file=file: store.shard_bytes(file)) for file in store.found_shards()]  # type: ignore[misc]
        whole = sum(part.whole for part in found)
        parts.append(Part("shards", True, f"{whole:,} of {manifest['shards']:,} whole; the sweep is not complete"))
        parts += [part for part in found if not part.whole]
    return [*parts, *set_aside(store.path)]


def checked(folder: Path, path: Path, check: Callable[[], object], words: str = "whole") -> Part:
    """Return a part of a store after checking it."""
    try:
        check()
    except StoreDamagedError as error:
        return Part(str(error.path.relative_to(folder)), False, error.reason)
    return Part(str(path.relative_to(folder)), True, words)


def set_aside(folder: Path) -> list[Part]:
    """Return what was set aside before: it is not read any more, and takes nothing from the store."""
    try:
        count = len(list((folder / ASIDE).iterdir()))
    except OSError:
        return []
    return [Part(ASIDE, True, f"{count:,} set aside earlier, and not read")] if count else []
