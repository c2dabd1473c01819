"""Making a store fit to be gone on with: what is damaged is set aside by name, so that it is computed again; what cannot be trusted is refused."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

from sim.scenario.errors import ScenarioError
from sim.study.durable import ASIDE, HOLDER, LOCK
from sim.study.errors import StoreDamagedError, StoreError
from sim.study.plan import Study, load_study
from sim.study.portable import portable
from sim.study.store import DESIGN, EXPERIMENT, MANIFEST, RUNS, Store
from sim.study.table import design_table

Tell = Callable[[str], object]
"""Told in one line what was set aside."""


def begin_or_mend(store: Store, study: Study, manifest: Callable[[], Mapping[str, Any]], resume: bool, tell: Tell) -> None:
    """Begin a store, or put right what one lacks that may be gone on with. The store must be held for writing.

    Args:
        store: The store.
        study: The study it is of.
        manifest: Makes a manifest, where there is none that can be read.
        resume: Whether a store that is there may be gone on with.
        tell: Told what was set aside.

    Raises:
        StoreError: If there is something else, or what is there cannot be known to be of this study.
        OSError: If it cannot be written.
    """
    lost = resume and manifest_is_lost(store)
    if lost:
        _same_study(store, study)
        # The table's seal was in the manifest; shards have theirs in their names.
        there = os.path.lexists(store.path / MANIFEST)
        aside(store, StoreDamagedError(store.path / MANIFEST, "is damaged" if there else "is missing"), tell)
        if os.path.lexists(store.path / RUNS):
            aside(store, StoreDamagedError(store.path / RUNS, "lost its seal with the manifest"), tell)
    if lost or not store.exists:
        texts = portable(study)
        if lost:
            _clear_the_way(store, [*texts, DESIGN], tell)
        store.create(manifest(), texts, design_table(study), anew=lost)
        return
    _mend_files(store, study, tell)
    if store.complete:
        try:
            store.check_table()
        except StoreDamagedError as error:
            aside(store, error, tell)
            store.write_manifest({name: value for name, value in store.manifest().items() if name != "table"})
    if not store.complete:
        _clear_the_way(store, [], tell)
        store.shards.mkdir(exist_ok=True)


def aside(store: Store, error: StoreDamagedError, tell: Tell) -> None:
    """Set aside what an error tells of, if it is there, and say so."""
    if not os.path.lexists(error.path):
        tell(f"{error.path}: {error.reason}; it is computed again")
        return
    tell(f"{error.path}: {error.reason}; set aside as {store.set_aside(error.path)}, and computed again")


def manifest_is_lost(store: Store) -> bool:
    """Return whether there is a store whose manifest is missing or damaged; what an interrupted beginning may leave is no store yet."""
    try:
        store.manifest()
    except StoreDamagedError:
        return True
    except StoreError:
        early = {LOCK, HOLDER, ASIDE, "scenarios", "points.csv", EXPERIMENT, DESIGN, "shards"}
        if os.path.lexists(store.path / MANIFEST) or not (store.path / EXPERIMENT).is_file():
            return False
        return any(p.name not in early and not p.name.endswith(".tmp") for p in store.path.iterdir())
    return False


def _same_study(store: Store, study: Study) -> None:
    """Refuse to go on with a store without a manifest, unless the experiment that it keeps is the study."""
    try:
        same = load_study(store.path / EXPERIMENT).sha256 == study.sha256
    except (ScenarioError, OSError, RecursionError):
        same = False
    if not same:
        raise StoreDamagedError(
            store.path / MANIFEST,
            f"is damaged or missing, and what {EXPERIMENT} beside it says is not this experiment",
            "bring back a whole copy of either, or sweep into another directory with --out DIR",
        )


def _mend_files(store: Store, study: Study, tell: Tell) -> None:
    """Write again what the store began with, if any of it is damaged."""
    if not store.sealed:
        return
    damaged = []
    for name in store.manifest()["files"]:
        try:
            store.check_file(name)
        except StoreDamagedError as error:
            damaged.append(error)
    if not damaged:
        return
    for found in damaged:
        aside(store, found, tell)
    texts = portable(study)
    _clear_the_way(store, [*texts, DESIGN], tell)
    kept = {name: value for name, value in store.manifest().items() if name != "files"}
    store.create(kept, texts, design_table(study), anew=True)


def _clear_the_way(store: Store, names: list[str], tell: Tell) -> None:
    """Set aside directories that stand in the place of files, and what stands in the place of directories."""
    for name in names:
        if (store.path / name).is_dir():
            aside(store, StoreDamagedError(store.path / name, "is a directory"), tell)
    for folder in {store.shards, *((store.path / name).parent for name in names)}:
        if os.path.lexists(folder) and not folder.is_dir():
            aside(store, StoreDamagedError(folder, "is no directory"), tell)
