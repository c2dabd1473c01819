"""What is said of a history that is left out, and how it compares with what was said without the others.

* ``parameters``: points of the joint posterior of the shared parameters, given the others' facts, adjusted by regression; each run anew there.
* ``nearest``: draws of the prior that came nearest to the others' facts, with the kernel's weights, as they had gone there.
* ``prior``: all draws, alike.
* ``rates``: no model. What the others' records name k times in T years happens in w more with probability 1 - (T / (T + w))^(k + 1/2), a constant
  rate under Jeffreys' prior; the root stands with (T / (T + w))^(k + 1/2), k endings.

Scores are -ln of the probability given to what happened. Their differences from the prior's are resampled over questions and over histories run.
Votes are added up in whole numbers, whose order does not matter, and logarithms are rounded to 20 significant bits.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from sim.evidence.forecast import DATED, STATE, YEARLY
from sim.evidence.inference import LEAST_A_SLOPE, Watcher, in_order, place_in
from sim.evidence.left_out.asked import STANDS, Asked, LeaveOneOut, Witness
from sim.evidence.ranks import calibrated
from sim.evidence.regression import Adjuster, Draws
from sim.evidence.statistics import canonical, measured, observed
from sim.study.result import SweepResult
from sim.study.store import StoreError

_Array = np.ndarray[Any, Any]
PARAMETERS, NEAREST, PRIOR, RATES = "parameters", "nearest", "prior", "rates"
FORECASTERS = (PARAMETERS, NEAREST, PRIOR, RATES)
ALL = "all"
GROUPS = (ALL, DATED, YEARLY, STATE)
RESAMPLES = 600
_PARTS = 1 << 20
"""Whole parts that a weight is told in."""


@dataclass(frozen=True)
class Votes:
    """Weighted histories and what they answer.

    Attributes:
        yes: Whether each says yes (1) or no (0) to each question, whole numbers, shape (n, questions).
        parts: Weights in whole parts, shape (n,).
    """

    yes: _Array
    parts: _Array

    @cached_property
    def effective(self) -> float:
        """How many histories of equal weight tell as much (Kish 1965)."""
        parts = [int(p) for p in self.parts.tolist()]
        return sum(parts) ** 2 / sum(p * p for p in parts)

    def chances(self, rows: _Array | None = None) -> _Array:
        """Return the probability of yes to each question by Jeffreys' rule, so that none is 0 or 1.

        Args:
            rows: Rows that are asked, with repetitions; all once where absent.
        """
        # Whole numbers, so that no product goes through BLAS and no order of sums matters.
        parts = self.parts if rows is None else self.parts * np.bincount(rows, minlength=len(self.parts))
        n = self.effective
        return canonical((n * (parts @ self.yes / parts.sum()) + 0.5) / (n + 1.0))


def votes(asked: Sequence[Asked], columns: Mapping[str, _Array], weights: _Array | None = None) -> Votes:
    """Return what histories answer.

    Args:
        asked: The questions.
        columns: Outcomes of years by name, each of shape (n,).
        weights: Their weights; alike where absent.
    """
    yes = np.column_stack([a.question.answered(columns) for a in asked]).astype(np.int64)
    parts = np.ones(len(yes), np.int64) if weights is None else np.rint(weights / weights.max() * _PARTS).astype(np.int64)
    return Votes(yes, parts)


def run_anew(left: LeaveOneOut, one: Witness, store: Path) -> Votes:
    """Return what a posterior's points, run anew in the history left out, answer.

    Raises:
        StoreError: If none of them has come to an end.
    """
    asked = left.questions[one.name]
    frame = SweepResult(store).to_pandas(list(dict.fromkeys(c for a in asked for c in a.question.columns)))
    if not len(frame):
        raise StoreError(f"{store}: none of its histories came to an end")
    return votes(asked, {name: frame[name].to_numpy(float) for name in frame.columns if "@" in name})


@dataclass(frozen=True)
class Tables:
    """The prior in every history, row by row the same draws.

    Attributes:
        points: Number of each draw, shape (n,).
        units: Places of the parameters in their priors, shape (n, parameters).
        statistics: By history that has facts: its statistics with their errors, shape (n, facts).
        yes: By history: what each draw answers to its questions, shape (n, questions).
    """

    points: _Array
    units: _Array
    statistics: dict[str, _Array]
    yes: dict[str, _Array]


def read(left: LeaveOneOut, stores: Mapping[str, Path]) -> Tables:
    """Return the tables of the prior; a draw that failed in one history is in none.

    Args:
        left: The histories.
        stores: Directories of their stores, by name.

    Raises:
        StoreError: If too few draws have come to an end everywhere.
    """
    seed, factors = left.calibration.spec.seed, left.calibration.factors
    frames = {}
    for h in left.held:
        needed = [*(c for fact in h.facts for c in fact.columns), *(c for a in left.questions[h.name] for c in a.question.columns)]
        frames[h.name] = SweepResult(stores[h.name]).to_pandas([*dict.fromkeys(needed), *(f.name for f in factors)]).set_index("point")
    kept = frames[left.held[0].name].index
    for frame in frames.values():
        kept = kept.intersection(frame.index)
    points = np.sort(kept.to_numpy())
    if len(points) < 20:
        raise StoreError(f"{len(points)} draws have come to an end in every history; something can be inferred from 20")
    statistics, yes = {}, {}
    for h in left.held:
        frame = frames[h.name].loc[points]
        columns = {name: frame[name].to_numpy(float) for name in frame.columns if "@" in name}
        if h.facts:
            statistics[h.name] = measured(h.facts, columns, points, seed)
        yes[h.name] = votes(left.questions[h.name], columns).yes
    first = frames[left.held[0].name].loc[points]
    units = np.column_stack([place_in(f, first[f.name].to_numpy(float)) for f in factors])
    return Tables(points, units, statistics, yes)


@dataclass(frozen=True)
class Evidence:
    """What the facts of some histories say of the shared parameters.

    Attributes:
        of: Their names.
        adjuster: The table of the prior, ready for the regression.
        draws: The joint posterior.
        planted: Draws that are taken for the truth in turn: their rows, shape (planted,).
        neighbours: The posterior of each, without its own row.
        outside: How many parameters' planted ranks leave their simultaneous band anywhere.
    """

    of: tuple[str, ...]
    adjuster: Adjuster
    draws: Draws
    planted: _Array
    neighbours: list[Draws]
    outside: int


def evidence(left: LeaveOneOut, tables: Tables, others: Sequence[Witness], threads: int = 1, watch: Watcher | None = None) -> Evidence:
    """Read what the facts of some histories together say.

    Args:
        left: The histories.
        tables: The prior in every history.
        others: Those that are inferred on.
        threads: Threads; nothing depends on how many.
        watch: Told how it goes.
    """
    statistics = np.column_stack([tables.statistics[h.name] for h in others])
    n = len(statistics)
    target = np.concatenate([observed(h.facts) for h in others])
    adjuster = Adjuster(tables.units, statistics, max(round(left.spec.nearest * n), LEAST_A_SLOPE * (len(target) + 1)))
    planted = np.random.default_rng([left.calibration.spec.seed, 17]).permutation(n)[: min(left.spec.planted, n)]
    words = f"planted draws asked, evidence of {' and '.join(h.name for h in others)}"
    near = in_order(lambda row: adjuster.posterior(statistics[row], row), planted.tolist(), threads, watch, words, 50)
    below = [
        np.add.reduce(np.where(d.units < tables.units[row], d.weights[:, None], 0.0), axis=0) for d, row in zip(near, planted.tolist(), strict=True)
    ]
    ranks = canonical(np.array(below))
    outside = sum(calibrated(ranks[:, k]).outside > 0 for k in range(ranks.shape[1]))
    return Evidence(tuple(h.name for h in others), adjuster, adjuster.posterior(target), planted, near, outside)


def rates(asked: Sequence[Asked], one: Witness, others: Sequence[Witness]) -> _Array:
    """Return what the rates of the others' records say of each question; NaN where they say nothing."""
    span = sum(h.known_years for h in others)
    found = []
    for a in asked:
        if a.question.group == STATE and (list(a.question.of) != STANDS or a.question.over):
            found.append(math.nan)
            continue
        stands = a.question.group == STATE
        years = a.question.last - (one.years[0] if stands else a.question.first) + 1
        none = (span / (span + years)) ** (sum(h.known(("ending",) if stands else a.kinds) for h in others) + 0.5)
        found.append(none if stands else 1.0 - none)
    return canonical(np.array(found))


