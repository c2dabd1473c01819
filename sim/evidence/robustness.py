"""Does a claim that is shown survive other numbers, and another way of counting?

``python -m sim.evidence.robustness [--fitted] M9 M23 …`` sets every parameter of the rulebook in turn 40 % lower and higher in all its worlds. It
prints, a line a claim, under how many of the moves every contrast keeps its predicted sign, under how many one turns contrary (its whole interval on
the other side), and which those are. ``--counted`` leaves numbers alone and counts otherwise: the lineage for the organisation, the end for the mean,
months for survival (:data:`OTHERWISE`).
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sim.evidence.claims import CLAIMS
from sim.evidence.contrasts import Claim, World
from sim.evidence.patterns import battery
from sim.scenario.load import Draft
from sim.scenario.numbers import estimate
from sim.scenario.parameters import LEVELS, PARAMETERS

CHANGE = 0.4
REPLICATES = 100
COUNTED = 400
"""Replicates where claims are counted otherwise: as many as the battery has."""
OTHERWISE = {
    "root_survived": ("survived", "root_months"),
    "survived": ("root_survived", "months_survived"),
    "root_months": ("months_survived", "root_survived"),
    "root_strength_mean": ("strength_mean", "strength_end"),
    "strength_mean": ("root_strength_mean", "strength_end"),
    "strength_end": ("strength_mean", "root_strength_mean"),
    "armed_end": ("strength_end",),
    "fragmentations": ("splinters", "lineage_organisations"),
    "attacks_outside": ("outside", "outside_end"),
    "outside_end": ("outside", "attacks_outside"),
    "deaths_one_sided": ("severity",),
    "own_deaths": ("raids",),
    "ties": ("haven", "support"),
}
"""Outcomes that say nearly the same of the same people, counted otherwise."""


@dataclass(frozen=True)
class Robustness:
    """What became of a claim under other numbers.

    Attributes:
        claim: Its id.
        moves: Moves of one parameter that were tried.
        kept: Moves under which the means of all its contrasts keep their predicted sign.
        lost: The others: parameter and factor.
        contrary: Those of them under which a contrast is contrary.
    """

    claim: str
    moves: int
    kept: int
    lost: tuple[tuple[str, float], ...]
    contrary: tuple[tuple[str, float], ...]


def moved(claim: Claim, name: str, factor: float) -> Claim | None:
    """Return the claim with a parameter multiplied in all its worlds that do not set it themselves; None where that changes none of them."""
    p = PARAMETERS[name]

    def other(world: World) -> World:
        if name in world.changes or f"parameters.{name}" in world.changes:
            return world
        now = float(Draft(world.scenario).scenario().parameters.get(name, p.default))
        value = min(max(now * factor, p.low), p.high)
        return world if value == now else replace(world, changes={**world.changes, name: value})

    contrasts = tuple(replace(c, terms=tuple((weight, outcome, other(world)) for weight, outcome, world in c.terms)) for c in claim.contrasts)
    return None if contrasts == claim.contrasts else replace(claim, contrasts=contrasts)


def robustness(claim: Claim, names: Iterable[str] = tuple(PARAMETERS), replicates: int = REPLICATES, seed: int = 0, threads: int = 2) -> Robustness:
    """Return what becomes of a claim as each parameter is moved down and up by :data:`CHANGE`.

    Args:
        claim: The claim.
        names: Parameters.
        replicates: Replicates of each world.
        seed: Seed, shared by all.
        threads: Threads; the result does not depend on it.
    """
    tried = {(name, factor): other for name in names for factor in (1.0 - CHANGE, 1.0 + CHANGE) if (other := moved(claim, name, factor)) is not None}
    found = battery(tuple(tried.values()), replicates, seed, threads)
    lost = tuple(key for key, p in zip(tried, found, strict=True) if any(e.effect * e.sign <= 0.0 for e in p.effects))
    against = tuple(key for key, p in zip(tried, found, strict=True) if p.verdict == "contrary")
    return Robustness(claim.id, len(tried), len(tried) - len(lost), lost, against)


def recounted(claim: Claim) -> list[tuple[str, str, Claim]]:
    """Return the claim once for each contrast and each other way of counting: the outcome, the other, and the claim of that one contrast."""
    found = []
    for contrast in claim.contrasts:
        counted = {outcome for _, outcome, _ in contrast.terms}
        for outcome in sorted(counted) if len(counted) == 1 else ():
            for other in OTHERWISE.get(outcome, ()):
                terms = tuple((weight, other, world) for weight, _, world in contrast.terms)
                found.append((outcome, other, replace(claim, contrasts=(replace(contrast, terms=terms),))))
    return found


def _print_recounted(claim: Claim, replicates: int) -> None:
    tried = recounted(claim)
    if not tried:
        print(f"{claim.id}: nothing that is counted otherwise", flush=True)
    found = battery(tuple(c for _, _, c in tried), replicates, 0, 2)
    for (outcome, other, _), pattern in zip(tried, found, strict=True):
        e = pattern.effects[0]
        interval = estimate(e.effect, e.low, e.high, sign=True, digits=3)
        print(f"{claim.id}: {other} for {outcome}: {interval}, {pattern.verdict} (predicted {e.sign:+d})", flush=True)


def main() -> None:
    """Print a line a claim, or a line each other way of counting."""
    parser = argparse.ArgumentParser(prog="python -m sim.evidence.robustness", description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("claims", nargs="*", metavar="CLAIM", help="M9, I7 …; all where absent")
    parser.add_argument("--fitted", action="store_true", help="move only the numbers that were fitted")
    parser.add_argument("--counted", action="store_true", help="leave numbers alone and count outcomes otherwise")
    given = parser.parse_args()
    names = [name for name, p in PARAMETERS.items() if p.value == LEVELS or not given.fitted]
    known = {claim.id: claim for claim in CLAIMS}
    for word in given.claims:
        if word not in known:
            parser.error(f"there is no claim {word!r}; claims are {', '.join(known)}")
    for word in given.claims or known:
        if given.counted:
            _print_recounted(known[word], COUNTED)
            continue
        r = robustness(known[word], names)
        lost = ", ".join(f"{name} x {factor:g}" for name, factor in r.lost)
        against = f"; contrary in {len(r.contrary)}" if r.contrary else ""
        print(f"{r.claim}: {r.kept} of {r.moves} moves keep every sign{against}{f' (lost: {lost})' if lost else ''}", flush=True)


if __name__ == "__main__":
    main()
