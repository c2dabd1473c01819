"""The page in a real browser, its network cut: every page and lesson, every slider, a history to its end, a what if, a policy out and in again."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from sim.classroom import opening, pairs
from sim.classroom.answers import CAVEAT
from sim.classroom.lesson import load_lesson, shipped_lessons
from sim.cli import main
from sim.observe.nearest import nearest
from sim.scenario.load import load_scenario
from tests.classroom.conftest import PATIENCE, until, visit


@pytest.mark.parametrize("name", ["begin", "dilemma", "history", "what-if", "policies", "lessons"])
def test_every_page_loads_and_says_what_the_model_is_not(watched, served, name):
    page = watched.page
    page.goto(f"{served.url}#/{name}")
    page.wait_for_selector("main h1", timeout=PATIENCE)
    assert page.text_content("#caveat") == CAVEAT
    assert page.is_visible("#caveat")
    assert page.get_attribute(f"nav a[data-page='{name}']", "aria-current") == "page"


@pytest.mark.parametrize("scenario", ["aqim", "dilemma-101", "gia-1990s"])  # All are opened and drawn in tests/classroom/test_export.py.
def test_a_history_plays_to_its_end(watched, served, scenario):
    page = watched.page
    page.goto(f"{served.url}#/history?scenario={scenario}&seed=1")
    page.wait_for_selector("#view .panel", timeout=PATIENCE)
    months = int(page.get_attribute("#month", "max"))
    if scenario != "aqim":  # The longest is played in full, of the others the last three years.
        page.evaluate("(month) => { const s = document.getElementById('month'); s.value = month; s.dispatchEvent(new Event('input')); }", months - 36)
    page.select_option("#speed", "48")
    page.evaluate("""() => { window.ended = 0; window.playing = [];
        document.addEventListener('dilemma:playing', (event) => window.playing.push([event.detail, document.getElementById('play').textContent]));
        document.addEventListener('dilemma:ended', () => { window.ended += 1; }); }""")
    page.click("#play")
    until(page, "() => window.ended === 1")
    assert page.evaluate("window.playing") == [[True, "⏸ Pause"], [False, "▶ Play"]]
    assert page.get_attribute("#view", "data-month") == str(months)
    assert page.input_value("#month") == str(months)
    entries = page.locator("#view .entry")
    visible = page.locator("#view .entry:not([hidden])").count()
    assert visible == entries.count() > 0
    # An entry opens its causes.
    caused = page.locator("#view .entry:has(.cause)")
    if caused.count():
        caused.first.locator("summary").click()
        assert caused.first.locator(".cause").first.is_visible()
    # And back: what has not happened yet is not shown.
    page.click("#to-start")
    assert page.locator("#view .entry:not([hidden])").count() == 0
    page.click("#forward")
    assert page.get_attribute("#view", "data-month") == "1"


def test_what_happened_has_a_lane_and_lines_of_its_own(watched, served):
    page = watched.page
    facts = [
        {"month": 20, "until": 20, "text": "The <b>first</b> fact.", "source": "A book"},
        {"month": 100, "until": 104, "text": "The second fact, " + "told at great length " * 8, "source": "A book"},
    ]
    lines = [{"month": f["month"], "kind": "record", "text": f"{{What happened: {f['text']}}}", "causes": []} for f in facts]

    def with_record(route):
        answer = route.fetch()
        data = answer.json()
        data["record"] = facts
        data["chronicle"] = sorted([*data["chronicle"], *lines], key=lambda e: e["month"])
        route.fulfill(response=answer, json=data)

    page.route("**/answers/history", with_record)
    page.goto(f"{served.url}#/history?scenario=dilemma-101&seed=2")
    page.wait_for_selector("#view .panel", timeout=PATIENCE)

    def at(month):
        page.evaluate("(month) => { const s = document.getElementById('month'); s.value = month; s.dispatchEvent(new Event('input')); }", month)
        lane = page.locator("#view svg.lanes .record")
        marks = lane.locator(".mark").evaluate_all("(marks) => marks.map((m) => getComputedStyle(m).visibility === 'visible')")
        return marks, lane.locator(".fact").text_content()

    assert at(19) == ([False, False], "")
    assert at(20) == ([True, False], "2001-08 The <b>first</b> fact.")
    assert page.locator("#view .entry.record:not([hidden])").count() == 1
    marks, fact = at(120)
    assert marks == [True, True]
    assert fact.startswith("2008-04 The second fact, told")
    assert page.locator("#view .entry.record:not([hidden])").count() == 2
    inside = page.evaluate("""() => {
        const lanes = document.querySelector('#view svg.lanes').getBoundingClientRect();
        const texts = [...document.querySelectorAll('#view svg.lanes .record text')].map((t) => t.getBoundingClientRect());
        return texts.every((box) => box.left >= lanes.left - 1 && box.right <= lanes.right + 1 && box.top >= lanes.top - 1); }""")
    assert inside, "no label of the record leaves the panel"
    above = page.evaluate("""() => {
        const bottom = document.querySelector('#view svg.lanes .record').getBoundingClientRect().bottom;
        return [...document.querySelectorAll('#view svg.lanes > g[clip-path] path')].every((p) => p.getBoundingClientRect().top >= bottom - 1); }""")
    assert above, "the record stands above the model's lanes"
    assert at(50) == ([True, False], "2001-08 The <b>first</b> fact.")


def test_a_scenario_without_a_record_has_no_lane_for_it(watched, served):
    page = watched.page

    def without(route):
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "record": []})

    page.route("**/answers/history", without)
    page.goto(f"{served.url}#/history?scenario=dilemma-101&seed=2")
    page.wait_for_selector("#view svg.lanes path", state="attached", timeout=PATIENCE)
    assert page.locator("#view svg.lanes .record").count() == 0


def test_a_history_is_played_by_keyboard_and_pauses_when_asked(watched, served):
    page = watched.page
    page.goto(f"{served.url}#/history?scenario=dilemma-101&seed=2")
    page.wait_for_selector("#view .panel", timeout=PATIENCE)
    page.focus("#forward")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    assert page.get_attribute("#view", "data-month") == "1"
    page.keyboard.press("End")
    assert page.get_attribute("#view", "data-month") == "120"
    page.keyboard.press("Home")
    page.focus("#play")
    page.keyboard.press("Space")
    until(page, "() => Number(document.getElementById('view').dataset.month) > 3")
    page.keyboard.press("Space")
    stopped = page.get_attribute("#view", "data-month")
    time.sleep(0.4)
    assert page.get_attribute("#view", "data-month") == stopped
    page.wait_for_timeout(400)
    assert page.get_attribute("#view svg.map", "aria-label")


def test_what_if_tells_a_hundred_pairs_and_then_one_of_them(watched, served):
    page = watched.page
    visit(page, served, "what-if?scenario=dilemma-101")
    until(page, "() => (document.getElementById('said')?.textContent || '').includes('of 20 histories')")  # The weightiest event by itself.
    told = pairs.pairs("dilemma-101", 0, None)
    said = page.text_content("#said")
    most = max(told["outcomes"], key=lambda o: max(o["more"], o["less"]))
    assert (
        f"in {max(most['more'], most['less'])} of {pairs.PAIRS} histories {most['more_words' if most['more'] >= most['less'] else 'less_words']}"
        in said
    )
    assert page.locator("#pairs .point").count() == len(told["outcomes"])
    page.wait_for_selector("#after .panel", timeout=PATIENCE)
    assert f"number {told['typical'] + 1}" in page.text_content("#one h2")
    assert "The same to the last bit until" in page.text_content("#pair-said")
    assert page.locator("#overlay .first").count() == 1
    assert page.locator(".difference").count() == 2
    page.click("#to-end")
    assert page.get_attribute("#before", "data-month") == page.get_attribute("#after", "data-month") == "120"
    # The same organisation has the same colour and place in both.
    nodes = """(side) => Object.fromEntries([...document.querySelectorAll(`#${side} circle.node`)]
        .map((c) => [c.textContent, c.style.fill + c.getAttribute('cy')]))"""
    before, after = page.evaluate(nodes, "before"), page.evaluate(nodes, "after")
    assert all(before[name] == after[name] for name in before.keys() & after.keys())
    # The map and the network stand on one screen with the overlay and the clock.
    top, bottom = (page.locator(f"{box}").first.bounding_box() for box in ("#overlay", "#before .panel.map"))
    assert bottom["y"] + bottom["height"] - top["y"] < 720
    pair = page.text_content("#one h2")
    page.click("#another")
    until(page, "(was) => document.querySelector('#one h2') && document.querySelector('#one h2').textContent !== was", pair)
    page.wait_for_selector("#after .panel", timeout=PATIENCE)
    number = int(re.search(r"number (\d+)", page.text_content("#one h2")).group(1)) - 1
    page.click("#differences summary")
    assert f"dilemma whatif dilemma-101 --seed 1 --replicate {number} --change timeline.0.magnitude=0" in page.text_content("#differences")
    page.click("#move")
    until(page, "() => document.getElementById('said').textContent.startsWith('12 months later')")
    assert "shift=12" in page.url


def test_events_stand_by_weight_and_those_that_change_nothing_say_so(watched, served):
    page = watched.page

    def weighed(route):
        events = [
            {"index": 2, "label": "x", "weight": 0.7, "outcome": "Attacks by all groups", "more": True, "told": True, "changed": 25},
            {"index": 0, "label": "x", "weight": 0.01, "outcome": "Attacks by all groups", "more": True, "told": True, "changed": 3},
            {"index": 1, "label": "x", "weight": 0.0, "outcome": "Attacks by all groups", "more": False, "told": False, "changed": 0},
        ]
        route.fulfill(json={"pairs": 25, "events": events})

    page.route("**/answers/weights", weighed)
    visit(page, served, "what-if?scenario=tunisia-chaambi&event=1")
    until(page, "() => document.querySelectorAll('#events .weight').length === 3")
    assert page.locator("#events .event").evaluate_all("(list) => list.map((e) => Number(e.dataset.event))") == [2, 0, 1]
    words = page.locator("#events .weight").all_text_contents()
    assert words == ["much: without it more of “attacks by all groups”", "next to nothing that can be told", "changes nothing"]


def test_the_first_history_is_chosen_by_a_rule_that_the_page_states(watched, served):
    page = watched.page
    visit(page, served, "history?scenario=gia-1990s")
    page.wait_for_selector("#view .panel", timeout=PATIENCE)
    seed = nearest(load_scenario("gia-1990s"), 0, opening.AMONG).seed
    assert page.input_value("#seed") == str(seed)
    assert f"Of {opening.AMONG} histories the one nearest to the record" in page.text_content("#status")
    assert "The names are real" in page.text_content(".caution")
    facts = load_scenario("gia-1990s").record
    page.click("#record summary")
    assert page.locator("#record li").count() == len(facts)
    assert facts[0].source in page.text_content("#record")
    page.click("#another")
    until(page, "() => document.getElementById('status').textContent.startsWith('One of the many')")
    assert page.input_value("#seed") == str(seed + 1)


def test_a_reload_while_playing_goes_on_where_it_was(watched, served):
    page = watched.page
    visit(page, served, "history?scenario=dilemma-101&seed=2")
    page.wait_for_selector("#view .panel", timeout=PATIENCE)
    page.click("#play")
    until(page, "() => Number(document.getElementById('view').dataset.month) > 24")
    page.reload()
    page.wait_for_selector("#view .panel", timeout=PATIENCE)
    assert int(page.get_attribute("#view", "data-month")) > 6


def test_a_policy_goes_out_as_a_scenario_and_comes_in_again(watched, served, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    page = watched.page
    page.goto(f"{served.url}#/policies?scenario=dilemma-101")
    page.wait_for_selector("#outcomes[data-rows]", timeout=PATIENCE)
    page.focus("#force")
    for _ in range(7):
        page.keyboard.press("ArrowRight")
    page.focus("#dialogue")
    page.keyboard.press("End")  # Ten are asked for, three are left.
    assert page.input_value("#dialogue") == "3"
    assert page.text_content("#remaining") == "0 of 10 parts left"
    page.fill("#group", "Back row")
    page.click("#keep")
    until(page, "() => document.getElementById('outcomes').dataset.rows === '2'")
    with page.expect_download() as waiting:
        page.click("[data-group='Back row'] button:has-text('Save')")
    saved = Path(tmp_path / waiting.value.suggested_filename)
    waiting.value.save_as(saved)
    assert main(["check", saved.name]) == 0
    assert main(["run", saved.name, "--replicates", "2", "--json"]) == 0
    page.goto(f"{served.url}#/policies?scenario=dilemma-101&fresh=1")
    page.reload()
    page.wait_for_selector("#outcomes[data-rows]", timeout=PATIENCE)
    assert page.locator("[data-group]").count() == 0
    page.set_input_files("#file", str(saved))
    page.wait_for_selector("[data-group='Back row']", timeout=PATIENCE)
    assert "force 7, dialogue 3" in page.text_content("[data-group='Back row']")
    (tmp_path / "bad.yaml").write_text("extends: aqim\nname: x\npolicies: {budget: 1, forse: 1}\n", encoding="utf-8")
    page.set_input_files("#file", str(tmp_path / "bad.yaml"))
    page.wait_for_selector("#status.error", timeout=PATIENCE)
    assert "bad.yaml:3:23" in page.text_content("#status")
    assert "did you mean 'force'" in page.text_content("#status")


def test_links_of_lessons_lead_to_pages_that_work(watched, served):
    page = watched.page
    for path in shipped_lessons().values():
        for link in load_lesson(path).spec.explore:
            visit(page, served, link.page)
            page.wait_for_selector("main h1", timeout=PATIENCE)
            page.wait_for_timeout(300)
            assert page.locator(".error").count() == 0, link.page


def test_the_address_holds_what_groups_chose(watched, served):
    page = watched.page
    page.goto(f"{served.url}#/policies?scenario=dilemma-101&groups=North:10.0.0.0.0.0;South%20%26%20co:0.0.5.0.5.0&parts=0.0.0.0.0.4")
    until(page, "() => document.getElementById('outcomes')?.dataset.rows === '3'")
    assert page.locator("[data-group='South & co']").count() == 1
    assert page.text_content("#remaining") == "6 of 10 parts left"


def test_nonsense_in_the_address_is_put_right(watched, served):
    page = watched.page
    for place in (
        "nowhere",
        "dilemma?intelligence=lots&divergence=99",
        "history?scenario=../x&seed=-4&month=1e9",
        "policies?groups=a:99.0.0.0.0.0;b;:&parts=x",
        "lessons?lesson=algebra&choice=9",
    ):
        visit(page, served, place)
        page.wait_for_selector("main h1", timeout=PATIENCE)
        assert page.locator(".error").count() == 0, place


def test_light_and_dark_and_back(watched, served):
    page = watched.page
    page.goto(f"{served.url}#/lessons")
    page.wait_for_selector("main h1", timeout=PATIENCE)
    ink = "getComputedStyle(document.body).color"
    light = page.evaluate(ink)
    page.click("#theme")
    assert page.evaluate(ink) != light
    page.reload()
    page.wait_for_selector("main h1", timeout=PATIENCE)
    assert page.get_attribute("html", "data-theme") == "dark"
    page.click("#theme")
    assert page.evaluate(ink) == light


def test_names_with_marks_of_their_own_stay_text(watched, served):
    page = watched.page
    page.goto(f"{served.url}#/policies?scenario=dilemma-101&groups=%3Cimg%20src%3Dx%20onerror%3D%22window.bad%3D1%22%3E:1.0.0.0.0.0")
    until(page, "() => document.getElementById('outcomes')?.dataset.rows === '2'")
    assert page.evaluate("window.bad") is None
    assert page.locator("main img").count() == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_no_barrier(watched, served, theme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = watched.page
    page.emulate_media(color_scheme=theme)
    # What passes need not be told of; in the dark, nothing is another but the colours.
    options = {"resultTypes": ["violations"], **({"runOnly": {"type": "tag", "values": ["cat.color"]}} if theme == "dark" else {})}
    for place, ready in (
        ("begin?trail=1&level=1&move=0", "#frontier svg"),
        ("dilemma", "#frontier svg"),
        ("history?scenario=dilemma-101&month=80", "#view .panel"),
        ("what-if?scenario=dilemma-101&event=0&month=100", "#after .panel"),
        ("policies?scenario=dilemma-101&groups=A:5.0.0.0.5.0", "#outcomes .point"),
        ("lessons", ".cards"),
        ("lessons?lesson=brokers&choice=0&step=1", "#commit"),
        ("lessons?lesson=brokers&choice=0&step=3&n=20", "#verdicts .verdict"),
    ):
        visit(page, served, place)
        page.wait_for_selector("main h1", timeout=PATIENCE)
        until(page, f"() => !!document.querySelector({ready!r})")
        page.wait_for_timeout(200)
        found = axe.Axe().run(page, options=options)
        barriers = [(v["id"], [n["html"][:120] for n in v["nodes"]][:3]) for v in found.response["violations"]]
        assert not barriers, (place, barriers)
