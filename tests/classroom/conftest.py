"""A classroom that is being served, and a page of it that is watched."""

from __future__ import annotations

import threading
import time

import pytest

from tests.conftest import Watched

PATIENCE = 120_000


def until(page, expression, argument=None, seconds=120):
    """Wait until something holds on a page. The page's own policy forbids text to be made a function of, as Playwright's waiting does."""
    end = time.monotonic() + seconds
    while not page.evaluate(expression, argument):
        assert time.monotonic() < end, expression
        time.sleep(0.03)


def visit(page, served, place=""):
    """Go to a place as somebody does who types its address: not from another place of the same page, which would still stand there for a moment."""
    page.goto("about:blank")
    page.goto(f"{served.url}#/{place}")


SETTLED = """(part) => { const figure = document.getElementById('frontier');
    if (!figure || !figure.dataset.settings || Number(figure.dataset.part) < part) return false;
    const drawn = JSON.parse(figure.dataset.settings);
    return Object.keys(drawn).every((name) => Math.abs(drawn[name] - Number(document.getElementById(name).value)) < 1e-6); }"""


def settled(page, part=0):
    """Wait until the dilemma's figure shows what its sliders say, with the replicates of a part of the answer."""
    until(page, SETTLED, part)


@pytest.fixture(scope="module")
def served():
    """A room on a free port."""
    pytest.importorskip("flask")
    from sim.classroom import opening, pairs
    from sim.classroom.answers import Book
    from sim.classroom.lesson import load_lesson, shipped_lessons
    from sim.classroom.server import Served

    with pytest.MonkeyPatch.context() as few:
        # The pages are the same with fewer histories behind them, and the small world comes up first.
        few.setattr(opening, "AMONG", 6)
        few.setattr(pairs, "QUICK", 4)
        few.setattr(pairs, "PAIRS", 20)
        for remembered in (opening.opening, pairs.weights):
            remembered.cache_clear()
        room = Served(Book([load_lesson(path) for path in shipped_lessons().values()], "dilemma-101"))
        thread = threading.Thread(target=room.run, daemon=True)
        thread.start()
        yield room
        room.close()
        thread.join(5)
        for remembered in (opening.opening, pairs.weights):
            remembered.cache_clear()


@pytest.fixture(scope="module")
def window(chromium, served):
    """One window for all the tests of a module; it goes before the room, which serves until nobody is connected."""
    found = Watched(chromium)
    yield found
    found.context.close()


@pytest.fixture
def watched(window, served):
    """A page of the room, as good as new, checked at the end of the test."""
    window.anew(served.url)
    yield window
    window.check(served.url)
