"""One history: what happened month by month, whichever way it was run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from textwrap import shorten
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from sim.observe import tables
from sim.observe.names import Names
from sim.observe.provenance import provenance
from sim.scenario.load import load_scenario
from sim.scenario.overriding import in_words
from sim.scenario.schema import Scenario
from sim.scenario.timeline import month_count, month_label
from sim.world import codes
from sim.world.build import Capacity, build, communities_by_row, identity, parameters
from sim.world.layout import LAYOUT, TIES_PER_EMIR
from sim.world.outcomes import OUTCOMES
from sim.world.world import World

if TYPE_CHECKING:
    import pandas as pd

    from sim.observe.story import YearStory

Engine = Literal["compiled", "mesa"]
LOG_ROWS = 20_000
VIOLENCE_ROWS = 40_000
"""Rows of the two logs of a history; a shipped one fills a tenth of them."""
_NAMELESS = {codes.A_STATE: "state", codes.CIVILIANS: "civilians"}
KEPT = ("elite", "region", "community", "organisation", "emir", "smuggler", "broker", "force", "alliance", "tie")
"""Tables of which a history keeps every month."""


@dataclass(frozen=True)
class History:
    """One run of a scenario, month by month.

    Attributes:
        scenario: What was run.
        seed: Its seed.
        replicate: Its replicate number.
        months: Number of months.
        tables: For each table of :data:`KEPT`, a structured array of shape (months + 1, rows); row 0 is the start, row t + 1 the end of month t.
            Tables of those who are born end with the last row that anybody was born into.
        log: The event log, in the order of events.
        violent: The log of violence, in the order of entries; :meth:`violence` tells it with names.
        outcomes: Outcomes by name (see :mod:`sim.world.outcomes`).
        unlogged: Events that found the event log full; its last row is then the last event.
        unrecorded: Entries that found the log of violence full, and are missing at its end.
        changes: What was changed in the scenario for this run, as it was asked for: ``percolation=0.5``, ``without brokerage``.
    """

    scenario: Scenario
    seed: int
    replicate: int
    months: int
    tables: dict[str, np.ndarray[Any, Any]]
    log: np.ndarray[Any, Any]
    violent: np.ndarray[Any, Any]
    outcomes: dict[str, float]
    unlogged: int = 0
    unrecorded: int = 0
    changes: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Title of the scenario, and of what was changed in it for this run."""
        title = self.scenario.title or self.scenario.name
        return f"{title} (changed: {shorten('; '.join(self.changes), 80, placeholder=' …')})" if self.changes else title

    def in_a_line(self) -> str:
        """Return what was run and what became of the followed lineage, in a line."""
        x, s = self.outcomes, self.scenario
        fate = f"stands with {x['strength_end']:,.0f}" if x["survived"] else f"is gone after {x['months_survived']:.0f} months"
        return f"{s.start} to {s.end}, seed {self.seed}, replicate {self.replicate}; the lineage of {s.focus} {fate}; {len(self.log):,} events"

    def __repr__(self) -> str:
        changed = f" ({', '.join(self.changes)})" if self.changes else ""
        return f"<History {self.scenario.name!r}{changed}: {self.in_a_line()}>"

    def _repr_html_(self) -> str:
        from sim.observe.notebook import history_html

        return history_html(self)

    @cached_property
    def names(self) -> Names:
        """Names of everybody, by identity."""
        e, o = self.tables["emir"], self.tables["organisation"][-1]
        t, row = np.nonzero(e["alive"] == 1)
        who, first = np.unique(e["identity"][t, row], return_index=True)
        seen = [(i, max(0, int(t[k]) - 1)) for i, k in zip(who.tolist(), first.tolist(), strict=True)]
        return Names(self.scenario, self.log, seen, dict(zip(o["identity"].tolist(), o["kind"].tolist(), strict=True)))

    @cached_property
    def provenance(self) -> dict[str, Any]:
        """Where the result comes from."""
        return provenance(self.scenario, self.seed, self.replicate, self.changes)

    def date(self, month: int) -> str:
        """Return the month counted from the start as ``YYYY-MM``."""
        return month_label(self.scenario, month)

    def events(self) -> pd.DataFrame:
        """Return the event log as a table: a row an event, with names, and the shares of its causes in columns ``cause: …``."""
        import pandas as pd

        return pd.DataFrame(tables.events(self))

    def violence(self) -> pd.DataFrame:
        """Return the log of violence as a table to lay beside UCDP's or ACLED's: a row an attack, a raid or a clash.

        Returns:
            ``date``, ``month`` (from the start), ``region``, ``by`` and ``against`` (names, ``state`` or ``civilians``), ``kind`` (UCDP's three, of
            :data:`sim.world.codes.VIOLENCE`), ``deaths`` (which may be 0), and ``by_id`` and ``against_id`` (identities, -1 a state, -2 civilians).
        """
        import pandas as pd

        log = self.violent
        months = log["month"].tolist()
        regions = np.array([r.name for r in self.scenario.regions], object)

        def called(column: str) -> list[str]:
            return [_NAMELESS.get(who) or self.names.of(who, t) for who, t in zip(log[column].tolist(), months, strict=True)]

        return pd.DataFrame(
            {
                "date": [self.date(t) for t in months],
                "month": log["month"],
                "region": regions[log["region"]],
                "by": called("by"),
                "against": called("against"),
                "kind": np.array(codes.VIOLENCE, object)[log["kind"]],
                "deaths": log["deaths"],
                "by_id": log["by"],
                "against_id": log["against"],
            }
        )

    def years(self) -> pd.DataFrame:
        """Return what can be observed year by year, tidy: see :func:`sim.observe.yearly.years`."""
        from sim.observe.yearly import years

        return years(self)

    def series(self, table: str) -> pd.DataFrame:
        """Return every state variable of a kind by month: a row an agent and month, those who do not exist left out.

        Args:
            table: One of :data:`KEPT`.

        Raises:
            KeyError: If the table is not kept.
        """
        import pandas as pd

        kept = self.tables[table]
        months, rows = np.meshgrid(np.arange(kept.shape[0]), np.arange(kept.shape[1]), indexing="ij")
        here = kept["alive"] == 1 if "alive" in (kept.dtype.names or ()) else np.ones(kept.shape, bool)
        frame = pd.DataFrame({name: kept[name][here] for name in kept.dtype.names or ()})
        t = months[here]
        # Row 0 is the start: it bears the date before the first month.
        frame.insert(0, "date", [self.date(int(m) - 1) for m in t])
        frame.insert(1, "row", rows[here])
        frame.insert(2, "name", self._row_names(table, frame, t))
        return frame

    def _row_names(self, table: str, frame: pd.DataFrame, months: np.ndarray[Any, Any]) -> list[str]:
        if table == "region":
            regions = [r.name for r in self.scenario.regions]
            return [regions[row] for row in frame["row"]]
        if "identity" in frame:
            return [self.names.of(int(who), int(t) - 1) for who, t in zip(frame["identity"], months, strict=True)]
        return [str(row) for row in frame["row"]]

    def presence(self) -> pd.DataFrame:
        """Return strength by month, region and organisation (long form), of those present."""
        import pandas as pd

        return pd.DataFrame(tables.presence(self))

    def lineages(self) -> pd.DataFrame:
        """Return one row per organisation that ever was: names, kind, parent, root, origin, start, end, how it ended, peak strength."""
        import pandas as pd

        return pd.DataFrame(tables.lineages(self))

    def fates(self) -> pd.DataFrame:
        """Return what became of each organisation, whoever descends from it: the rows of a life table, those that still stand censored.

        Returns:
            A row an organisation, in the order of :meth:`lineages`: ``organisation``, ``organisation_id``, ``kind``, ``origin``, ``followed`` (it
            belongs to the followed lineage), ``age_start`` (months it had stood when it was first seen: at the start of the run, or 0), ``months``
            (at whose end it stood), ``stands`` (at the end of the run), ``ending``, ``end`` (a month, or empty), ``first_attack`` and ``first_25``
            (months, or empty: when it first struck, and when a calendar year had first brought 25 deaths in violence it took part in), ``attacks``
            (entries of the log of violence that it made against a state or civilians), ``deaths`` (in violence it took part in), ``peak_strength``,
            ``strength_end`` and ``institutions_end`` (0–1, when it ended or at the end of the run).
        """
        import pandas as pd

        return pd.DataFrame(tables.fates(self))

    @property
    def focus(self) -> int:
        """Identity of the organisation whose lineage is followed."""
        return identity("organisation", self.scenario.focus)

    def ever(self) -> list[int]:
        """Return the rows of all organisations that ever stood."""
        last = self.tables["organisation"][-1]
        return np.flatnonzero((last["identity"] != 0) & (last["peak"] > 0.0)).tolist()

    def strength(self) -> np.ndarray[Any, Any]:
        """Return strength by organisation and month, shape (months + 1, rows): of katibas at the month's end, not when they were counted."""
        e = self.tables["emir"]
        found = np.zeros((e.shape[0], self.tables["organisation"].shape[1]))
        t, row = np.nonzero(e["alive"] == 1)
        np.add.at(found, (t, e["organisation"][t, row]), e["strength"][t, row])
        return found

    def peaks(self) -> np.ndarray[Any, Any]:
        """Return the highest strength of each organisation, shape (rows,): when it was counted within a month, at a month's end, or at the start."""
        highest: np.ndarray[Any, Any] = np.maximum(self.tables["organisation"][-1]["peak"], self.strength().max(axis=0))
        return highest

    @cached_property
    def _remembered(self) -> float:
        """The share that a tally of losses keeps of itself from month to month."""
        return 1.0 - float(parameters(self.scenario)["loss_memory"][0])

    def losses(self, tally: str, first: int, last: int) -> np.ndarray[Any, Any]:
        """Return what a tally of organisations' recent losses took up: it forgets a part of itself each month, then adds.

        Args:
            tally: ``lost_to_exit`` or another such column.
            first: Month to begin with, counted from the start.
            last: Last month.

        Returns:
            People, shape (last - first + 1, rows).
        """
        kept = self.tables["organisation"][tally][first : last + 2]
        taken: np.ndarray[Any, Any] = kept[1:] - self._remembered * kept[:-1]
        return taken

    @cached_property
    def story(self) -> list[YearStory]:
        """The history year by year, in prose: see :func:`sim.observe.story.years_in_prose`."""
        from sim.observe.story import years_in_prose

        return years_in_prose(self)

    def community_names(self) -> list[str]:
        """Return the communities' names in the order of their rows."""
        return [c.name for c in communities_by_row(self.scenario)]