def losses(chances: _Array, happened: _Array) -> _Array:
    """Return -ln of the probability that was given to what happened, shape of ``chances``: (…, questions)."""
    return canonical(-np.log(np.where(happened, chances, 1.0 - chances)))


@dataclass(frozen=True)
class Line:
    """How a forecaster did on a group of questions, beside the prior.

    Attributes:
        history: The history left out, or :data:`ALL` for the mean over them.
        group: One of :data:`GROUPS`.
        forecaster: Whose.
        questions: How many of its questions it said something of.
        log: Its mean score.
        prior: The prior's, on the same questions.
        difference: Its score less the prior's: negative is better than the prior.
        low: Lower end of the difference's 95 % interval.
        high: Upper end.
        expected: The difference to expect of ``nearest`` if the rulebook were right: mean over planted draws; NaN of the others.
        expected_low: 5 % quantile over planted draws.
        expected_high: 95 % quantile.
    """

    history: str
    group: str
    forecaster: str
    questions: int
    log: float
    prior: float
    difference: float
    low: float
    high: float
    expected: float = math.nan
    expected_low: float = math.nan
    expected_high: float = math.nan


@dataclass(frozen=True)
class Told:
    """What was said of one history, and how it compares.

    Attributes:
        held: The history.
        others: Names of those inferred on.
        outside: Parameters whose planted ranks leave their band under that evidence.
        chances: By forecaster: the probability of yes to each question.
        lines: Scores by group and forecaster.
        resampled: By group and forecaster: the difference in each resample, shape (resamples,).
        expected: By group: the difference of each planted draw, shape (planted,).
    """

    held: Witness
    others: tuple[str, ...]
    outside: int
    chances: dict[str, _Array]
    lines: list[Line]
    resampled: dict[tuple[str, str], _Array]
    expected: dict[str, _Array]


