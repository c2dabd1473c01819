"""One history: what happened month by month, whichever way it was run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from sim.observe.names import Names
from sim.observe.provenance import provenance
from sim.scenario.load import load_scenario
from sim.scenario.schema import Scenario
from sim.scenario.timeline import month_count, month_label
from sim.world import codes
from sim.world.build import Capacity, build, communities_by_row, parameters
from sim.world.layout import CAUSES, LAYOUT
from sim.world.outcomes import OUTCOMES
from sim.world.world import World

if TYPE_CHECKING:
    import pandas as pd

Engine = Literal["compiled", "mesa"]
LOG_ROWS = 20_000
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
        log: The event log, in the order of events.
        outcomes: Outcomes by name (see :mod:`sim.world.outcomes`).
    """

    scenario: Scenario
    seed: int
    replicate: int
    months: int
    tables: dict[str, np.ndarray[Any, Any]]
    log: np.ndarray[Any, Any]
    outcomes: dict[str, float]

    @cached_property
    def names(self) -> Names:
        """Names of everybody, by identity."""
        return Names(self.scenario, self.log)

    @cached_property
    def provenance(self) -> dict[str, Any]:
        """Where the result comes from."""
        return provenance(self.scenario, self.seed, self.replicate)

    def date(self, month: int) -> str:
        """Return the month counted from the start as ``YYYY-MM``."""
        return month_label(self.scenario, month)

    def events(self) -> pd.DataFrame:
        """Return the event log as a table: a row an event, with names, and the shares of its causes in columns ``cause: …``."""
        import pandas as pd

        log, names = self.log, self.names
        regions = [r.name for r in self.scenario.regions]
        months = log["month"].tolist()
        frame = pd.DataFrame(
            {
                "date": [self.date(t) for t in months],
                "month": months,
                "event": [codes.EVENTS[k] for k in log["kind"]],
                "actor": [names.of(who, t) for who, t in zip(log["actor"].tolist(), months, strict=True)],
                "organisation": [names.of(who, t) if who >= 0 else "" for who, t in zip(log["organisation"].tolist(), months, strict=True)],
                "other": [names.of(who, t) if who >= 0 else "" for who, t in zip(log["other"].tolist(), months, strict=True)],
                "region": [regions[r] if r >= 0 else "" for r in log["region"]],
                "size": log["amount"],
                "detail": log["detail"],
                "organisation_id": log["organisation"],
                "other_id": log["other"],
            }
        )
        for cause in CAUSES:
            frame[f"cause: {cause}"] = log["cause_" + cause.replace(" ", "_")]
        return frame

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

        e = self.tables["emir"]
        t, row = np.nonzero(e["alive"] == 1)
        who = self.tables["organisation"]["identity"][t, e["organisation"][t, row]]
        frame = pd.DataFrame({"month": t, "region": e["region"][t, row], "organisation_id": who, "strength": e["strength"][t, row]})
        frame = frame.groupby(["month", "region", "organisation_id"])["strength"].sum().reset_index()
        regions = [r.name for r in self.scenario.regions]
        frame["date"] = [self.date(int(m) - 1) for m in frame["month"]]
        frame["region"] = [regions[r] for r in frame["region"]]
        frame["organisation"] = [self.names.of(int(o), int(m) - 1) for o, m in zip(frame["organisation_id"], frame["month"], strict=True)]
        return frame[["date", "month", "region", "organisation", "organisation_id", "strength"]]

    def lineages(self) -> pd.DataFrame:
        """Return one row per organisation that ever was: names, kind, parent, root, origin, start, end, how it ended, peak strength."""
        import pandas as pd

        last = self.tables["organisation"][-1]
        ever = [i for i in range(len(last)) if last["identity"][i] != 0 and (last["katibas"][i] > 0 or last["peak"][i] > 0)]
        identity = {i: int(last["identity"][i]) for i in ever}
        rows = []
        for i in ever:
            o = last[i]
            ended = int(o["ended"])
            rows.append(
                {
                    "organisation": " / ".join(self.names.all_names(identity[i])),
                    "organisation_id": identity[i],
                    "kind": codes.ORGANISATION_KINDS[o["kind"]],
                    "brand": codes.BRANDS[o["brand"]],
                    "origin": codes.ORIGINS[o["origin"]],
                    "parent": self.names.of(identity[int(o["parent"])]) if o["parent"] >= 0 else "",
                    "root": self.names.of(int(o["lineage"])),
                    "start": self.date(int(o["born"])),
                    "end": self.date(ended) if ended >= 0 else "",
                    "ending": codes.ENDINGS[o["ending"]],
                    "heir": self.names.of(identity[int(o["heir"])]) if o["heir"] >= 0 else "",
                    "peak_strength": float(o["peak"]),
                    "strength_end": float(o["strength"]) if o["alive"] else 0.0,
                }
            )
        return pd.DataFrame(rows).sort_values(["start", "organisation"], ignore_index=True)

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
        overrides: Changes to the scenario, ``path=value``.
        without: Mechanisms to switch off.

    Returns:
        The history.

    Raises:
        ScenarioError: If the scenario or a change is not admissible.
        ValueError: If seed, replicate or engine is not admissible.
    """
    loaded = load_scenario(scenario, overrides=overrides, without=without) if isinstance(scenario, str) else scenario
    months = month_count(loaded)
    kept: dict[str, list[np.ndarray[Any, Any]]] = {name: [] for name in KEPT}

    def keep(world: World) -> None:
        for name in KEPT:
            kept[name].append(getattr(world, name).copy())

    if engine == "compiled":
        from sim import engine as compiled

        world = build(loaded, seed, replicate, Capacity.of(loaded, LOG_ROWS))
        keep(world)
        for _ in compiled.months_of(world, parameters(loaded), months):
            keep(world)
        outcome = compiled.outcomes(world, months)
    elif engine == "mesa":
        from sim.model import DilemmaModel

        model = DilemmaModel(loaded, rng=seed, replicate=replicate, log=LOG_ROWS)
        world = model.world
        keep(world)
        while model.running:
            model.step()
            keep(world)
        outcome = model.outcomes()
    else:
        raise ValueError(f"engine is {engine!r}; an engine is 'compiled' or 'mesa'")
    entries = min(int(world.clock["logged"][0]), LOG_ROWS)
    return History(
        loaded,
        seed,
        replicate,
        months,
        {name: np.stack(rows) for name, rows in kept.items()},
        world.log[:entries].copy(),
        {name: float(outcome[name]) for name, _, _ in OUTCOMES},
    )


assert set(KEPT) <= set(LAYOUT), "a history keeps tables of the layout"