def run(
    scenario: str | Scenario = "aqim",
    seed: int = 0,
    replicate: int = 0,
    engine: Engine = "compiled",
    *,
    overrides: tuple[str, ...] = (),
    without: tuple[str, ...] = (),
) -> History:
    """Run one history.

    Args:
        scenario: A shipped name, a path, or a loaded scenario.
        seed: Seed, 0 to 2**32 - 1.
        replicate: Replicate number; part of the address of every draw.
        engine: ``compiled`` or ``mesa``; both give the same bits.
        overrides: Changes to a scenario given by name or path, ``path=value``.
        without: Mechanisms to switch off in it.

    Returns:
        The history.

    Raises:
        ScenarioError: If the scenario or a change is not admissible.
        ValueError: If seed, replicate or engine is not admissible, or a scenario that is loaded already is to be changed.
    """
    if isinstance(scenario, str):
        loaded = load_scenario(scenario, overrides=overrides, without=without)
    elif overrides or without:
        raise ValueError("a scenario that is loaded is as it is: give the changes to sim.load, or give sim.run the scenario's name")
    else:
        loaded = scenario
    months = month_count(loaded)
    kept: dict[str, list[bytes]] = {name: [] for name in KEPT}

    def keep(world: World, month: int) -> None:
        emirs = _taken(world.emir)
        taken = {"organisation": _taken(world.organisation), "emir": emirs, "tie": emirs * TIES_PER_EMIR}
        for name, months in kept.items():
            table = getattr(world, name)
            months.append(table[: taken.get(name) if month else None].tobytes())

    if engine == "compiled":
        from sim import engine as compiled

        world = build(loaded, seed, replicate, Capacity.of(loaded, LOG_ROWS, VIOLENCE_ROWS))
        keep(world, 0)
        for month in compiled.months_of(world, parameters(loaded), months):
            keep(world, month + 1)
        outcome = compiled.outcomes(world, months)
    elif engine == "mesa":
        from sim.model import DilemmaModel

        model = DilemmaModel(loaded, rng=seed, replicate=replicate, log=LOG_ROWS, violence=VIOLENCE_ROWS)
        world = model.world
        keep(world, 0)
        for month in range(1, months + 1):
            model.step()
            keep(world, month)
        outcome = model.outcomes()
    else:
        raise ValueError(f"engine is {engine!r}; an engine is 'compiled' or 'mesa'")
    logged, recorded = int(world.clock["logged"][0]), int(world.clock["recorded"][0])
    return History(
        loaded,
        seed,
        replicate,
        months,
        {name: _stacked(months, getattr(world, name).dtype) for name, months in kept.items()},
        world.log[:logged].copy(),
        world.violence[:recorded].copy(),
        {name: float(outcome[name]) for name, _, _ in OUTCOMES},
        max(0, logged - LOG_ROWS),
        max(0, recorded - VIOLENCE_ROWS),
        in_words(overrides, without),
    )


def _taken(table: np.ndarray[Any, Any]) -> int:
    """Return how many rows of a table somebody was ever born into: they are taken one after another, and most are room to grow."""
    return int(np.flatnonzero(table["identity"])[-1]) + 1


def _stacked(months: list[bytes], dtype: np.dtype[Any]) -> np.ndarray[Any, Any]:
    """Return a table's months as one, each with as many rows as the last: those that nobody was born into yet are as at the start.

    Bytes, because NumPy copies records of many columns column by column, which takes ten times as long.
    """
    start, size = months[0], max(len(month) for month in months[1:])
    whole = bytearray().join(part for month in months for part in (month[:size], start[len(month) : size]))
    return np.frombuffer(whole, dtype).reshape(len(months), -1)


assert set(KEPT) <= set(LAYOUT), "a history keeps tables of the layout"
