"""The tidy tables of a history as plain columns: what is written beside a chronicle needs no more, and pandas takes longer to load than a history.

:class:`sim.observe.history.History` gives the same as data frames, and says there what each column holds.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.world import codes
from sim.world.layout import CAUSES

if TYPE_CHECKING:
    from sim.observe.history import History

Columns = dict[str, list[Any]]
"""Cells by column; all columns are as long."""


def write(columns: Mapping[str, Iterable[Any]], path: Path) -> None:
    """Write columns as CSV: numbers with every digit, an empty cell for one that is missing."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(["" if cell != cell else cell for cell in row] for row in zip(*columns.values(), strict=True))


def records(columns: Columns) -> list[dict[str, Any]]:
    """Return columns as rows, each by name."""
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def events(history: History) -> Columns:
    """Return the event log: a row an event."""
    log, names = history.log, history.names
    regions = [r.name for r in history.scenario.regions]
    months = log["month"].tolist()
    columns = {
        "date": [history.date(t) for t in months],
        "month": months,
        "event": [codes.EVENTS[k] for k in log["kind"].tolist()],
        "actor": [names.of(who, t) for who, t in zip(log["actor"].tolist(), months, strict=True)],
        "organisation": [names.of(who, t) if who >= 0 else "" for who, t in zip(log["organisation"].tolist(), months, strict=True)],
        "other": [names.of(who, t) if who >= 0 else "" for who, t in zip(log["other"].tolist(), months, strict=True)],
        "region": [regions[r] if r >= 0 else "" for r in log["region"].tolist()],
        "size": log["amount"].tolist(),
        "detail": log["detail"].tolist(),
        "organisation_id": log["organisation"].tolist(),
        "other_id": log["other"].tolist(),
    }
    return columns | {f"cause: {cause}": log["cause_" + cause.replace(" ", "_")].tolist() for cause in CAUSES}


def presence(history: History) -> Columns:
    """Return strength by month, region and organisation, of those present."""
    e = history.tables["emir"]
    t, row = np.nonzero(e["alive"] == 1)
    who = history.tables["organisation"]["identity"][t, e["organisation"][t, row]]
    keys, group = np.unique(np.stack([t, e["region"][t, row], who]), axis=1, return_inverse=True)
    months, places, organisations = keys.tolist()
    regions = [r.name for r in history.scenario.regions]
    return {
        "date": [history.date(m - 1) for m in months],
        "month": months,
        "region": [regions[r] for r in places],
        "organisation": [history.names.of(o, m - 1) for o, m in zip(organisations, months, strict=True)],
        "organisation_id": organisations,
        "strength": np.bincount(group.ravel(), e["strength"][t, row], len(months)).tolist(),
    }


def lineages(history: History) -> Columns:
    """Return a row per organisation that ever was, in the order of their beginnings."""
    last, names = history.tables["organisation"][-1], history.names
    who_in = {i: int(last["identity"][i]) for i in history.ever()}
    strength, highest = history.strength()[-1], history.peaks()
    rows = []
    for i, who in who_in.items():
        o = last[i]
        ended = int(o["ended"])
        rows.append(
            {
                "organisation": " / ".join(names.all_names(who)),
                "organisation_id": who,
                "kind": codes.ORGANISATION_KINDS[o["kind"]],
                "brand": codes.BRANDS[o["brand"]],
                "origin": codes.ORIGINS[o["origin"]],
                "parent": names.of(who_in[int(o["parent"])]) if o["parent"] >= 0 else "",
                "root": names.of(int(o["lineage"])),
                "start": history.date(int(o["born"])),
                "end": history.date(ended) if ended >= 0 else "",
                "ending": codes.ENDINGS[o["ending"]],
                "heir": names.of(who_in[int(o["heir"])]) if o["heir"] >= 0 else "",
                "peak_strength": float(highest[i]),
                "strength_end": float(strength[i]) if o["alive"] else 0.0,
            }
        )
    rows.sort(key=lambda told: (told["start"], told["organisation"]))
    return {name: [told[name] for told in rows] for name in rows[0]}


def fates(history: History) -> Columns:
    """Return what became of each organisation, in the order of :func:`lineages`."""
    table, log = history.tables["organisation"], history.violent
    row = {int(who): i for i, who in enumerate(table[-1]["identity"]) if who}
    struck = log["by"][np.isin(log["kind"], (codes.STATE_BASED, codes.ONE_SIDED)) & (log["by"] >= 0)]
    attacks = dict(zip(*(x.tolist() for x in np.unique(struck, return_counts=True)), strict=True))
    rows = []
    for told in records(lineages(history)):
        i = row[told["organisation_id"]]
        o = table[-1][i]
        born, over = int(o["born"]), int(o["ended"]) if o["ended"] >= 0 else history.months
        rows.append(
            {
                **{name: told[name] for name in ("organisation", "organisation_id", "kind", "origin")},
                "followed": bool(o["lineage"] == history.focus),
                "age_start": max(0, -born),
                "months": over - max(0, born),
                "stands": bool(o["alive"]),
                "ending": told["ending"],
                "end": told["end"],
                **{name: history.date(int(o[name])) if o[name] >= 0 else "" for name in ("first_attack", "first_25")},
                "attacks": attacks.get(told["organisation_id"], 0),
                "deaths": float(o["deaths"]),
                "peak_strength": told["peak_strength"],
                "strength_end": told["strength_end"],
                "institutions_end": float(o["institutions"]),
            }
        )
    return {name: [told[name] for told in rows] for name in rows[0]}


def years(history: History) -> Columns:
    """Return the observables by year: see :mod:`sim.observe.yearly`."""
    from sim.observe.yearly import values

    columns: Columns = {name: [] for name in ("year", "months", "of", "name", "observable", "unit", "over", "value")}
    for of, names, calendar, observable, unit, over, found in values(history):
        year, who = np.indices(found.shape)
        cells = (calendar.labels[year.ravel()].tolist(), calendar.months[year.ravel()].tolist(), repeat(of, found.size),
                 [names[k] for k in who.ravel()], repeat(observable, found.size), repeat(unit, found.size), repeat(over, found.size),
                 found.ravel().tolist())  # fmt: skip
        for column, more in zip(columns.values(), cells, strict=True):
            column.extend(more)
    return columns
