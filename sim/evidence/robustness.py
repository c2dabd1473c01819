"""Does a claim that is shown survive other numbers? Its worlds with every parameter of the rulebook in turn 40 % lower and higher.

``python -m sim.evidence.robustness [--fitted] M9 M23 …`` prints, a line a claim, under how many of the moves every contrast keeps its predicted sign,
under how many one turns contrary (its whole interval on the other side), and which those are.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sim.evidence.claims import CLAIMS
from sim.evidence.contrasts import Claim, World
from sim.evidence.patterns import battery
from sim.scenario.load import Draft
from sim.scenario.parameters import LEVELS, PARAMETERS

CHANGE = 0.4
REPLICATES = 100


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


def main() -> None:
    """Print a line a claim."""
    asked = [word for word in sys.argv[1:] if word != "--fitted"]
    names = [name for name, p in PARAMETERS.items() if p.value == LEVELS or "--fitted" not in sys.argv]
    known = {claim.id: claim for claim in CLAIMS}
    for word in asked or known:
        if word not in known:
            sys.exit(f"robustness: no claim {word!r}; claims: {', '.join(known)}")
        r = robustness(known[word], names)
        told = ", ".join(f"{name} x {factor:g}" for name, factor in r.lost)
        against = f"; contrary in {len(r.contrary)}" if r.contrary else ""
        print(f"{r.claim}: {r.kept} of {r.moves} moves keep every sign{against}{f' (lost: {told})' if told else ''}", flush=True)


if __name__ == "__main__":
    main()
