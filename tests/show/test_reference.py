"""The model's description is current and complete."""

from __future__ import annotations

from pathlib import Path

from sim.scenario.mechanisms import MECHANISMS
from sim.scenario.parameters import PARAMETERS
from sim.show.reference import blocks, renewed
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
    assert found.count("schedule") == found.count("outcomes") == 1


def test_a_stale_block_is_seen():
    assert "| `merger_hazard` |" in renewed("<!-- generated: parameters merger -->\nold\n<!-- end -->")