def tell(left: LeaveOneOut, tables: Tables, one: Witness, known: Evidence, anew: Votes) -> Told:
    """Score what is said of a history that is left out.

    Args:
        left: The histories.
        tables: The prior in every history.
        one: The history left out.
        known: What the others say of the parameters.
        anew: Points of their posterior, run anew in it.
    """
    asked, yes = left.questions[one.name], tables.yes[one.name]
    happened = np.array([a.happened for a in asked])
    prior = Votes(yes, np.ones(len(yes), np.int64))
    said = {PARAMETERS: anew, NEAREST: _weighted(yes, known.draws), PRIOR: prior}
    others = [h for h in left.held if h.name in known.of]
    chances = {name: v.chances() for name, v in said.items()} | {RATES: rates(asked, one, others)}
    rng = np.random.default_rng([left.calibration.spec.seed, 19])
    again = {name: np.array([v.chances(rng.integers(len(v.yes), size=len(v.yes))) for _ in range(RESAMPLES)]) for name, v in said.items()}
    again[RATES] = np.broadcast_to(chances[RATES], (RESAMPLES, len(asked)))
    groups = [a.question.group for a in asked]
    expected = _expected(yes, known, chances[PRIOR], groups)
    lines, resampled = [], {}
    for group in GROUPS:
        for name in FORECASTERS:
            mine = np.flatnonzero([(group in (ALL, g)) and p == p for g, p in zip(groups, chances[name].tolist(), strict=True)])
            if not len(mine):
                continue
            own, before = (losses(chances[of][mine], happened[mine]) for of in (name, PRIOR))
            many = losses(again[name][:, mine], happened[mine]) - losses(again[PRIOR][:, mine], happened[mine])
            picked = rng.integers(len(mine), size=(RESAMPLES, len(mine)))
            resampled[group, name] = np.add.reduce(np.take_along_axis(many, picked, axis=1), axis=1) / len(mine)
            means = [math.fsum(values.tolist()) / len(mine) for values in (own, before, own - before)]
            lines.append(_line(one.name, group, name, len(mine), means, resampled[group, name], expected[group]))
    return Told(one, known.of, known.outside, chances, lines, resampled, expected)


