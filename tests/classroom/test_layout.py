"""Every page at four widths and on paper: no text over another, none cut off, measured from boxes."""

from __future__ import annotations

import pytest

from tests.classroom.conftest import PATIENCE, until, visit

PLACES = {
    "begin": ("begin?trail=1&level=1&move=0", "() => document.querySelector('#frontier svg')"),
    "dilemma": ("dilemma", "() => document.querySelector('.take-away')"),
    "history": ("history?scenario=northern-mali-2012&seed=2&month=30", "() => document.querySelector('#view .panel')"),
    "what-if": ("what-if?scenario=dilemma-101&event=0&month=100", "() => document.querySelector('#after .panel')"),
    "policies": ("policies?scenario=dilemma-101&groups=North:5.0.0.0.5.0", "() => document.querySelector('#outcomes')?.dataset.rows === '2'"),
    "lessons": ("lessons", "() => document.querySelector('.cards')"),
    "lesson": ("lessons?lesson=dilemma&choice=0&step=3&n=20", "() => document.querySelector('#verdicts .verdict')"),
}

# Boxes of texts that are seen: of elements that hold text themselves, and of the texts of figures.
TROUBLE = """() => {
    const found = [], seen = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth) found.push(['wider than the screen', root.scrollWidth]);
    const texts = [...document.querySelectorAll('body *')].filter((e) => seen(e) && !e.closest('.visually-hidden, .skip, option, noscript')
        && [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()));
    for (const e of texts) {
        if (e.closest('svg')) continue;
        // What scrolls within a box of its own is not cut; nor is what a choice shows of a long name.
        if (e.scrollWidth > e.clientWidth + 2 && getComputedStyle(e).display !== 'inline' && getComputedStyle(e).overflowX !== 'auto')
            found.push(['cut', e.textContent.slice(0, 60), e.scrollWidth, e.clientWidth]);
        const box = e.getBoundingClientRect();
        if ((box.right > innerWidth + 1 || box.left < -1) && !e.closest('.wide')) found.push(['leaves the screen', e.textContent.slice(0, 60)]);
    }
    for (const svg of document.querySelectorAll('svg')) {
        if (!seen(svg) || svg.closest('.clock')) continue;
        const frame = svg.getBoundingClientRect();
        const drawn = [...svg.querySelectorAll('text')].filter((t) => seen(t) && t.textContent.trim() && !t.closest('[visibility=hidden]'))
            .map((t) => ({ text: t.textContent, box: t.getBoundingClientRect(), name: svg.getAttribute('class') }));
        for (const { text, box, name } of drawn)
            if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 2 || box.bottom > frame.bottom + 2)
                found.push(['leaves its figure', name, text]);
        // Letters stand within their box with a little air above and below, which may touch.
        for (let a = 0; a < drawn.length; a++) for (let b = a + 1; b < drawn.length; b++) {
            const one = drawn[a].box, other = drawn[b].box, air = 0.22 * Math.min(one.height, other.height);
            if (one.left < other.right - 1 && other.left < one.right - 1 && one.top + air < other.bottom - air && other.top + air < one.bottom - air)
                found.push(['overlaps', drawn[a].name, drawn[a].text, drawn[b].text]);
        }
    }
    return found; }"""


@pytest.mark.parametrize("name", list(PLACES))
def test_no_text_overlaps_or_is_cut_from_phone_to_projector(watched, served, name):
    page, (place, ready) = watched.page, PLACES[name]
    page.set_viewport_size({"width": 1920, "height": 1080})
    visit(page, served, place)
    for width, height in ((1920, 1080), (1280, 720), (640, 720), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        until(page, f"() => !!({ready})()")
        page.wait_for_timeout(150)  # Figures are drawn anew after the window has changed.
        trouble = page.evaluate(TROUBLE)
        assert not trouble, (width, trouble[:8])


@pytest.mark.parametrize("name", ["begin", "dilemma", "policies", "lesson"])
def test_nothing_is_cut_on_paper(watched, served, name):
    page, (place, ready) = watched.page, PLACES[name]
    # As wide as A4 between its margins: what the printer lays out.
    page.set_viewport_size({"width": 718, "height": 1000})
    visit(page, served, place)
    until(page, f"() => !!({ready})()")
    page.emulate_media(media="print")
    page.wait_for_timeout(150)
    trouble = [t for t in page.evaluate(TROUBLE) if t[0] != "cut" or t[2] > 718]
    assert not trouble, trouble[:8]
    assert not page.is_visible("nav#pages")
    assert len(page.pdf(format="A4", margin={side: "1cm" for side in ("top", "bottom", "left", "right")})) > 10_000
    if name == "lesson":  # A handout holds every step.
        assert page.evaluate("[...document.querySelectorAll('.step')].every((s) => s.checkVisibility())")


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
