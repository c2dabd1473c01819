"""The gates, by id, and how they are run."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sim.evidence.gates.ablation import ablation, stakes
from sim.evidence.gates.control import control
from sim.evidence.gates.embedding import embedding
from sim.evidence.gates.events import events
from sim.evidence.gates.gate import Gate
from sim.evidence.gates.places import places
from sim.evidence.gates.population import population
from sim.evidence.gates.runs import Runs
from sim.evidence.gates.same_people import same_people
from sim.evidence.gates.turns import turns

GATES: dict[str, Callable[[Runs], Gate]] = {
    "G1": same_people,
    "G2": stakes,
    "G3": events,
    "G4": places,
    "G5": turns,
    "G6": control,
    "G7": population,
    "G8": embedding,
    "G9": ablation,
}


def gates(runs: Runs, which: Sequence[str] = tuple(GATES), watch: Callable[[int, int], None] | None = None) -> list[Gate]:
    """Run gates.

    Args:
        runs: Replicates, seed, threads; shared by all.
        which: Ids of the gates, in the order in which they are wanted.
        watch: Told how many gates of how many are done.

    Raises:
        ScenarioError: If a gate changes something that is not there.
    """
    found = []
    for id_ in which:
        found.append(GATES[id_](runs))
        if watch is not None:
            watch(len(found), len(which))
    return found
