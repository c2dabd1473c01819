"""G8: embedding against fragmentation at equal size, and survival split into the channels through which ties work. Reported only."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.evidence.contrasts import World
from sim.evidence.gates.gate import Gate, Number, mean, share
from sim.evidence.gates.runs import Runs
from sim.evidence.patterns import adjusted
from sim.scenario.numbers import estimate

EFFORTS = (0.1, 0.225, 0.35, 0.475, 0.6)
CHANNELS = {"ties_recruit": "recruits", "ties_silence": "silence", "ties_money": "money"}
"""Parameters that hold one channel of ties at that of no ties (0), and what flows through it."""
SPLIT_IN = ("aqim", "dilemma-101")
CALIPER = 0.2
"""Widest gap in size between matched histories, in standard deviations of its logarithm."""
RESAMPLES = 2000


def within(y: np.ndarray[Any, Any], x: np.ndarray[Any, Any], z: np.ndarray[Any, Any], seed: int = 0) -> tuple[float, float, float]:
    """Return the slope of y on x at equal z within replicates, with its 95 % bootstrap interval over replicates.

    Args:
        y: What is explained, shape (worlds, replicates).
        x: What differs between worlds, shape (worlds,).
        z: What is held equal, shape (worlds, replicates).
        seed: Seed of the resampling.
    """
    yc, zc = y - y.mean(axis=0), z - z.mean(axis=0)
    xc = np.broadcast_to((x - x.mean())[:, None], y.shape)
    # Sums of squares and products by replicate; a resample adds those of the replicates it draws.
    parts = np.stack([(a * b).sum(axis=0) for a, b in ((xc, xc), (xc, zc), (zc, zc), (xc, yc), (zc, yc))], axis=1)
    n = len(parts)
    weights = np.random.default_rng(seed).multinomial(n, np.full(n, 1.0 / n), RESAMPLES)
    sums = np.concatenate([parts.sum(axis=0)[None], weights @ parts])
    xx, xz, zz, xy, zy = sums.T
    with np.errstate(divide="ignore", invalid="ignore"):
        slopes = np.where(zz > 0.0, (xy * zz - zy * xz) / (xx * zz - xz * xz), xy / xx)
    low, high = np.percentile(slopes[1:], [2.5, 97.5])
    return float(slopes[0]), float(low), float(high)


def matched(y: np.ndarray[Any, Any], other: np.ndarray[Any, Any], z: np.ndarray[Any, Any], z_other: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return the differences of y between histories of one world and those of the other that are nearest in size, within the caliper.

    Args:
        y: Outcome in one world, shape (n,).
        other: Outcome in the other, shape (m,).
        z: Size in the one.
        z_other: Size in the other.

    Returns:
        A difference for each history of the first that has a match; each of the other may be used more than once.
    """
    spread = float(np.std(np.concatenate([z, z_other])))
    gaps = np.abs(z[:, None] - z_other[None, :])
    nearest = gaps.argmin(axis=1)
    near = gaps[np.arange(len(z)), nearest] <= CALIPER * spread
    found: np.ndarray[Any, Any] = y[near] - other[nearest[near]]
    return found


def embedding(runs: Runs) -> Gate:
    """Embed at five efforts and compare at equal size; shut the channels of ties one by one, and open them one by one."""
    tables = [runs.of(World("aqim", {"embedding_effort": x})) for x in EFFORTS]
    y = np.array([t["fragmentations"] for t in tables])
    size = np.array([np.log1p(t["strength_mean"]) for t in tables])
    span = EFFORTS[-1] - EFFORTS[0]
    numbers = [mean(f"fragmentations at effort {x:g}", y[k]) for k, x in enumerate(EFFORTS)]
    numbers += [mean(f"mean strength at effort {x:g}", tables[k]["strength_mean"]) for k, x in enumerate(EFFORTS)]
    numbers.append(mean(f"fragmentations, effort {EFFORTS[-1]:g} minus {EFFORTS[0]:g}, sizes as they are", y[-1] - y[0]))
    slope, low, high = within(y, np.array(EFFORTS), size)
    equal = Number(f"… at equal size (slope within replicates over five efforts, × {span:g})", span * slope, span * low, span * high)
    numbers.append(equal)
    numbers.append(Number("… at equal size (analysis of covariance, the two ends)", *adjusted([y[-1], y[0]], [size[-1], size[0]], [1.0, -1.0])))
    pairs = matched(y[-1], y[0], size[-1], size[0])
    if len(pairs) > 1:
        numbers.append(mean(f"… at equal size (matched: {len(pairs)} of {y.shape[1]} histories have one of their size)", pairs))
    for history in SPLIT_IN:
        numbers += _channels(runs, history)
    verdict = "more" if equal.low > 0.0 else "fewer" if equal.high < 0.0 else "neither more nor fewer that can be told"
    about = estimate(equal.value, equal.low, equal.high, sign=True, digits=3)
    found = f"embedding much against little brings {verdict} fragmentations at equal size ({about})"
    says = "embedding against fragmentation at equal size; survival split into recruits, silence and money"
    return Gate("G8", says, "reported", found, tuple(numbers))


def _channels(runs: Runs, history: str) -> list[Number]:
    open_, shut = World(history), World(history, dict.fromkeys(CHANNELS, 0.0))
    whole, none = runs.of(open_), runs.of(shut)
    numbers = [
        share(f"{history}: the organisation survives, all channels of ties open", whole["root_survived"]),
        share(f"{history}: … all shut", none["root_survived"]),
    ]
    for outcome in ("root_survived", "strength_mean"):
        for name, words in CHANNELS.items():
            without = runs.of(World(history, {name: 0.0}))
            alone = runs.of(World(history, {other: 0.0 for other in CHANNELS if other != name}))
            numbers.append(mean(f"{history}: {outcome}, added by {words} through ties, the other channels open", whole[outcome] - without[outcome]))
            numbers.append(mean(f"{history}: {outcome}, added by {words} through ties alone", alone[outcome] - none[outcome]))
    return numbers
