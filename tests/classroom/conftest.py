"""A classroom that is being served, and a real browser whose network is cut but for this machine."""

from __future__ import annotations

import os
import shutil
import threading

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]  # fmt: skip


@pytest.fixture(scope="session")
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


@pytest.fixture(scope="session")
def chromium():
    """A headless browser; where CI runs, there must be one."""
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("CI needs Chromium: .ci/run installs it")
        pytest.skip("no Chromium here (Debian: apt-get install chromium)")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as p:
        browser = p.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Watched:
    """A page that is watched: every request it makes, every complaint of its console."""

    def __init__(self, browser, **options):
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 720}, "accept_downloads": True, **options})
        self.page = self.context.new_page()
        self.requests, self.complaints = [], []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text) if message.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def check(self, home):
        """Fail if anything left this machine or anything went wrong."""
        strangers = [url for url in self.requests if not url.startswith((home, "data:", "blob:"))]
        assert not strangers, strangers
        assert not self.complaints, self.complaints


@pytest.fixture
def watched(chromium, served):
    """A page of the room, checked at the end of the test."""
    found = Watched(chromium)
    yield found
    found.check(served.url)
    found.context.close()
