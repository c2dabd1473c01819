"""Fixtures for every test of the project."""

from __future__ import annotations

import contextlib
import gc
import os
import random
import shutil
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from filelock import FileLock
from hypothesis import settings
from numba import _helperlib
from platformdirs import user_cache_path

# The suite gives one verdict, on a slow or busy machine too. To look for new examples: pytest --hypothesis-profile=explore
settings.register_profile("suite", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=2000)
settings.load_profile("suite")


def pytest_configure():
    """Compile the draws, which happens as they are imported, in one worker: in an empty home each would."""
    with FileLock(user_cache_path("dilemma-sim", ensure_exists=True) / "draws.lock"):
        import sim.world.draws  # noqa: F401


def pytest_collection_finish():
    """Leave what is loaded by now alone: thousands of tests and modules would be looked through for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def _global_random_states() -> dict[str, object]:
    legacy = np.random.get_state(legacy=True)  # noqa: NPY002 - the state that nobody may touch is the one to look at
    return {
        "random": random.getstate(),
        "numpy.random": (legacy[0], legacy[1].tobytes(), *legacy[2:]),
        # Compiled code that calls np.random draws from a third state, Numba's own, one per thread: this is the calling thread's.
        "numpy.random in compiled code": _helperlib.rnd_get_state(_helperlib.rnd_get_np_state_ptr()),
        "random in compiled code": _helperlib.rnd_get_state(_helperlib.rnd_get_py_state_ptr()),
    }


@contextlib.contextmanager
def _global_random_state_untouched() -> Iterator[None]:
    before = _global_random_states()
    yield
    after = _global_random_states()
    touched = [name for name, state in before.items() if state != after[name]]
    assert not touched, f"global random state was touched: {', '.join(touched)}; draw from sim.world.draws instead"


@pytest.fixture
def global_random_state_untouched() -> Callable[[], contextlib.AbstractContextManager[None]]:
    """A context manager that fails if the block moves a global generator: Python's, NumPy's, or Numba's in this thread.

    Use: ``with global_random_state_untouched(): ...``.
    """
    return _global_random_state_untouched


QUICK_STUDY = {
    "name": "small",
    "claim": "c",
    "function": "ishigami",
    "factors": {x: {"range": [-3, 3]} for x in ("x1", "x2", "x3")},
    "design": {"kind": "lhs", "points": 4},
}
"""A study without a history, which is swept at once."""

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]  # fmt: skip


@pytest.fixture(scope="module")
def chromium():
    """A headless browser; where CI runs, there must be one.

    It goes with its module: while it is there, Playwright keeps an event loop running that others would stumble over.
    """
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
        self.context.set_default_timeout(120_000)  # A busy machine takes its time.
        self.page = self.context.new_page()
        self.requests, self.complaints = [], []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text) if message.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def anew(self, home):
        """Make the page as good as a new one, which would cost a browser a fifth of a second and a process: what it knows of a place is forgotten."""
        self.page.goto("about:blank")
        self.page.unroute_all()
        self.page.emulate_media(media="null", color_scheme="null")
        session = self.context.new_cdp_session(self.page)
        session.send("Storage.clearDataForOrigin", {"origin": home.rstrip("/"), "storageTypes": "all"})
        session.detach()
        self.requests.clear()
        self.complaints.clear()

    def check(self, home):
        """Fail if anything left this machine or anything went wrong."""
        strangers = [url for url in self.requests if not url.startswith((home, "data:", "blob:"))]
        assert not strangers, strangers
        assert not self.complaints, self.complaints
