"""The battery: every claim of :mod:`sim.evidence.claims` put to the test over replicates that share their draws.

Each contrast has an effect (a mean over replicates), a 95 % bootstrap interval over replicates, and a verdict: *shown* if the whole interval
lies on the predicted side of zero, *contrary* if it lies on the other, *not shown* otherwise. A claim is shown if all its contrasts are, contrary
if any is, and not shown otherwise. Verdicts are reported, never forced: of fifty contrasts at 95 %, one or two err by chance alone.
What is compared *at equal size* is adjusted for it within worlds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from sim.evidence.claims import CLAIMS
from sim.evidence.contrasts import Claim, Contrast, World
from sim.observe.ensemble import interval
from sim.scenario.load import load_scenario
from sim.scenario.timeline import month_count

if TYPE_CHECKING:
    import pandas as pd

Verdict = Literal["shown", "not shown", "contrary"]
REPLICATES = 300

DERIVED: dict[str, Callable[[np.ndarray[Any, Any]], np.ndarray[Any, Any]]] = {
    "joined": lambda x: (x["brand_joined_month"] >= 0.0).astype(float),
    "reunion_rate": lambda x: (x["mergers"] + x["returns"]) / (x["fragmentations"] + 1.0),
    "residue": lambda x: (x["home_residue"] > 0.0).astype(float),
    "size": lambda x: np.log1p(x["strength_mean"]),
}
"""Outcomes made of others: joined (0/1), mergers and returns per break, whether anyone is left at home (0/1), logarithm of mean strength."""


@dataclass(frozen=True)
class Effect:
    """A contrast as it came out.

    Attributes:
        words: What is compared.
        sign: The predicted sign.
        effect: Mean over replicates.
        low: Lower end of its 95 % interval.
        high: Upper end.
        scale: Standard deviation of the first term's outcome over replicates, by which effects of different units can be drawn together.
        verdict: What it says of the prediction.
    """

    words: str
    sign: int
    effect: float
    low: float
    high: float
    scale: float
    verdict: Verdict


@dataclass(frozen=True)
class Pattern:
    """A claim as it came out."""

    claim: Claim
    effects: tuple[Effect, ...]

    @property
    def verdict(self) -> Verdict:
        """The verdict over all its contrasts."""
        found = {e.verdict for e in self.effects}
        return "contrary" if "contrary" in found else "not shown" if "not shown" in found else "shown"


def battery(
    claims: Sequence[Claim] = CLAIMS, replicates: int = REPLICATES, seed: int = 0, threads: int = 1, watch: Callable[[int, int], None] | None = None
) -> list[Pattern]:
    """Put claims to the test.

    Args:
        claims: Which; all where absent.
        replicates: Replicates of each world.
        seed: Seed, shared by all worlds.
        threads: Threads.
        watch: Told how many worlds of how many have been run.

    Returns:
        The claims as they came out, in their order.

    Raises:
        ScenarioError: If a claim changes something that is not there.
    """
    from sim.study.work import warm

    worlds = {world.key(): world for claim in claims for contrast in claim.contrasts for _, _, world in contrast.terms}
    warm()
    tables: dict[tuple[Any, ...], np.ndarray[Any, Any]] = {}
    with ThreadPoolExecutor(threads) as pool:
        jobs = {key: pool.submit(run, world, replicates, seed) for key, world in worlds.items()}
        for key, job in jobs.items():
            tables[key] = job.result()
            if watch is not None:
                watch(len(tables), len(worlds))
    return [Pattern(claim, tuple(_effect(contrast, tables) for contrast in claim.contrasts)) for claim in claims]


def run(world: World, replicates: int, seed: int) -> np.ndarray[Any, Any]:
    """Return the outcomes of a world's replicates (structured array of :func:`sim.world.outcomes.outcome_dtype`)."""
    from sim import engine
    from sim.world.build import build, parameters

    scenario = load_scenario(world.scenario, overrides=dict(world.changes), without=world.without)
    return engine.ensemble(build(scenario, seed), parameters(scenario), month_count(scenario), range(replicates))


def outcome(table: np.ndarray[Any, Any], name: str) -> np.ndarray[Any, Any]:
    """Return an outcome, or one that is made of others, by replicate."""
    return DERIVED[name](table) if name in DERIVED else table[name]


def _effect(contrast: Contrast, tables: dict[tuple[Any, ...], np.ndarray[Any, Any]]) -> Effect:
    values = contrast.constant + sum(weight * outcome(tables[world.key()], name) for weight, name, world in contrast.terms)
    first = outcome(tables[contrast.terms[0][2].key()], contrast.terms[0][1])
    if contrast.given:
        sizes = [outcome(tables[world.key()], contrast.given) for _, _, world in contrast.terms]
        raw = [outcome(tables[world.key()], name) for _, name, world in contrast.terms]
        mean, low, high = adjusted(raw, sizes, [weight for weight, _, _ in contrast.terms])
    else:
        mean, low, high = interval(np.asarray(values))
    toward, away = (low > 0.0, high < 0.0) if contrast.sign > 0 else (high < 0.0, low > 0.0)
    verdict: Verdict = "shown" if toward else "contrary" if away else "not shown"
    return Effect(contrast.words, contrast.sign, mean, low, high, float(np.std(first, ddof=1)), verdict)


def adjusted(
    values: Sequence[np.ndarray[Any, Any]], given: Sequence[np.ndarray[Any, Any]], weights: Sequence[float], seed: int = 0
) -> tuple[float, float, float]:
    r"""Return a weighted sum of worlds' means at equal value of another outcome, with its 95 % bootstrap interval over replicates.

    The sum is :math:`\sum_j w_j (\bar y_j - b\, \bar z_j)` with *b* the slope of y on z within worlds, all worlds together (analysis of covariance).

    Args:
        values: What is compared, y: one array a world, shape (replicates,), paired.
        given: What is held equal, z: likewise.
        weights: Weight of each world.
        seed: Seed of the resampling.
    """
    y, z, w = np.array(values), np.array(given), np.asarray(weights)
    n = y.shape[1]
    rows = np.concatenate([np.arange(n)[None], np.random.default_rng(seed).integers(0, n, (2000, n))])
    found = np.empty(len(rows))
    for k, row in enumerate(rows):
        yk, zk = y[:, row], z[:, row]
        centred = zk - zk.mean(axis=1, keepdims=True)
        spread = float((centred**2).sum())
        slope = float((centred * yk).sum()) / spread if spread > 0.0 else 0.0
        found[k] = float((w * (yk.mean(axis=1) - slope * zk.mean(axis=1))).sum())
    low, high = np.percentile(found[1:], [2.5, 97.5])
    return float(found[0]), float(low), float(high)


def to_pandas(patterns: Sequence[Pattern]) -> pd.DataFrame:
    """Return the battery as a table: a row a contrast."""
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "claim": p.claim.id,
                "says": p.claim.says,
                "source": p.claim.source,
                "written": p.claim.written,
                "through": p.claim.through,
                "contrast": e.words,
                "predicted": "+" if e.sign > 0 else "-",
                "effect": e.effect,
                "low": e.low,
                "high": e.high,
                "scale": e.scale,
                "verdict": e.verdict,
                "claim_verdict": p.verdict,
            }
            for p in patterns
            for e in p.effects
        ]
    )
