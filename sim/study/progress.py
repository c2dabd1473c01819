"""How far a sweep is, and how that is shown on standard error: a bar on a terminal, plain lines anywhere else."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

LINE_SECONDS = 10.0


@dataclass
class Progress:
    """How far a sweep is.

    Attributes:
        total: Runs at most (with `until`, points may stop before).
        done: Runs done, those of earlier sessions included.
        before: Runs that earlier sessions did.
        shards: Shards in all.
        shards_done: Shards done.
        failures: Runs that failed, in this session.
        began: When this session began, by ``time.monotonic``.
        examples: The first failures: cell, replicate, message.
        stopping: Whether it has been told to stop.
    """

    total: int
    shards: int
    done: int = 0
    before: int = 0
    shards_done: int = 0
    failures: int = 0
    began: float = field(default_factory=time.monotonic)
    examples: list[tuple[int, int, str]] = field(default_factory=list)
    stopping: bool = False

    @property
    def rate(self) -> float:
        """Runs a second, in this session."""
        return (self.done - self.before) / max(1e-9, time.monotonic() - self.began)


Watcher = Callable[[Progress], None]


def clock(seconds: float) -> str:
    """Return a span of time in words."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"


def told(progress: Progress) -> str:
    """Return how far a sweep is, as a line: done of total, runs a second, time left, failures."""
    left = (progress.total - progress.done) / progress.rate if progress.done > progress.before else None
    words = [f"{progress.done:,} of {progress.total:,} runs", f"{progress.rate:,.0f} runs/s"]
    if progress.stopping:
        words.append("stopping after the current shards")
    elif left is not None and progress.done < progress.total:
        words.append(f"{clock(left)} left")
    if progress.failures:
        words.append(f"{progress.failures:,} failed")
    return ", ".join(words)


def to_standard_error(line: str) -> None:
    """Say something that must not go unnoticed."""
    print(line, file=sys.stderr, flush=True)


@contextmanager
def shown() -> Iterator[Watcher]:
    """Show a sweep's progress on standard error for a while."""
    if sys.stderr.isatty():
        with _bar() as watch:
            yield watch
        return
    last = [-LINE_SECONDS]

    def line(progress: Progress) -> None:
        if (progress.done and time.monotonic() - last[0] >= LINE_SECONDS) or progress.shards_done == progress.shards:
            last[0] = time.monotonic()
            print(told(progress), file=sys.stderr, flush=True)

    yield line


@contextmanager
def _bar() -> Iterator[Watcher]:
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar

    with Bar(BarColumn(bar_width=30), TextColumn("{task.description}"), console=Console(stderr=True), transient=False) as bar:
        task = bar.add_task("", total=1.0)

        def move(progress: Progress) -> None:
            bar.update(task, total=progress.shards, completed=progress.shards_done, description=told(progress))

        yield move
