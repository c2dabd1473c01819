"""The model's description is current and complete."""

from __future__ import annotations

import re
from pathlib import Path

from sim.scenario.mechanisms import MECHANISMS
from sim.scenario.parameters import PARAMETERS
from sim.show.reference import BASES, blocks, renewed, sources
from sim.world.layout import LAYOUT

ODD = Path(__file__).parents[2] / "docs" / "ODD.md"


def test_the_committed_description_is_current():
    text = ODD.read_text(encoding="utf-8")
    assert renewed(text) == text, "make it anew: python -m sim.show.reference docs/ODD.md"


def test_everything_is_described_once():
    found = blocks(ODD.read_text(encoding="utf-8"))
    assert sorted(f for f in found if f.startswith("mechanism ")) == sorted(f"mechanism {key}" for key in MECHANISMS)
    assert sorted(f for f in found if f.startswith("state ")) == sorted(f"state {table}" for table in LAYOUT)
    assert sorted(f for f in found if f.startswith("parameters ")) == sorted({f"parameters {p.mechanism}" for p in PARAMETERS.values()})
    assert found.count("schedule") == found.count("outcomes") == found.count("sources") == 1


def test_every_name_in_an_equation_is_a_parameter():
    names = {name.replace("\\_", "_") for name in re.findall(r"\\texttt\{([^}]*)\}", ODD.read_text(encoding="utf-8"))}
    assert len(names) > 40
    assert names <= PARAMETERS.keys()


def test_what_values_rest_on_is_counted_once_each():
    lines = [[cell.strip() for cell in line.split("|")[1:4]] for line in sources().splitlines() if line.startswith("| ")]
    counts = {kind: int(number) for kind, number, _ in lines[1:]}
    assert counts.pop("all") == sum(counts.values()) == len(PARAMETERS)
    assert counts.keys() <= BASES.keys()
    fitted = re.findall(r"`(\w+)`", sources().rpartition("Fitted:")[2])
    assert [PARAMETERS[name].value for name in fitted] == ["levels"] * counts["levels"]


def test_a_stale_block_is_seen():
    assert "| `merger_hazard` |" in renewed("<!-- generated: parameters merger -->\nold\n<!-- end -->")
