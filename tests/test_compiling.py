"""Compiling the rulebook: by one process at a time, and never waited for in vain."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from sim import engine


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache of compiled rulebooks."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    return tmp_path


def tried(name: str, within: float) -> bool:
    """Whether another comes to compile a function, within so many seconds."""
    entered = threading.Event()

    def compile_it() -> None:
        with engine._alone(name):
            entered.set()

    # Of another thread, a lock on a file is as good as of another process.
    threading.Thread(target=compile_it, daemon=True).start()
    return entered.wait(within)


def test_who_compiles_is_alone_and_others_wait_until_it_is_done(cache: Path) -> None:
    with engine._alone("month"):
        assert not tried("month", 0.3)
    assert tried("month", 30.0)


def test_nobody_waits_for_what_is_compiled_already(cache: Path) -> None:
    kept = engine.cache_folder()
    with engine._alone("month"):
        (kept / "fused_month.month-1.py311.1.nbc").touch()
        assert engine.is_compiled()
        assert tried("month", 30.0)
        assert not tried("yearly", 0.3)


def test_where_nothing_can_be_kept_everyone_compiles_for_themselves(cache: Path) -> None:
    (cache / engine.cache_folder().name).write_text("a file where a folder should be")
    with engine._alone("month"):
        assert tried("month", 30.0)
