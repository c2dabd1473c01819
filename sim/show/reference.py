"""Tables of ``docs/ODD.md``, ``docs/TRACE.md`` and ``docs/scenarios``, made from the metadata that the code runs on, so that they cannot drift apart.

``python -m sim.show.reference docs/ODD.md docs/TRACE.md docs/scenarios/*.md`` renews every block from ``<!-- generated: … -->`` to ``<!-- end -->``.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from sim.observe.outcome_words import in_full
from sim.scenario.mechanisms import MECHANISMS
from sim.scenario.numbers import exact
from sim.scenario.parameters import FREE, LEVELS, MAGNITUDE, PARAMETERS, PROTOTYPE, VALUES, Parameter
from sim.schedule import MONTH
from sim.show import pattern_table, scenario_page
from sim.show.markdown import table
from sim.world.layout import LAYOUT
from sim.world.outcomes import OUTCOMES

_BLOCK = re.compile(r"<!-- generated: (?P<what>[a-z0-9_ -]+) -->\n.*?<!-- end -->", re.DOTALL)
KINDS = {
    "elite": "Political elite (one per state)",
    "region": "Region (a place, not an agent)",
    "edge": "Edge of the region graph",
    "community": "Community",
    "organisation": "Organisation and its leadership",
    "emir": "Local emir and his katiba",
    "tie": "Tie of a katiba with a community",
    "smuggler": "Smuggler",
    "broker": "Broker",
    "force": "Security force",
    "posting": "Posting of a force to a region",
    "alliance": "Alliance of two organisations",
    "timeline": "Exogenous event",
    "clock": "The run",
    "log": "Event log",
    "violence": "Log of violence",
    "tally": "Counts by kind of event",
    "measure": "Sums from which outcomes are read",
}


CONVENTION = "convention"
BASES = {
    "measured": "a figure in the source named with it",
    "literature": "a figure or a bound in the work named with it",
    LEVELS: VALUES[LEVELS],
    PROTOTYPE: VALUES[PROTOTYPE],
    MAGNITUDE: VALUES[MAGNITUDE],
    FREE: VALUES[FREE],
    CONVENTION: "a unit, or a channel that experiments close",
}
"""What values can rest on, the firmest first."""


def _number(x: float) -> str:
    return exact(x, 6) if abs(x) < 1e8 else "∞"


def parameters(mechanism: str) -> str:
    """Return the table of a mechanism's parameters (``base`` for those that serve none)."""
    rows = [
        (f"`{p.name}`", _number(p.default), f"{_number(p.low)} – {_number(p.high)}", p.unit, p.meaning, p.claim, p.value)
        for p in PARAMETERS.values()
        if p.mechanism == mechanism
    ]
    if not rows:
        return "It has no parameters of its own."
    return table(("parameter", "default", "range", "unit", "meaning", "claim", "value"), rows)


def _base(p: Parameter) -> str:
    """Return what a value rests on, without the details."""
    kind = p.value.partition(":")[0]
    return kind if kind in BASES else CONVENTION


def sources(_: str = "") -> str:
    """Return what the values of all parameters rest on, counted, and which were fitted."""
    found = Counter(_base(p) for p in PARAMETERS.values())
    rows = [(kind, found[kind], meaning) for kind, meaning in BASES.items() if found[kind]]
    fitted = ", ".join(f"`{p.name}`" for p in PARAMETERS.values() if _base(p) == LEVELS)
    return table(("value", "parameters", "rests on"), [*rows, ("all", len(PARAMETERS), "")]) + f"\n\nFitted: {fitted or 'none'}."


def mechanism(key: str) -> str:
    """Return the lines that say what a mechanism claims, shows and predicts."""
    m = MECHANISMS[key]
    return "\n".join(
        [
            f"- **Claim** ({m.source}): {m.claim}.",
            f"- **Observable:** {m.observable}.",
            f"- **Prediction:** {m.prediction}.",
            f"- **Switched off** (`--without {m.key}`): {m.off}.",
        ]
    )


def state(name: str) -> str:
    """Return the table of the state variables of a kind."""
    rows = [(f"`{c.name}`", c.unit, "" if c.whole and c.unit != "0/1" else f"{_number(c.low)} – {_number(c.high)}", c.meaning) for c in LAYOUT[name]]
    return f"**{KINDS[name]}** (`{name}`)\n\n" + table(("variable", "unit", "range", "meaning"), rows)


def schedule(_: str = "") -> str:
    """Return the schedule of a month."""
    rows = [
        (n, p.name, p.table, f"`{p.rule.__module__.removeprefix('sim.rules.')}.{p.rule.__name__}`", p.mechanism) for n, p in enumerate(MONTH, start=1)
    ]
    return table(("#", "phase", "whose rows act", "rule", "mechanism"), rows)


def outcomes(_: str = "") -> str:
    """Return the table of outcomes."""
    return table(("outcome", "unit", "meaning"), [(f"`{name}`", unit, in_full(name)) for name, unit, _ in OUTCOMES])


_MAKERS: dict[str, Callable[[str], str]] = {
    "parameters": parameters,
    "mechanism": mechanism,
    "state": state,
    "schedule": schedule,
    "outcomes": outcomes,
    "head": scenario_page.head,
    "timeline": scenario_page.timeline,
    "record": scenario_page.record,
    "values": scenario_page.values,
    "sources": sources,
    "claims": pattern_table.claims,
    "ablations": pattern_table.ablations,
    "gates": pattern_table.gates,
}


def renewed(text: str) -> str:
    """Return a document with every generated block made anew.

    Raises:
        KeyError: If a block asks for something that does not exist.
    """

    def make(match: re.Match[str]) -> str:
        kind, _, what = match["what"].strip().partition(" ")
        return f"<!-- generated: {match['what']} -->\n{_MAKERS[kind](what)}\n<!-- end -->"

    return _BLOCK.sub(make, text)


def blocks(text: str) -> list[str]:
    """Return what the generated blocks of a document hold, in order."""
    return [match["what"].strip() for match in _BLOCK.finditer(text)]


def main() -> None:
    """Make the generated blocks of documents anew."""
    parser = argparse.ArgumentParser(prog="python -m sim.show.reference", description=main.__doc__)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="Markdown pages")
    for path in parser.parse_args().files:
        if not path.is_file():
            parser.error(f"there is no file {str(path)!r}")
        path.write_text(renewed(path.read_text(encoding="utf-8")), encoding="utf-8")
        print(f"renewed {path}")


if __name__ == "__main__":
    main()
