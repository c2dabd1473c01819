"""A classroom that is being served, and a page of it that is watched."""

from __future__ import annotations

import threading

import pytest

from tests.conftest import Watched


@pytest.fixture(scope="module")
def served():
    """A room on a free port."""
    pytest.importorskip("flask")
    from sim.classroom.answers import Book
    from sim.classroom.lesson import load_lesson, shipped_lessons
    from sim.classroom.server import Served

    room = Served(Book([load_lesson(path) for path in shipped_lessons().values()]))
    thread = threading.Thread(target=room.run, daemon=True)
    thread.start()
    yield room
    room.close()
    thread.join(5)


@pytest.fixture
def watched(chromium, served):
    """A page of the room, checked at the end of the test."""
    found = Watched(chromium)
    yield found
    found.check(served.url)
    found.context.close()
