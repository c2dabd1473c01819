"""A parameter set given in words: a scenario, then changes and mechanisms off, as ``aqim,percolation=0.2,without=brokerage``."""

from __future__ import annotations

from dataclasses import replace

from sim.scenario.errors import Place, ScenarioError
from sim.scenario.load import load_scenario
from sim.scenario.schema import Scenario

MOST_SETS = 40
"""Parameter sets that can be set side by side."""


def parameter_set(text: str) -> Scenario:
    """Return the scenario that a parameter set in words is.

    Raises:
        ScenarioError: If the scenario or a change is not admissible; what is wrong with a change is told of the words that were typed.
    """
    source, *changes = _parts(text)
    without = [c.removeprefix("without=") for c in changes if c.startswith("without=")]
    try:
        return load_scenario(source, overrides=[c for c in changes if not c.startswith("without=")], without=without)
    except ScenarioError as error:
        # Nobody typed --set here.
        place = Place(f"argument {text!r}")
        raise ScenarioError([replace(p, place=place) if p.place.file.startswith("--") else p for p in error.problems]) from None


def source_of(text: str) -> str:
    """Return the name or the path of the scenario that a parameter set in words begins with."""
    return _parts(text)[0]


def _parts(text: str) -> list[str]:
    """Split at commas, but not at those within brackets, where a value has parts."""
    parts, depth = [""], 0
    for letter in text:
        depth += (letter in "[{(") - (letter in "]})")
        if letter == "," and depth <= 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [p.strip() for p in parts if p.strip()] or [text]
