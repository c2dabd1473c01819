"""The TRACE document is current, and what it points at is there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from sim.cli import VERBS
from sim.evidence.claims import CLAIMS
from sim.evidence.gates.ablation import PREDICTED
from sim.evidence.gates.battery import GATES
from sim.scenario.inheritance import shipped
from sim.scenario.mechanisms import MECHANISMS
from sim.show.pattern_table import ablations, claims, gates, touched
from sim.show.reference import blocks, renewed
from sim.study.experiment import shipped_studies

ROOT = Path(__file__).parents[2]
TRACE = ROOT / "docs" / "TRACE.md"
ELEMENTS = (
    "Problem formulation", "Model description", "Data evaluation", "Conceptual model evaluation", "Implementation verification",
    "Model output verification", "Model analysis", "Model output corroboration",
)  # fmt: skip


def test_it_has_the_eight_elements_and_current_tables() -> None:
    text = TRACE.read_text(encoding="utf-8")
    assert re.findall(r"^## \d (.*)$", text, re.MULTILINE) == list(ELEMENTS)
    assert blocks(text) == ["ablations", "claims", "gates"]
    assert renewed(text) == text, "make it anew: python -m sim.show.reference docs/TRACE.md"


def test_commands_and_files_that_it_names_are_there() -> None:
    named = re.findall(r"`([^`\n]+)`", TRACE.read_text(encoding="utf-8"))
    verbs = {name for name, _, _ in VERBS}
    commands = [shlex.split(words)[1:] for words in named if words.startswith("dilemma ")]
    assert len(commands) > 15
    for words in commands:
        assert words[0] in verbs, words
        known = {*shipped_studies(), *shipped()}
        assert all(word in known for word in words[1:2] if word.startswith(("calibrate-", "forecast-", "leave-", "check-", "aqim"))), words
    for file in (words for words in named if re.fullmatch(r"[\w./-]+\.(py|yaml)", words)):
        assert (ROOT / file).is_file(), file
    for module in (words.split()[2] for words in named if words.startswith("python -m ")):
        where = ROOT / module.replace(".", "/")
        assert where.with_suffix(".py").is_file() or where.is_dir(), module


def test_its_tables_hold_every_claim_mechanism_and_gate() -> None:
    assert [c.id for c in CLAIMS] == re.findall(r"^\| \*\*(\w+)\*\*", claims(), re.MULTILINE)
    rows = [line.split(" | ") for line in ablations().splitlines() if line.startswith("| M")]
    assert [row[0].split()[1] for row in rows] == [m.id for m in MECHANISMS.values()]
    assert sum(cell in ("+", "−") for row in rows for cell in row[1:-1]) == sum(map(len, PREDICTED.values()))
    found = [line.split(" | ") for line in gates().splitlines() if line.startswith("| G")]
    assert [row[0].split()[1] for row in found] == list(GATES)
    assert all(len(row[1]) > 20 for row in found)


@pytest.mark.parametrize(("claim", "keys"), [("M1", ["meta_strategy"]), ("M6", ["brokerage"]), ("M2", [])])
def test_a_claim_differs_in_what_its_worlds_differ_in(claim: str, keys: list[str]) -> None:
    assert touched(next(c for c in CLAIMS if c.id == claim)) == keys
