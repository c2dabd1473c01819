"""What the studies behind the figures share: what is asked of one, runs in threads that can be interrupted, and intervals of paired differences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from sim.observe.ensemble import clustered_interval, interval, share

T = TypeVar("T")
R = TypeVar("R")
_Array = np.ndarray[Any, Any]
Watch = Callable[[int, int], None]
PROPORTIONS = ("root_survived", "survived")
"""Outcomes that are yes or no: a share with Wilson's interval and not a mean."""


@dataclass(frozen=True)
class Ask:
    """What is asked of a study.

    Attributes:
        size: Replicates, histories or pairs; each study says which.
        seed: Seed of every draw.
        threads: Threads; no result depends on it.
        watch: Told how many pieces of work of how many are done.
    """

    size: int
    seed: int = 0
    threads: int = 1
    watch: Watch | None = None


def mapped(work: Callable[[T], R], pieces: Sequence[T], ask: Ask) -> list[R]:
    """Return what work makes of each piece, in their order; what has not begun is dropped when the caller is interrupted."""
    from sim.study.work import warm

    warm()
    pool = ThreadPoolExecutor(ask.threads)
    found: list[R] = []
    try:
        for job in [pool.submit(work, piece) for piece in pieces]:
            found.append(job.result())
            if ask.watch is not None:
                ask.watch(len(found), len(pieces))
    finally:
        pool.shutdown(cancel_futures=True)
    return found


def estimated(outcome: str, values: _Array) -> dict[str, float]:
    """Return an outcome over replicates with its 95 % interval: Wilson's for a yes or no, else the bootstrap's."""
    return _row(*(share(values) if outcome in PROPORTIONS else interval(np.asarray(values, float))))


def difference(changed: _Array, base: _Array) -> dict[str, float]:
    """Return the mean paired difference of two samples that share their draws, with its 95 % bootstrap interval."""
    return _row(*interval(np.asarray(changed, float) - np.asarray(base, float)))


def clustered(values: _Array, clusters: _Array) -> dict[str, float]:
    """Return a mean with its 95 % bootstrap interval, whole clusters (a history, a setting) drawn at a time."""
    return _row(*clustered_interval(np.asarray(values, float), np.asarray(clusters)))


def _row(value: float, low: float, high: float) -> dict[str, float]:
    return {"value": value, "low": low, "high": high}
