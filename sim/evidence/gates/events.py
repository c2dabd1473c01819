"""G3: history matters: without its events the group's fate is another, and the largest of them do what was written down beforehand."""

from __future__ import annotations

from sim.evidence.contrasts import World
from sim.evidence.gates.gate import HEADLINE, Gate, Number, decided, mean, standardised
from sim.evidence.gates.runs import Runs
from sim.evidence.patterns import outcome
from sim.scenario.load import load_scenario

WRITTEN = "2026-11-21"
LARGE = 0.5
LEAST = 5

PREDICTED: tuple[tuple[str, str, int, str], ...] = (
    ("Civil Concord", "strength_mean", -1, "people who may go home go home, and the remnant is smaller for years"),
    ("War in Iraq", "joined", 1, "a cause that moves the world makes the global brand worth joining"),
    ("Charter for Peace and Reconciliation", "home_residue", -1, "it drains the north, where it holds"),
    ("Libyan state collapses", "attacks_outside", 1, "a state gone next door is ground to strike and recruit on"),
    ("Rebellion in northern Mali", "outside_end", 1, "an ally who holds towns, and a state driven out"),
    ("Coup in Mali", "strength_end", 1, "reach lost for years, so people are recruited there"),
    ("French intervention (Serval)", "strength_mean", -1, "more force than the region ever saw, well informed"),
    ("Islamic State at its height", "fragmentations", 1, "another brand to go to"),
    ("French intervention (Barkhane)", "strength_end", -1, "force that stays"),
    ("Divisions in central Mali", "foundings", 1, "neglect, cleavage and absence meet"),
)
"""The ten largest events of ``aqim``, by magnitude and length; for each an outcome, the sign of what the event adds to it, and why."""


def events(runs: Runs) -> Gate:
    """Take all events out at once, then the ten largest one by one."""
    base = runs.of(World("aqim"))
    entries = load_scenario("aqim").timeline
    bare = runs.of(World("aqim", {f"timeline.{n}.magnitude": 0.0 for n in range(len(entries))}))
    numbers, large = [], 0
    for name in HEADLINE:
        n = standardised(f"all {len(entries)} events at zero: change of {name} (sd)", bare[name], base[name])
        big = abs(n.value) > LARGE
        large += big
        numbers.append(Number(n.words, n.value, n.low, n.high, f"beyond ± {LARGE:g} in at least {LEAST} of {len(HEADLINE)}", big))
    right = 0
    for label, name, sign, why in PREDICTED:
        without = runs.of(World("aqim", {f"timeline.{label}.magnitude": 0.0}))
        n = mean(f"{label}: {name} with minus without ({why})", outcome(base, name) - outcome(without, name))
        holds = n.low > 0.0 if sign > 0 else n.high < 0.0
        right += holds
        numbers.append(Number(n.words, n.value, n.low, n.high, f"{'above' if sign > 0 else 'below'} 0 (written {WRITTEN})", holds))
    found = f"{large} of {len(HEADLINE)} outcomes change by more than {LARGE:g} sd without any event; {right} of {len(PREDICTED)} predictions hold"
    says = f"all events of aqim at zero change at least {LEAST} of 8 outcomes by half a standard deviation; the ten largest have predicted effects"
    return Gate("G3", says, decided(large >= LEAST), found, tuple(numbers))
