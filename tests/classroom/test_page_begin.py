"""The story that the classroom begins with: contacts are dragged, a raid runs along them, and nothing is given away before it has been predicted."""

from __future__ import annotations

import re
from pathlib import Path

from sim.rules import control
from tests.classroom.conftest import until, visit


def meets(page):
    return float(re.search(r"meets \w+ ([\d.]+) times", page.text_content("#contact-said")).group(1))


def test_a_contact_is_dragged_thicker_and_thinner(watched, served):
    page = watched.page
    page.goto(served.url)
    page.wait_for_selector("#contacts-0 .contact")
    knob = page.locator("#contacts-0 [data-contact='4'] .knob").bounding_box()
    x, y = knob["x"] + knob["width"] / 2, knob["y"] + knob["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 30, steps=3)
    thick = meets(page)
    page.mouse.move(x, y + 60, steps=3)
    page.mouse.up()
    assert "meets Ember" in page.text_content("#contact-said")
    assert meets(page) < thick
    # The same contacts stand in every drawing, and keys move them, too.
    assert page.get_attribute("#contacts-2 [data-contact='4']", "aria-valuenow") == page.get_attribute(
        "#contacts-0 [data-contact='4']", "aria-valuenow"
    )
    page.focus("#contacts-1 [data-contact='0']")
    page.keyboard.press("End")
    assert "meets Amber 10.0 times" in page.text_content("#contact-said")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.dataset.contact") == "0"
    assert meets(page) == 9.5


def test_a_raid_runs_along_warm_contacts_only(watched, served):
    page = watched.page
    page.goto(served.url)
    page.wait_for_selector("#contacts-1 .contact")
    assert page.is_disabled("#raid"), "nobody sees where it leads before having predicted"
    page.click("#predict-trail [data-option='2']")
    given_away = {}
    for lines in ("thin", "thick"):
        page.reload()  # The tally begins anew, the prediction stays.
        page.wait_for_selector("#raid:not([disabled])")
        page.click(f"#{lines}")
        for _ in range(20):
            page.click("#raid")
        said = page.text_content("#trail-said")
        assert "After 20 raids" in said
        given_away[lines] = int(re.search(r"(\d+) other bands?", said).group(1))
    assert given_away["thick"] > given_away["thin"]
    assert page.locator("#contacts-1 .emir.lost").count() >= 1


def test_emirs_whom_nobody_asks_go_their_own_way(watched, served):
    page = watched.page
    page.goto(served.url)
    page.wait_for_selector("#contacts-1 .contact")
    page.click("#thick")
    page.click("#year")
    assert page.locator("#contacts-2 .emir.away").count() == 0
    page.click("#thin")
    page.click("#year")
    away = page.locator("#contacts-2 .emir.away").count()
    assert away > 0
    assert page.text_content("#year-said").count("(asked in") == away


def test_the_curve_and_the_slider_come_after_a_prediction_each(watched, served):
    page = watched.page
    page.goto(served.url)
    page.wait_for_selector("#predict-level")
    assert not page.is_visible("#frontier")
    assert not page.is_visible("#intelligence")
    page.click("#predict-level [data-option='1']")
    until(page, "() => document.getElementById('frontier').dataset.part === '2'")
    first = page.get_attribute("#frontier .best", "data-level")
    assert not page.is_visible("#intelligence")
    page.click("#predict-move [data-option='0']")
    page.focus("#intelligence")
    page.keyboard.press("Home")
    until(page, "() => document.getElementById('moved').textContent.startsWith('It was')")
    assert page.get_attribute("#frontier .best-was", "data-level") == first
    visit(page, served, page.url.partition("#/")[2])  # Who sends the address sends the predictions.
    page.wait_for_selector("#frontier svg")
    assert page.get_attribute("#predict-level [aria-pressed=true]", "data-option") == "1"
    assert page.is_visible("#intelligence")


def test_behind_every_mechanism_stands_the_rules_own_text(watched, served):
    page = watched.page
    page.goto(served.url)
    page.wait_for_selector("#info .info")
    page.click("#info .info > summary")
    page.click("#info [data-rule='control'] summary")
    until(page, "() => document.querySelector(`[data-rule='control'] pre`).textContent.length > 0")
    assert page.text_content("[data-rule='control'] pre") == Path(control.__file__).read_text(encoding="utf-8")
