"""A calibration on disk: its generations, each written whole and sealed, so that none is ever read that is not what was written.

A generation carries its digest in its name, bound to what the calibration was made from and to its own number, as shards of a sweep do; the
manifest is sealed (:mod:`sim.study.seal`).
"""

from __future__ import annotations

import io
import itertools
import json
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from sim.evidence.abc import Generation
from sim.study import seal
from sim.study.durable import ASIDE, HOLDER, LOCK, put_bytes, set_aside
from sim.study.errors import StoreDamagedError, StoreError
from sim.study.verify import Part, checked
from sim.study.verify import set_aside as counted

MANIFEST = "manifest.json"
_NAME = re.compile(rf"generation-(\d{{2,}})-([0-9a-f]{{{seal.LENGTH}}})\.npz")


def begin(folder: Path, manifest: Mapping[str, Any], resume: bool, tell: Callable[[str], object]) -> None:
    """Begin a calibration in a directory, or see that what is there may be gone on with. The directory must be held for writing.

    Args:
        folder: The directory.
        manifest: What tells of the calibration; its ``identity`` is all that the results depend on.
        resume: Whether to go on with what is there.
        tell: Told what was set aside because it was damaged.

    Raises:
        StoreError: If there is a calibration already and nobody said to go on with it, or it is another one.
        OSError: If it cannot be written.
    """
    file = folder / MANIFEST
    if not os.path.lexists(file):
        strangers = {p.name for p in folder.iterdir()} - {LOCK, HOLDER, ASIDE}
        if strangers and not (resume and _files(folder)):
            raise StoreError(f"{folder}: is not empty, and holds no calibration; choose another directory with --out")
    else:
        try:
            old, identity = read_manifest(folder)["identity"], manifest["identity"]
        except StoreDamagedError as error:
            if not resume:
                raise
            tell(f"{file}: {error.reason}; set aside as {set_aside(folder, file)}, and written again")
        else:
            if old != identity:
                differ = ", ".join(k for k in identity if old.get(k) != identity[k])
                raise StoreError(f"{folder}: was made from something else ({differ} differs); begin another with --out DIR")
            if not resume:
                raise StoreError(f"{folder}: this calibration was begun; go on with it with --resume, or begin another with --out DIR")
            return
    put_bytes(file, seal.sealed(manifest))


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a calibration.

    Raises:
        StoreDamagedError: If it is not what was written.
        StoreError: If it was written before calibrations were sealed.
    """
    file = folder / MANIFEST
    remedy = "nothing of it was read; go on with --resume, which sets it aside, or begin another with --out DIR"
    try:
        text = seal.contents(file)
        found = json.loads(text.decode("utf-8"))
    except StoreDamagedError as error:
        raise StoreDamagedError(file, error.reason, remedy) from None
    except (ValueError, RecursionError) as error:
        raise StoreDamagedError(file, f"is damaged: {' '.join(str(error).split())[:200]}", remedy) from None
    if seal.holds(text):
        return dict(found)
    if isinstance(found, dict) and {"identity", "name"} <= set(found) and "seal" not in found:
        raise StoreError(f"{folder}: was written before calibrations were sealed, so nothing of it can be proven; begin another with --out DIR")
    raise StoreDamagedError(file, seal.OTHER, remedy)


def generations(folder: Path, tell: Callable[[StoreDamagedError], object]) -> list[Generation]:
    """Return the generations that are there and whole, as far as none is missing.

    Args:
        folder: The directory, with a manifest.
        tell: Told of each that is not what was written.
    """
    key, found = seal.key(read_manifest(folder)["identity"]), {}
    for file in _files(folder):
        try:
            number, data = _proven(file, key)
            if number in found:
                raise StoreDamagedError(file, "is a second of its number")
            found[number] = _generation(data)
        except StoreDamagedError as error:
            tell(error)
    return [found[number] for number in itertools.takewhile(found.__contains__, itertools.count())]


def keep(folder: Path, generation: Generation) -> None:
    """Write a generation: under another name, synced, renamed.

    Raises:
        OSError: If it cannot be written; nothing is left half written.
    """
    sink = io.BytesIO()
    arrays: dict[str, Any] = {k: np.asarray(v) for k, v in vars(generation).items()}
    np.savez(sink, **arrays)
    key = seal.key(read_manifest(folder)["identity"])
    found = seal.digest(key, seal.place("generation", generation.number), sink.getbuffer())
    put_bytes(folder / f"generation-{generation.number:02d}-{found}.npz", sink.getvalue())


def is_calibration(folder: Path) -> bool:
    """Return whether a directory is a calibration's, as far as names tell: of its files, or of what its manifest tells of."""
    try:
        return bool(_files(folder)) or b'"calibration":' in seal.contents(folder / MANIFEST)
    except (OSError, StoreDamagedError):
        return False


def verify(folder: Path) -> list[Part]:
    """Return the parts of a calibration, each with whether it is what was written; see :func:`sim.study.verify.verify`."""
    try:
        key = seal.key(read_manifest(folder)["identity"])
    except StoreDamagedError as error:
        return [Part(MANIFEST, False, f"{error.reason}; without it nothing else can be proven")]
    except StoreError:
        return [Part(MANIFEST, False, "was written before calibrations were sealed; nothing can be proven")]
    parts = [checked(folder, file, lambda file=file: _proven(file, key)) for file in _files(folder)]  # type: ignore[misc]
    return [Part(MANIFEST, True, "whole"), *parts, *counted(folder)]


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("generation-*"))


def _proven(file: Path, key: bytes) -> tuple[int, bytes]:
    """Return the number of a generation and what is in its file, if that is what was written."""
    name = _NAME.fullmatch(file.name)
    if name is None:
        raise StoreDamagedError(file, "is no generation of this calibration")
    return int(name[1]), seal.proven(file, name[2], key, seal.place("generation", int(name[1])))


def _generation(data: bytes) -> Generation:
    with np.load(io.BytesIO(data)) as kept:
        return Generation(
            int(kept["number"]), float(kept["epsilon"]), kept["units"], kept["weights"], kept["distances"], kept["replicates"], int(kept["proposals"])
        )
