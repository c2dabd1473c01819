"""The pages of the shipped histories hold the scenarios' initial values, current and complete, and say where the values come from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.scenario.load import load_scenario
from sim.scenario.schema import EmirSpec, TieSpec
from sim.show import scenario_page
from sim.show.reference import blocks, renewed

PAGES = sorted((Path(__file__).parents[2] / "docs" / "scenarios").glob("*.md"))
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)


@every_page
def test_a_page_is_current(page):
    text = page.read_text(encoding="utf-8")
    assert renewed(text) == text, "make it anew: python -m sim.show.reference docs/scenarios/*.md"


@every_page
def test_a_page_has_every_table_once_and_no_other_scenarios(page):
    name = page.stem
    parts = [f"values {name} {part}" for part in scenario_page.sections(name)]
    assert blocks(page.read_text(encoding="utf-8")) == [f"head {name}", f"timeline {name}", f"record {name}", *parts]


@every_page
def test_above_each_table_stands_where_its_values_come_from(page):
    """What is named in code style in such a line is a column or a row of that table: exceptions are not of things that have gone."""
    scenario = load_scenario(page.stem)
    lines = re.findall(r"^Values: (.+)\n\n<!-- generated: values \S+ (\w+) -->$", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert [part for _, part in lines] == scenario_page.sections(page.stem)
    for line, part in lines:
        rows = getattr(scenario, part)
        known = set(rows) if part == "parameters" else {row.name for row in rows} | set(type(rows[0]).model_fields)
        assert set(re.findall(r"`([^`]+)`", line)) <= known, part


def test_a_table_has_a_row_an_agent_and_says_unit_and_claim_of_each_column():
    scenario = load_scenario("aqim")
    head, _, units, claims, *rows = _cells(scenario_page.values("aqim emirs"))
    assert head[0] == "command"
    assert [row[0] for row in rows] == [emir.name for emir in scenario.emirs]
    strength, loyalty, ties = (head.index(f"`{field}`") for field in ("strength", "loyalty", "ties"))
    extra = {field: info.json_schema_extra for field, info in EmirSpec.model_fields.items()}
    assert (units[strength], claims[loyalty]) == (extra["strength"]["unit"], extra["loyalty"]["source"])
    assert claims[ties] == TieSpec.model_fields["pragmatic"].json_schema_extra["source"]
    assert [float(row[strength]) for row in rows] == [emir.strength for emir in scenario.emirs]
    assert all(tie.community in row[ties] for emir, row in zip(scenario.emirs, rows, strict=True) for tie in emir.ties)


def test_what_no_agent_of_a_scenario_is_given_stands_below_and_what_some_are_not_given_in_italics():
    table = scenario_page.values("dilemma-101 organisations")
    assert "`absent`" not in table.splitlines()[0]
    assert table.splitlines()[-1] == "At the default throughout: `brand` none, `absent` no, `renamed` empty."
    head, _, _, _, *rows = _cells(scenario_page.values("aqim organisations"))
    absent = head.index("`absent`")
    assert {row[0]: row[absent] for row in rows} == {"GSPC": "*no*", "GIA": "*no*", "Tuareg rebels": "yes", "Self-defence groups": "yes"}


def test_a_record_is_a_row_a_fact_and_a_scenario_may_have_none():
    facts = load_scenario("aqim").record
    _, _, *rows = _cells(scenario_page.record("aqim"))
    assert [row[1] for row in rows] == [fact.what for fact in facts]
    assert [row[0] for row in rows if " to " in row[0]] == [f"{fact.date} to {fact.until}" for fact in facts if fact.until]
    assert scenario_page.record("dilemma-101") == "There is no record."


def _cells(table):
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if line.startswith("|")]
