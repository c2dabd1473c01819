"""How often the model does by itself, about when it happened, what the record of a scenario says happened.

A turn is a fact of the record that names a kind of event. A history meets it if an event of that kind befalls the followed lineage within
:data:`WITHIN` months of the fact's date, or of the span in which the fact falls. Facts of one history are met by different events: as many facts
as can be met are, and where they compete for too few events the earlier fact has its own first.

Beside each share stands what chance alone would give: the same number of such events, each in a month drawn evenly over the run.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from sim.observe.ensemble import share
from sim.scenario.schema import RecordEntry, Scenario
from sim.scenario.timeline import month_count, month_index
from sim.world import codes
from sim.world.build import Capacity, build, parameters

WITHIN = 24
"""Months by which an event may come earlier or later than the fact."""

FRAGMENTATION = "fragmentation"
FRAGMENTATIONS = ("splinter", "autonomy", "pledge", "departure")
"""Kinds of event that a fragmentation can be."""

_EITHER_SIDE = ("merger", "return")
"""Kinds of event that befall both who takes up and who is taken up."""

_LOG_ROWS = 2000
_SHUFFLES = 10
"""Times that the events of each history are placed anew, for the chance that two facts are met at once."""


@dataclass(frozen=True)
class Turn:
    """A fact of the record that the model may bring forth by itself.

    Attributes:
        fact: The fact.
        kinds: Codes of the kinds of event that meet it.
        first: First month in which an event meets it, counted from the scenario's start.
        last: Last such month, within the run.
    """

    fact: RecordEntry
    kinds: tuple[int, ...]
    first: int
    last: int

    @property
    def fragmentation(self) -> bool:
        """Whether it is a fragmentation, of whichever kind."""
        return self.fact.event in (FRAGMENTATION, *FRAGMENTATIONS)


@dataclass(frozen=True)
class Met:
    """How often something is met: share of histories with Wilson's 95 % interval, and the share that chance alone would give."""

    share: float
    low: float
    high: float
    chance: float


@dataclass(frozen=True)
class Turns:
    """How often the turns of a record are met.

    Attributes:
        turns: The turns, in order of time.
        met: How often each is met.
        two: How often at least two fragmentations of the record are met in one history, or None where the record has fewer than two.
        histories: How many histories were looked at.
    """

    turns: list[Turn]
    met: list[Met]
    two: Met | None
    histories: int


def turns_of(scenario: Scenario) -> list[Turn]:
    """Return the turns of a scenario's record, in order of time."""
    last = month_count(scenario) - 1
    found = []
    for fact in sorted((f for f in scenario.record if f.event), key=lambda f: (f.date, f.until or f.date)):
        names = FRAGMENTATIONS if fact.event == FRAGMENTATION else (str(fact.event),)
        first, until = month_index(scenario, fact.date), month_index(scenario, fact.until or fact.date)
        kinds = tuple(codes.EVENTS.index(name) for name in names)
        found.append(Turn(fact, kinds, max(0, first - WITHIN), min(last, until + WITHIN)))
    return found


def turns(scenario: Scenario, seed: int = 0, replicates: int = 200, threads: int = 1, first: int = 0) -> Turns:
    """Run replicates on the compiled engine and return how often the turns of the scenario's record are met.

    Args:
        scenario: What to run.
        seed: Seed, shared by all.
        replicates: How many.
        threads: Threads to share them among; the result does not depend on it.
        first: Number of the first replicate.

    Returns:
        Shares of histories; nothing is run where the record has no turns.
    """
    wanted = turns_of(scenario)
    if not wanted:
        return Turns([], [], None, 0)
    numbers = iter(range(first, first + replicates))

    def events(replicate: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        return lineage_events(*_run(scenario, seed, replicate))

    # Numba loads or compiles on the first call, which must not happen in two threads at once.
    histories = [events(number) for number in islice(numbers, 1)]
    with ThreadPoolExecutor(threads) as pool:
        histories += pool.map(events, numbers)
    return compare(wanted, histories, month_count(scenario))


def _run(scenario: Scenario, seed: int, replicate: int) -> tuple[np.ndarray[Any, Any], set[int]]:
    """Return the event log of a history, and the identities of all who ever belonged to the followed lineage."""
    from sim import engine

    rows = _LOG_ROWS
    while True:
        world = build(scenario, seed, replicate, Capacity.of(scenario, rows))
        engine.advance(world, parameters(scenario), 0, month_count(scenario))
        logged = int(world.clock["logged"][0])
        if logged <= rows:
            break
        rows = logged
    own = world.organisation["lineage"] == world.clock["focus"][0]
    return world.log[:logged], set(world.organisation["identity"][own].tolist())


def lineage_events(log: np.ndarray[Any, Any], lineage: set[int]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return the kinds and the months of the events that befall a lineage, in the log's order.

    Args:
        log: Event log, with fields ``kind``, ``month``, ``organisation`` and ``other``.
        lineage: Identities of its organisations.
    """
    members = list(lineage)
    either = np.isin(log["kind"], [codes.EVENTS.index(kind) for kind in _EITHER_SIDE])
    own = np.isin(log["organisation"], members) | (either & np.isin(log["other"], members))
    return log["kind"][own], log["month"][own]


def matched(wanted: Sequence[Turn], kinds: np.ndarray[Any, Any], months: np.ndarray[Any, Any]) -> list[bool]:
    """Return which turns a history meets, each by an event of its own.

    Args:
        wanted: Turns, in order of precedence.
        kinds: Codes of the events' kinds, shape (events,).
        months: Their months, shape (events,).
    """
    fits = [np.flatnonzero(np.isin(kinds, turn.kinds) & (months >= turn.first) & (months <= turn.last)).tolist() for turn in wanted]
    meets: dict[int, int] = {}

    def meet(turn: int, tried: set[int]) -> bool:
        """Give a turn an event that is free, or that its holder can exchange for another (augmenting paths; Kuhn 1955)."""
        for event in fits[turn]:
            if event not in tried:
                tried.add(event)
                if event not in meets or meet(meets[event], tried):
                    meets[event] = turn
                    return True
        return False

    return [meet(turn, set()) for turn in range(len(wanted))]


def compare(wanted: list[Turn], histories: Sequence[tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]], months: int) -> Turns:
    """Return how often turns are met.

    The chance of one turn is the mean over histories of 1 - (1 - w / T)^n: n such events in the history, w months that meet the turn, T months in
    all; it takes no account of other turns that would use the same events up, so it is at most too high. The chance of two at once is that of the
    histories' own events, placed anew.

    Args:
        wanted: The turns, in order of time.
        histories: Kinds and months of the lineage's events in each history, from :func:`lineage_events`.
        months: Months of a history.
    """
    table = np.array([matched(wanted, *events) for events in histories])
    met = []
    for n, turn in enumerate(wanted):
        counts = np.array([np.isin(kinds, turn.kinds).sum() for kinds, _ in histories])
        width = turn.last - turn.first + 1
        met.append(Met(*share(table[:, n]), float(np.mean(1.0 - (1.0 - width / months) ** counts))))
    fragmentations = [n for n, turn in enumerate(wanted) if turn.fragmentation]
    if len(fragmentations) < 2:
        return Turns(wanted, met, None, len(histories))
    rng = np.random.default_rng(0)
    placed = [matched(wanted, kinds, rng.integers(months, size=len(kinds))) for kinds, _ in histories for _ in range(_SHUFFLES)]
    two, by_chance = (np.array(found)[:, fragmentations].sum(axis=1) >= 2 for found in (table, placed))
    return Turns(wanted, met, Met(*share(two), float(by_chance.mean())), len(histories))