def _weighted(yes: _Array, draws: Draws) -> Votes:
    return Votes(yes[draws.rows], np.maximum(np.rint(draws.weights / draws.weights.max() * _PARTS), 1.0).astype(np.int64))


def _expected(yes: _Array, known: Evidence, prior: _Array, groups: Sequence[str]) -> dict[str, _Array]:
    """Return by group how much nearer than the prior ``nearest`` comes to what befell each planted draw."""
    found: dict[str, list[float]] = {}
    for row, draws in zip(known.planted.tolist(), known.neighbours, strict=True):
        truth = yes[row] == 1
        gained = losses(_weighted(yes, draws).chances(), truth) - losses(prior, truth)
        for group in dict.fromkeys([ALL, *groups]):
            mine = [g for g, of in zip(gained.tolist(), groups, strict=True) if group in (ALL, of)]
            found.setdefault(group, []).append(math.fsum(mine) / len(mine))
    return {group: np.array(values) for group, values in found.items()}


def over_all(told: Sequence[Told], seed: int) -> list[Line]:
    """Return the means over histories, each counting the same; their intervals resample the histories too."""
    rng, lines = np.random.default_rng([seed, 23]), []
    for group in GROUPS:
        for name in FORECASTERS:
            mine = [(t, line) for t in told for line in t.lines if (line.group, line.forecaster) == (group, name)]
            if not mine:
                continue
            means = [math.fsum(getattr(n, key) for _, n in mine) / len(mine) for key in ("log", "prior", "difference")]
            many = np.array([t.resampled[group, name] for t, _ in mine])
            picked = rng.integers(len(mine), size=(RESAMPLES, len(mine)))
            again = np.add.reduce(many[picked, np.arange(RESAMPLES)[:, None]], axis=1) / len(mine)
            # The same draw planted in every history where it was.
            expected = np.add.reduce(np.array([t.expected[group] for t, _ in mine]), axis=0) / len(mine)
            lines.append(_line(ALL, group, name, sum(n.questions for _, n in mine), means, again, expected))
    return lines


def _ends(values: _Array, tail: float) -> tuple[float, float]:
    """Return the ends between which all but the tails lie."""
    up = np.sort(canonical(values))
    skipped = int(tail * len(up))
    return float(up[skipped]), float(up[-1 - skipped])


def _line(history: str, group: str, name: str, questions: int, means: list[float], again: _Array, expected: _Array) -> Line:
    """Return a line from its means (own score, prior's, difference), the difference's resamples, and that of planted draws."""
    log, prior, difference = means
    low, high = _ends(again, 0.025)
    if name != NEAREST:
        return Line(history, group, name, questions, log, prior, difference, low, high)
    planted = (math.fsum(expected.tolist()) / len(expected), *_ends(expected, 0.05))
    return Line(history, group, name, questions, log, prior, difference, low, high, *planted)
