"""Lessons in a real browser: a step at a time, nothing before its prediction, and figures that say what the verdicts say."""

from __future__ import annotations

import pytest

from sim.classroom.lesson import load_lesson, shipped_lessons
from tests.classroom.conftest import PATIENCE, until, visit

LESSONS = {load_lesson(path).spec.name: load_lesson(path).spec for path in shipped_lessons().values()}
FIGURE = """() => [...document.querySelectorAll('#experiment .panel-of')].map((panel) => ({
    name: panel.dataset.outcome, nought: panel.querySelector('.nought').getBoundingClientRect().x,
    rows: [...panel.querySelectorAll('.point')].map((p) => { const bar = p.querySelector('line').getBoundingClientRect();
      return { low: Number(p.dataset.low), high: Number(p.dataset.high), left: bar.left, right: bar.right }; }) }))"""
SAID = """() => [...document.querySelectorAll('#verdicts li')].map((li) => ({ ...li.dataset }))"""


@pytest.mark.parametrize("name", list(LESSONS))
def test_a_lesson_is_taken_from_question_to_discussion(watched, served, name):
    page, spec = watched.page, LESSONS[name]

    def shown():
        return page.evaluate("[...document.querySelectorAll('.step')].filter((s) => s.checkVisibility()).map((s) => Number(s.dataset.step))")

    visit(page, served, f"lessons?lesson={name}&step=5&n=20")
    page.wait_for_selector("#commit", state="attached", timeout=PATIENCE)
    assert shown() == [1], "nobody comes to the run without a prediction"
    visit(page, served, f"lessons?lesson={name}")
    page.click(".step:not([hidden]) .onward")
    until(page, "() => document.querySelector('[data-step=\"1\"]')?.checkVisibility()")
    page.click("#commit")
    assert "Choose a prediction first" in page.text_content("#complaint")
    page.check("#option-0")
    page.fill("#why", "because <b>so</b>")
    page.click("#commit")
    until(page, "() => document.querySelector('[data-step=\"2\"]')?.checkVisibility()")
    assert page.is_disabled("#option-0"), "a prediction is a commitment"
    page.fill("#hands-0", "7")
    page.fill("#hands-1", "14")
    widths = page.locator(".vote .hand").evaluate_all("(bars) => bars.map((bar) => bar.getBoundingClientRect().width)")
    assert widths[0] == pytest.approx(widths[1] / 2, abs=2)
    page.click(".step:not([hidden]) .onward")
    until(page, "() => document.querySelector('[data-step=\"3\"]')?.checkVisibility()")
    assert page.locator("#verdicts .verdict").count() == 0, "nothing is given away before the class runs it"
    assert "because <b>so</b>" in page.text_content(".committed")
    page.click("[data-size='20']")
    page.wait_for_selector("#verdicts .verdict", timeout=PATIENCE)
    compare(page, spec)
    page.reload()  # A friend with the address sees the same.
    page.wait_for_selector("#verdicts .verdict", timeout=PATIENCE)
    compare(page, spec)
    page.click(".step:not([hidden]) .onward")
    until(page, "() => document.querySelector('[data-step=\"4\"]')?.checkVisibility()")
    assert shown() == [4]
    page.click(".step:not([hidden]) .onward")
    until(page, "() => document.querySelector('[data-step=\"5\"]')?.checkVisibility()")
    assert page.locator(".questions li").count() == len(spec.discussion)
    assert "hands=7.14" in page.url


def compare(page, spec):
    """The figure and the verdicts say the same of every difference, as numbers and as what is seen on either side of the line."""
    figure, said = page.evaluate(FIGURE), page.evaluate(SAID)
    assert page.locator("#verdicts .verdict").count() == len(spec.prediction.options)
    predicted = {e.outcome for option in spec.prediction.options for e in option.expects}
    names = [o.name for o in spec.experiment.outcomes]
    assert [panel["name"] for panel in figure] == [name for name in names if name in predicted]
    panels = {names.index(panel["name"]): panel for panel in figure}
    assert len(said) == sum(len(option.expects) for option in spec.prediction.options)
    for contrast in said:
        panel = panels[int(contrast["outcome"])]
        row = panel["rows"][int(contrast["pair"])]
        left, right = row["left"] - panel["nought"], row["right"] - panel["nought"]
        assert (left > 0) == (row["low"] > 0) or abs(left) < 1.5
        assert (right < 0) == (row["high"] < 0) or abs(right) < 1.5
        side = "higher" if row["low"] > 0 else "lower" if row["high"] < 0 else "neither"
        expected = {"same": "holds" if side == "neither" else "contrary"}.get(
            contrast["sign"], "holds" if side == contrast["sign"] else "open" if side == "neither" else "contrary"
        )
        assert contrast["verdict"] == expected
