"""The pages in ``docs/scenarios`` say what the shipped histories say, and the histories leave to the model what the groups did."""

from pathlib import Path

import pytest
import yaml

from sim.scenario.schema import Scenario

ROOT = Path(__file__).parents[2]
HISTORIES = sorted((ROOT / "scenarios").glob("*.yaml"))

ENDOGENOUS = ("ansar dine", "mujwa", "mujao", "mourabitoun", "jund al-khilafah", "jnim")
"""Groups that the followed lineage or its brokers brought forth: the model must bring them forth, or not."""


def read(path: Path) -> Scenario:
    return Scenario.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def test_the_seven_histories_ship() -> None:
    assert {path.stem for path in HISTORIES} >= {
        "aqim", "gia-1990s", "northern-mali-2012", "algeria-2019", "tunisia-chaambi", "libya-platform", "dilemma-101",
    }  # fmt: skip


@pytest.mark.parametrize("path", HISTORIES, ids=lambda path: path.stem)
def test_every_dated_fact_is_labelled_sourced_in_order_and_on_its_page(path: Path) -> None:
    scenario = read(path)
    page = (ROOT / "docs" / "scenarios" / f"{path.stem}.md").read_text(encoding="utf-8")
    page = page.partition("## Timeline")[2].partition("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line.startswith(("| 19", "| 20"))]
    dated = [[row[0], row[1], row[2], row[5], row[6]] for row in rows]
    assert dated == [[entry.date, entry.event, entry.target or "all", entry.label, entry.source] for entry in scenario.timeline]
    lasting = [(row[3], row[4]) for row in rows if row[3]]
    assert lasting == [(f"{e.magnitude:g}", str(e.months)) for e in scenario.timeline if e.event not in ("leader_death", "entry")]
    dates = [entry.date for entry in scenario.timeline]
    assert dates == sorted(dates)
    assert all(entry.label and entry.source for entry in scenario.timeline)


@pytest.mark.parametrize("path", HISTORIES, ids=lambda path: path.stem)
def test_no_history_ships_what_its_groups_did(path: Path) -> None:
    scenario = read(path)
    given = [organisation.name for organisation in scenario.organisations] + [entry.label for entry in scenario.timeline]
    assert [name for name in given for group in ENDOGENOUS if group in name.lower()] == []


@pytest.mark.parametrize("path", [path for path in HISTORIES if path.stem != "dilemma-101"], ids=lambda path: path.stem)
def test_what_the_sources_say_happened_is_in_order_and_nothing_the_timeline_gives_is_expected_of_the_model(path: Path) -> None:
    scenario = read(path)
    dates = [fact.date for fact in scenario.record]
    assert dates
    assert dates == sorted(dates)
    given = {(entry.date, {"leader_death": "succession"}.get(entry.event, entry.event)) for entry in scenario.timeline}
    assert [fact.what for fact in scenario.record if (fact.date, fact.event) in given] == []


def test_the_main_history_records_the_four_fragmentations() -> None:
    facts = read(ROOT / "scenarios" / "aqim.yaml").record
    broken = [(fact.event, (fact.until or fact.date)[:4]) for fact in facts if fact.event in ("departure", "splinter", "autonomy", "pledge")]
    assert {("departure", "2007"), ("splinter", "2011"), ("autonomy", "2012"), ("pledge", "2014")} <= set(broken)
