"""G2: survival is at stake and mechanisms move it; G9: the ablation of every mechanism on every headline outcome."""

from __future__ import annotations

from dataclasses import dataclass

from sim.evidence.contrasts import World
from sim.evidence.gates.gate import HEADLINE, HISTORIES, Gate, Number, decided, mean, share, standardised
from sim.evidence.gates.runs import Runs
from sim.scenario.mechanisms import MECHANISMS

WRITTEN = "2026-11-21"

PREDICTED: dict[str, dict[str, int]] = {
    "meta_strategy": {"root_survived": 1, "root_months": 1},
    "preference_divergence": {"fragmentations": 1},
    "control_dilemma": {"root_survived": -1, "strength_mean": -1},
    "deconcentration": {"fragmentations": 1},
    "exit_voice_loyalty": {"fragmentations": 1, "root_months": -1},
    "merger": {"strength_end": 1},
    "embedding": {"root_survived": 1, "strength_mean": 1, "fragmentations": 1},
    "social_haven": {"root_survived": 1, "root_months": 1},
    "brokerage": {"strength_end": 1},
    "competition": {"fragmentations": 1, "own_deaths": 1},
    "shifting_alliances": {"strength_end": 1},
    "tactical_elites": {"strength_mean": 1},
    "smuggling": {"strength_mean": 1},
    "state_capture": {"strength_mean": 1},
    "norm_change": {"strength_mean": 1},
    "security_forces": {"strength_mean": 1},
    "contextual_impact": {"strength_end": 1},
    "cleavage_exploitation": {"strength_mean": 1},
    "displacement": {"attacks_outside": 1, "home_residue": -1, "root_survived": 1},
    "long_game": {"root_survived": 1, "own_deaths": -1},
    "succession": {"root_survived": -1, "fragmentations": 1},
    "rebranding": {"attacks_outside": 1, "fragmentations": 1},
    "endings": {"root_survived": -1},
    "institutions": {"root_survived": 1, "fragmentations": -1},
}
"""Signs predicted for a mechanism's presence, from the sources, written down before the first run; an outcome that is not named has none."""

IN_RANGE = (0.05, 0.95)
EDGE = 0.01
"""Shares nearer than this to 0 or 1 are at the edge."""
LEAST_HISTORIES, LEAST_MECHANISMS = 5, 8


@dataclass(frozen=True)
class Effect:
    """What a mechanism's presence does to an outcome in a history.

    Attributes:
        mechanism: Its key.
        history: Name of the scenario.
        outcome: Name of the outcome.
        number: Difference (with minus without), paired, in standard deviations of the outcome over replicates of the history as it is.
        predicted: +1, -1, or 0 where no sign was written.
    """

    mechanism: str
    history: str
    outcome: str
    number: Number
    predicted: int

    @property
    def contrary(self) -> bool:
        """Whether the interval lies on the side that was not predicted."""
        return self.number.high < 0.0 if self.predicted > 0 else self.predicted < 0 and self.number.low > 0.0


def stakes(runs: Runs) -> Gate:
    """G2: survival of the root organisation in every history, and what each mechanism does to it."""
    numbers, moved, to_edge, inside = [], set(), [], 0
    low, high = IN_RANGE
    for history in HISTORIES:
        base = runs.of(World(history))["root_survived"]
        survives = float(base.mean())
        open_ = low <= survives <= high
        inside += open_
        numbers.append(share(f"{history}: the root organisation survives", base, f"{low:g} to {high:g}", open_))
        for key, mechanism in MECHANISMS.items():
            without = runs.of(World(history, without=(key,)))["root_survived"]
            left = float(without.mean())
            number = mean(f"{history}: with {mechanism.id} {key} minus without", base - without)
            edge = open_ and not EDGE < left < 1.0 - EDGE
            place = ("root_survived, with minus without", f"{mechanism.id} {key}", history)
            wanted = f"not to 0 or 1 (is {left:.2f} without)"
            numbers.append(Number(number.words, number.value, number.low, number.high, wanted, not edge, place))
            if number.is_off_zero:
                moved.add(mechanism.id)
            if edge:
                to_edge.append(f"{mechanism.id} in {history}")
    found = (
        f"open in {inside} of {len(HISTORIES)} histories; {len(moved)} mechanisms move it ({', '.join(sorted(moved, key=_number)) or 'none'}); "
        f"taken to an edge: {', '.join(to_edge) or 'none'}"
    )
    met = inside >= LEAST_HISTORIES and len(moved) >= LEAST_MECHANISMS and not to_edge
    says = f"the root organisation survives with {low:g} to {high:g} in at least five histories; at least eight mechanisms move it, none to 0 or 1"
    return Gate("G2", says, decided(met), found, tuple(numbers))


def _number(id_: str) -> int:
    return int(id_[1:])


def ablations(runs: Runs, histories: tuple[str, ...] = HISTORIES) -> list[Effect]:
    """Return the effect of every mechanism on every headline outcome in every history, in their order."""
    effects = []
    for history in histories:
        for key in MECHANISMS:
            base, without = runs.of(World(history)), runs.of(World(history, without=(key,)))
            for outcome in HEADLINE:
                # With minus without: standardised() takes what is there from what is tried, so the sign is turned.
                n = standardised("", without[outcome], base[outcome])
                words = f"{MECHANISMS[key].id} {key} on {outcome} in {history}"
                number = Number(words, -n.value + 0.0, -n.high + 0.0, -n.low + 0.0)
                effects.append(Effect(key, history, outcome, number, PREDICTED.get(key, {}).get(outcome, 0)))
    return effects


def ablation(runs: Runs) -> Gate:
    """G9: all of it, reported; signs that are contrary are printed first."""
    effects = ablations(runs)
    numbers = []
    for e in effects:
        n = e.number
        wanted = {0: "", 1: f"above 0 (written {WRITTEN})", -1: f"below 0 (written {WRITTEN})"}[e.predicted]
        shown = n.is_off_zero and not e.contrary
        place = (e.history, f"{MECHANISMS[e.mechanism].id} {e.mechanism}", e.outcome)
        numbers.append(Number(n.words, n.value, n.low, n.high, wanted, shown if e.predicted else None, place))
    written = [e for e in effects if e.predicted]
    contrary = sum(e.contrary for e in written)
    shown_ = sum(e.number.is_off_zero and not e.contrary for e in written)
    still = [m.id for key, m in MECHANISMS.items() if not any(e.number.is_off_zero for e in effects if e.mechanism == key)]
    inert = ", ".join(still) or "none"
    found = f"of {len(written)} signs written down {shown_} are shown and {contrary} contrary; mechanisms that move nothing: {inert}"
    says = "the ablation of every mechanism on every headline outcome, in standard deviations, contrary signs first"
    return Gate("G9", says, "reported", found, tuple(numbers))
