"""Under every drawing stand a picture of it and its numbers: what is taken away is what is shown."""

from __future__ import annotations

import csv
import io

import pytest
from PIL import Image

from sim.classroom import pairs, twin
from sim.classroom.playback import playback
from sim.observe.history import run
from sim.scenario.load import load_scenario
from tests.classroom.conftest import until, visit
from tests.classroom.places import PLACES

DRAWINGS = "() => [...document.querySelectorAll('svg.chart, .canvas svg')].filter((svg) => svg.checkVisibility()).length"


def opened(page, served, name):
    place, ready = PLACES[name]
    visit(page, served, place)
    until(page, f"() => !!({ready})()")


def taken(page, button):
    with page.expect_download() as waiting:
        button.click()
    return waiting.value.path().read_bytes()


def table(data):
    return list(csv.DictReader(io.StringIO(data.decode())))


@pytest.mark.parametrize("name", ["begin", "dilemma", "history", "what-if", "policies", "lesson, step 4"])
def test_every_drawing_can_be_taken_away_as_picture_and_as_numbers(watched, served, name):
    page = watched.page
    opened(page, served, name)
    buttons = page.locator("main .take-away button")
    files = buttons.evaluate_all("(list) => list.map((b) => b.dataset.file)")
    drawings = page.evaluate(DRAWINGS)
    assert len(files) == 2 * drawings > 0
    assert len(set(files)) == len(files), "no file overwrites another"
    assert "MIT licence" in page.locator("main .take-away").first.text_content()
    # One of each kind is enough of those that are drawn alike.
    for k in {0, len(files) - 2}:
        rows = list(csv.reader(io.StringIO(taken(page, buttons.nth(k + 1)).decode())))
        assert len(rows) > 1
        assert {len(row) for row in rows} == {len(rows[0])}
        image = Image.open(io.BytesIO(taken(page, buttons.nth(k))))
        assert min(image.size) > 100
        assert len(image.convert("RGB").getcolors(1 << 24)) > 3, "something is drawn on it"


def test_numbers_of_the_player_are_those_of_the_history(watched, served):
    page = watched.page
    opened(page, served, "history")
    history = playback(run(load_scenario("northern-mali-2012"), 2, 0))
    rows = {name: table(taken(page, page.locator(f"[data-file$='{name}.csv']"))) for name in ("lanes", "map", "network")}
    assert sum(int(row["strength"]) for row in rows["lanes"]) == sum(sum(o["strength"]) for o in history["organisations"])
    assert sum(int(row["strength"]) for row in rows["map"]) == sum(sum(p["strength"]) for p in history["presence"])
    assert {row["region"] for row in rows["map"]} == {r["name"] for r in history["regions"]}
    ties = [row for row in rows["network"] if row["kind"] == "tie"]
    assert sum(int(row["tie_percent"]) for row in ties) == sum(sum(t["tie"]) for t in history["ties"])


def test_numbers_of_the_overlay_are_those_of_the_two_histories(watched, served):
    page = watched.page
    opened(page, served, "what-if")
    rows = table(taken(page, page.locator("[data-file^='what-if'][data-file*='-pair-'][data-file$='.csv']")))
    found = twin.twin("dilemma-101", 0, None, pairs.SEED, pairs.pairs("dilemma-101", 0, None)["typical"])
    for column, side in (("strength_as_it_was", "before"), ("strength_otherwise", "after")):
        assert [int(row[column]) for row in rows] == found[side]["lineage"]["strength"]


def test_numbers_of_the_story_follow_what_is_dragged(watched, served):
    page = watched.page
    opened(page, served, "begin")
    page.focus("#contacts-0 [data-contact='0']")
    page.keyboard.press("End")
    rows = table(taken(page, page.locator("[data-file='contacts-1.csv']")))
    assert rows[0]["emir"] == "Amber"
    assert float(rows[0]["meetings_a_month"]) == 10.0
    assert float(rows[0]["asked_in_a_month"]) > float(rows[1]["asked_in_a_month"])
    page.click("#raid")
    found = [row["state"] for row in table(taken(page, page.locator("[data-file='contacts-2.csv']")))]
    assert found.count("found") == page.locator("#contacts-1 .emir.lost").count() >= 1
