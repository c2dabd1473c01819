"""Which numbers matter: every parameter of the rulebook moved by 40 % down and up, in every history, on every headline outcome, in paired replicates.

A parameter's effect is the mean paired difference from the default, in standard deviations of the outcome over replicates; it moves an outcome if
that is told from nothing at a level that a thousand comparisons allow for (``|z|`` above :data:`TOLD`) and is at least :data:`SMALL` of a standard
deviation. What moves nothing by 40 % is set to the least that its range admits. What moves no headline outcome then either is asked of every
outcome, and again where states buy policies: it has no business in the rulebook (SECOND, Lean) unless it moves something there, or is for what no
outcome tells. ``python -m sim.evidence.screening`` prints the table, the inert first.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import numpy as np

from sim.evidence.gates.gate import HEADLINE, HISTORIES
from sim.scenario.errors import nearest
from sim.scenario.load import Draft
from sim.scenario.numbers import unrounded
from sim.scenario.parameters import PARAMETERS
from sim.scenario.timeline import month_count
from sim.study.work import warm
from sim.world.build import build, parameters
from sim.world.outcomes import OUTCOMES

_Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

CHANGE = 0.4
TOLD, SMALL = 4.0, 0.05
TOLD_OF_ALL = 5.0
"""The same where all outcomes are asked, of which there are nine times as many."""
ROUNDING = 1e-9
POLICIES = {
    "policies.budget": 2.0, "policies.force": 0.2, "policies.amnesty": 0.2, "policies.services": 0.2, "policies.anti_corruption": 0.2,
    "policies.dialogue": 0.2,
}  # fmt: skip
"""What is bought where states buy policies: some of everything, which no shipped history does."""
REPLICATES = 400


@dataclass(frozen=True)
class Moved:
    """What a parameter moves most.

    Attributes:
        name: The parameter.
        effect: Largest effect that is told from nothing, in standard deviations; 0 if none is.
        outcome: The outcome it is on.
        history: The history it is in.
        moved: How many pairs of outcome and history it moves.
        least: Whether that is told of its least value, because 40 % move nothing.
        beyond: Whether it is told of all outcomes, because no headline outcome moves.
    """

    name: str
    effect: float
    outcome: str
    history: str
    moved: int
    least: bool = False
    beyond: bool = False


@dataclass(frozen=True)
class _Asked:
    """What is asked of worlds: outcomes, and from which ``|z|`` one is told from nothing; and what else differs from the history as it is written."""

    outcomes: tuple[str, ...] = HEADLINE
    told: float = TOLD
    changes: dict[str, float] = field(default_factory=dict)
    words: str = ""


def screen(names: Iterable[str] = tuple(PARAMETERS), replicates: int = REPLICATES, seed: int = 5, threads: int = 2) -> list[Moved]:
    """Return what each parameter moves, the inert first.

    Args:
        names: Parameters.
        replicates: Replicates of each world.
        seed: Seed, shared by all.
        threads: Threads; the result does not depend on it.
    """
    warm()
    chances = (replicates, seed, threads)
    found = _screened({name: Moved(name, 0.0, "", "", 0) for name in names}, (_lower, _higher), _Asked(), *chances)
    inert = {m.name: replace(m, least=True) for m in found.values() if not m.moved}
    found |= _screened(inert, (_least,), _Asked(), *chances)
    beyond = {m.name: replace(m, beyond=True) for m in found.values() if not m.moved}
    every = tuple(name for name, _, _ in OUTCOMES)
    for asked in (_Asked(every, TOLD_OF_ALL), _Asked(every, TOLD_OF_ALL, POLICIES, " with policies")):
        beyond = _screened(beyond, (_least,), asked, *chances)
    found |= beyond
    return sorted(found.values(), key=lambda m: (not m.beyond, not m.least, abs(m.effect), m.moved, m.name))


def _screened(
    best: dict[str, Moved], moves: tuple[Callable[[str, float], float], ...], asked: _Asked, replicates: int, seed: int, threads: int
) -> dict[str, Moved]:
    best = dict(best)
    with ThreadPoolExecutor(threads) as pool:
        for history in HISTORIES if best else ():
            draft = Draft(history)
            base = _run(draft, {}, asked, replicates, seed)
            jobs = {
                (name, move): pool.submit(_run, draft, {name: value}, asked, replicates, seed)
                for name in best
                for move in moves
                if (value := move(name, now := _now(draft, name))) != now
            }
            for (name, _), job in jobs.items():
                best[name] = _larger(best[name], base, job.result(), asked, history + asked.words)
            print(f"{history}{asked.words}: {len(best)} screened on {len(asked.outcomes)} outcomes", file=sys.stderr, flush=True)
    return best


def _now(draft: Draft, name: str) -> float:
    return float(draft.scenario().parameters.get(name, PARAMETERS[name].default))


def _lower(name: str, now: float) -> float:
    return max(now * (1.0 - CHANGE), PARAMETERS[name].low)


def _higher(name: str, now: float) -> float:
    return min(now * (1.0 + CHANGE), PARAMETERS[name].high)


def _least(name: str, now: float) -> float:
    return PARAMETERS[name].low


def _run(draft: Draft, changes: dict[str, float], asked: _Asked, replicates: int, seed: int) -> _Array:
    from sim import engine

    scenario = draft.scenario({**asked.changes, **changes})
    table = engine.ensemble(build(scenario, seed), parameters(scenario), month_count(scenario), range(replicates))
    return np.array([table[outcome] for outcome in asked.outcomes])


def _larger(found: Moved, base: _Array, other: _Array, asked: _Asked, history: str) -> Moved:
    for k, outcome in enumerate(asked.outcomes):
        there = np.isfinite(base[k]) & np.isfinite(other[k])
        if there.sum() < 2:
            continue
        spread = base[k][there].std(ddof=1)
        difference = (other[k] - base[k])[there]
        error = difference.std(ddof=1) / np.sqrt(difference.size)
        # What differs by rounding alone is a constant.
        if spread <= ROUNDING * abs(base[k][there]).max() or error <= 0.0:
            continue
        effect, z = float(difference.mean() / spread), float(difference.mean() / error)
        if abs(z) > asked.told and abs(effect) >= SMALL:
            if abs(effect) > abs(found.effect):
                found = replace(found, effect=effect, outcome=outcome, history=history)
            found = replace(found, moved=found.moved + 1)
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m sim.evidence.screening", description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("parameters", nargs="*", metavar="PARAMETER", help="which of them; all where absent")
    given = parser.parse_args()
    for name in given.parameters:
        if name not in PARAMETERS:
            parser.error(f"there is no parameter {name!r}; the nearest is {nearest(name, PARAMETERS) or 'none'}")
    for m in screen(given.parameters or tuple(PARAMETERS)):
        told = f"{m.effect:+.2f} sd of {m.outcome} in {m.history}; moves {m.moved}" if m.moved else "moves nothing"
        least = f" at its least ({unrounded(PARAMETERS[m.name].low)})" if m.least else ""
        print(f"{m.name:26s} {'no headline outcome; ' if m.beyond else ''}{told}{least}")


if __name__ == "__main__":
    main()
