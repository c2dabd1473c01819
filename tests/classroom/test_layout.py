"""Every page at four widths, at 200 %, in the presenter's letters and on paper: nothing over another, nothing cut, measured from boxes."""

from __future__ import annotations

import pytest

from tests.classroom.boxes import sized, trouble
from tests.classroom.conftest import PATIENCE, until, visit
from tests.classroom.places import PLACES

SCREENS = ((1920, 1080, 1), (1280, 720, 1), (640, 720, 1), (390, 844, 1), (1920, 1080, 2))
"""Width and height in pixels of the screen, and how many times enlarged. (1280 enlarged to 200 % is 640.)"""

DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(() => done()))))"
SMALLEST = """() => Math.min(...[...document.querySelectorAll('body *')].filter((e) => e.checkVisibility() && !e.closest('select, option')
    && [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())).map((e) => parseFloat(getComputedStyle(e).fontSize)))"""


def opened(watched, served, name):
    """Go to a place in a large window, and wait until it has been answered."""
    place, ready = PLACES[name]
    watched.page.emulate_media(media="screen")
    sized(watched.page, 1920, 1080)
    visit(watched.page, served, place)
    until(watched.page, f"() => !!({ready})()")
    return watched.page


@pytest.mark.parametrize("name", list(PLACES))
def test_no_text_overlaps_or_is_cut_from_phone_to_projector(watched, served, name):
    page = opened(watched, served, name)
    for width, height, zoom in SCREENS:
        sized(page, width, height, zoom)
        until(page, f"() => !!({PLACES[name][1]})()")
        page.evaluate(DRAWN)  # Figures are drawn anew after the window has changed.
        found = trouble(page)
        assert not found, (width, zoom, found[:8])


@pytest.mark.parametrize("name", [name for name in PLACES if not name.startswith("lesson, step") or name == "lesson, step 4"])
def test_nothing_is_cut_on_paper(watched, served, name):
    page = opened(watched, served, name)
    # What a browser does that prints: it says so, and lays out for the width of A4 between its margins.
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    sized(page, 718, 1000)
    # That the window has changed is not told to a page that is being printed: what was drawn for paper must do.
    page.evaluate(DRAWN)
    found = trouble(page, paper=True)
    assert not found, found[:8]
    assert not page.is_visible("nav#pages")
    if name == "lesson, step 4":  # A handout holds every step.
        assert page.evaluate("[...document.querySelectorAll('.step')].every((s) => s.checkVisibility())")
    if name.startswith(("history", "what-if")):
        assert page.evaluate("[...document.querySelectorAll('.player .canvas svg')].every((s) => s.getBoundingClientRect().width > 600)")


def test_what_is_drawn_for_paper_is_what_is_printed(watched, served):
    """A real print of a wide window: what it leaves behind is the page for the screen, as it was."""
    page = opened(watched, served, "history")
    page.evaluate("""() => { window.widths = []; document.addEventListener('dilemma:paper', () =>
        window.widths.push(Number(document.querySelector('svg.lanes').getAttribute('width')))); }""")
    wide = page.evaluate("Number(document.querySelector('svg.lanes').getAttribute('width'))")
    assert len(page.pdf(format="A4", margin=dict.fromkeys(("top", "bottom", "left", "right"), "1cm"))) > 10_000
    page.evaluate(DRAWN)
    assert page.evaluate("window.widths") == [pytest.approx(686, abs=3), wide]


@pytest.mark.parametrize("name", ["begin", "dilemma", "history", "what-if", "policies", "lessons", "lesson, step 4"])
def test_the_back_row_can_read_it(watched, served, name):
    """In the presenter's view no letter is below 24 pixels on a screen of 1920, and nothing is cut for that."""
    page = opened(watched, served, name)
    page.evaluate("document.getElementById('room').getAttribute('aria-pressed') === 'true' || document.getElementById('room').click()")
    until(page, f"() => !!({PLACES[name][1]})()")
    page.evaluate(DRAWN)
    try:
        assert page.evaluate(SMALLEST) >= 24
        found = trouble(page)
        assert not found, found[:8]
    finally:
        page.evaluate("document.getElementById('room').click()")


MEANINGS = """() => [...document.querySelectorAll('main .word')].filter((word) => word.checkVisibility()).map((word) => {
    word.focus();
    const box = word.querySelector('.meaning').getBoundingClientRect();
    word.blur();
    return [word.firstChild.textContent, box.width > 0 && box.left >= 0 && box.right <= document.documentElement.clientWidth]; })"""


@pytest.mark.parametrize(
    ("name", "words"), [("begin", {"emirs", "raid"}), ("dilemma", {"control"}), ("history", {"lineage", "haven", "katibas", "seed"})]
)
def test_a_word_is_explained_where_it_stands_and_on_the_screen(watched, served, name, words):
    page = opened(watched, served, name)
    for width in (1280, 390):
        sized(page, width, 800)
        page.evaluate(DRAWN)
        explained = dict(page.evaluate(MEANINGS))
        assert words <= set(explained)
        assert all(explained.values()), (width, explained)


def test_the_first_figure_waits_for_little(watched, served):
    """What stands between opening the page and its first figure: a few hundred kilobytes and one answer. (In seconds: benchmarks/classroom.py.)"""
    page = watched.page
    page.goto(served.url)
    page.wait_for_selector("svg.contacts", timeout=PATIENCE)
    answers = [url for url in watched.requests if "/answers/" in url]
    assert [url.rpartition("/")[2] for url in answers] == ["contents"]
    assert len(watched.requests) < 8
    size = page.evaluate("performance.getEntriesByType('resource').reduce((sum, entry) => sum + entry.decodedBodySize, 0)")
    assert 50_000 < size < 400_000
