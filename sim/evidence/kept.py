"""What a calibration, or leaving one out, leaves beside its stores: files written whole, and sealed with the stores they were read from.

``calibration.json`` holds the seals: of every such file, and of what each store was made from. A file whose seal will change loses it before it is
written, so that a calibration which stops between says that the file is not sealed, and never that it is damaged.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from sim.study import seal
from sim.study.durable import put_bytes, set_aside
from sim.study.errors import StoreDamagedError, StoreError
from sim.study.store import MANIFEST, Store
from sim.study.verify import Part, checked
from sim.study.verify import set_aside as counted
from sim.study.verify import verify as verified

SEALS, DRAWS, TABLE = "calibration.json", "draws.csv", "table"
READ = (DRAWS, "posterior.csv", "statistics.csv", "importances.csv", "ranks.csv", "rulebooks.csv", "report.txt")
"""Files that are read from the stores; figures are drawn of the same, and nothing reads them."""
STORES = (TABLE, "without-", "predicted-")
"""How names of stores begin."""
REMEDY = "have it set aside and written again: the same command with --resume"


def begin(folder: Path, stores: Iterable[str], tell: Callable[[str], object]) -> None:
    """Set aside what is damaged, and what stands in the place of a file or of a store. The directory must be held for writing.

    Args:
        folder: The directory.
        stores: Names of the stores that will be in it.
        tell: Told of each.

    Raises:
        OSError: If it cannot be renamed.
    """
    damaged = [StoreDamagedError(folder / name, "is a directory") for name in READ if (folder / name).is_dir()]
    damaged += [StoreDamagedError(folder / name, "is no directory") for name in stores if _is_no_directory(folder / name)]
    for name, expected in _sealed_files(folder, damaged.append).items():
        try:
            if not (folder / name).is_dir():
                seal.proven(folder / name, expected)
        except StoreDamagedError as error:
            damaged.append(error)
    for bad in damaged:
        there = os.path.lexists(bad.path)
        tell(f"{bad.path}: {bad.reason}; " + (f"set aside as {set_aside(folder, bad.path)}, and" if there else "it is") + " written again")


def keep(folder: Path, files: Mapping[str, bytes], stores: Iterable[str] = ()) -> list[Path]:
    """Write files and seal them.

    Args:
        folder: The directory.
        files: What is in each, by name.
        stores: Names of the stores that all was read from, if that is known by now.

    Returns:
        The files.

    Raises:
        OSError: If one cannot be written; it is then as it was.
    """
    known = _read(folder) if os.path.lexists(folder / SEALS) else {"stores": {}, "files": {}}
    found = {name: seal.digest(data) for name, data in files.items()}
    left = {name: old for name, old in known["files"].items() if found.get(name, old) == old}
    if left != known["files"] or not os.path.lexists(folder / SEALS):
        _write(folder, known["stores"], left)
    for name, data in files.items():
        put_bytes(folder / name, data)
    _write(folder, _origins(folder, stores) or known["stores"], {**left, **found})
    return [folder / name for name in files]


def is_calibration(folder: Path) -> bool:
    """Return whether a directory is a calibration's, as far as names tell."""
    here = os.listdir(folder) if folder.is_dir() else []
    return MANIFEST not in here and any(name in (SEALS, DRAWS) or name.startswith(TABLE) for name in here)


def verify(folder: Path) -> list[Part]:
    """Return the parts of a calibration, those of its stores included, each with whether it is what was written; all of it is read.

    Raises:
        OSError: If something may not be read.
    """
    parts = [Part(SEALS, True, "whole")]
    known: dict[str, Any] = {"stores": {}, "files": {}}
    try:
        known = _read(folder)
    except StoreDamagedError as error:
        begun = os.path.lexists(folder / SEALS) or any(os.path.lexists(folder / name) for name in READ)
        words = f"{error.reason}; what was read from the stores cannot be proven" if begun else "not written yet: nothing was read from the stores"
        parts = [Part(SEALS, not begun, words)]
    there = {path.name for path in folder.iterdir() if path.is_dir() and path.name.startswith(STORES)}
    for name in sorted(there | set(known["stores"])):
        parts += _store(folder, name, known["stores"].get(name))
    for name, expected in known["files"].items():
        parts.append(checked(folder, folder / name, lambda name=name, expected=expected: seal.proven(folder / name, expected)))  # type: ignore[misc]
    if parts[0].whole:
        unsealed = [name for name in READ if name not in known["files"] and os.path.lexists(folder / name)]
        parts += [Part(name, True, "not sealed: it was to be written again when the calibration stopped") for name in unsealed]
    return [*parts, *counted(folder)]


def _store(folder: Path, name: str, origin: str | None) -> list[Part]:
    """Return the parts of a store of a calibration."""
    try:
        parts = verified(folder / name)
        if all(part.whole for part in parts) and origin not in (None, _origins(folder, [name])[name]):
            return [Part(name, False, "is of another calibration")]
    except StoreError as error:
        return [Part(name, False, "is missing" if not (folder / name).is_dir() else str(error))]
    return [Part(f"{name}/{part.name}", part.whole, part.words) for part in parts]


def _origins(folder: Path, stores: Iterable[str]) -> dict[str, str]:
    """Return the digest of what each store was made from."""
    return {name: seal.key(Store(folder / name).manifest()["identity"]).decode("ascii") for name in stores}


def _write(folder: Path, stores: Mapping[str, str], files: Mapping[str, str]) -> None:
    put_bytes(folder / SEALS, seal.sealed({"stores": dict(stores), "files": dict(files)}))


def _read(folder: Path) -> dict[str, Any]:
    """Return the seals.

    Raises:
        StoreDamagedError: If they are not what was written.
    """
    file = folder / SEALS
    try:
        text = seal.contents(file)
    except StoreDamagedError as error:
        raise StoreDamagedError(file, error.reason, REMEDY) from None
    if not seal.holds(text):
        raise StoreDamagedError(file, seal.OTHER, REMEDY)
    return dict(json.loads(text))


def _sealed_files(folder: Path, tell: Callable[[StoreDamagedError], object]) -> dict[str, str]:
    """Return the seals of files as far as there are any, and tell if they are damaged."""
    if not os.path.lexists(folder / SEALS):
        return {}
    try:
        return dict(_read(folder)["files"])
    except StoreDamagedError as error:
        tell(error)
        return {}


def _is_no_directory(path: Path) -> bool:
    return os.path.lexists(path) and not path.is_dir()
