"""What can be observed of a history year by year: the followed lineage, regions, communities, states, and the world they make up.

A tidy table, so that whoever has a country-year data set lays it beside the model's by ``year`` and ``name``. A level is the mean over the year's
months (weighted by strength where it belongs to people under arms), a stock is what there is at the year's end, a flow is summed. The first and the
last year may be short: ``months`` says how many months of a year the run has.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.observe.history import History
from sim.scenario.timeline import month_label
from sim.world import codes

if TYPE_CHECKING:
    import pandas as pd

_PLACES = ("at home", "abroad")
_DEATHS = tuple((f"deaths {kind}", "deaths", "sum", f"Deaths in {kind} violence (UCDP)") for kind in codes.VIOLENCE)

OBSERVABLES: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    "lineage": (
        ("strength", "people", "end", "People under arms in the followed lineage."),
        ("organisations", "organisations", "end", "Its organisations that stand."),
        ("katibas", "katibas", "end", "Its katibas."),
        ("attacks", "attacks", "sum", "Its attacks on states and on civilians."),
        *((f"{name} {place}", unit, over, f"{text} it took part in, {place}.") for name, unit, over, text in _DEATHS for place in _PLACES),
        ("institutions", "1", "mean", "Institutions of its organisations."),
        ("control", "1", "mean", "Control that its leaderships choose."),
        ("r0", "1", "mean", "Reproduction number of its katibas."),
        ("morale", "1", "mean", "Morale of its people."),
        ("support", "1", "mean", "Support where it is."),
        ("posture", "1", "mean", "Posture of its leaderships."),
        ("offers", "offers", "sum", "Offers of a state to it."),
        ("offers taken", "offers", "sum", "Those it took."),
        ("purges", "purges", "sum", "Camps that its leaderships struck."),
    ),
    "region": (
        ("reach", "1", "mean", "Reach of the state."),
        ("absence", "1", "mean", "Absence of the state, as a fighter meets it."),
        ("under arms", "people", "end", "People under arms there, of all groups."),
        ("r0", "1", "mean", "Reproduction number of the katibas there."),
        *((name, unit, over, f"{text} there.") for name, unit, over, text in _DEATHS),
        ("weariness", "1", "mean", "Weariness of its communities."),
        ("grievance", "1", "mean", "Grievance of its communities."),
        ("foundings", "organisations", "sum", "Local groups that arose there."),
    ),
    "community": (
        ("armed", "people", "end", "People from there under arms, with any group, anywhere."),
        ("jailed", "people", "end", "People from there in jail."),
        ("dead", "people", "end", "People from there killed so far."),
    ),
    "state": (
        ("offers", "offers", "sum", "Offers that its elite made."),
        ("offers taken", "offers", "sum", "Those that were taken."),
        ("offers refused", "offers", "sum", "Those that were not."),
    ),
    "world": (
        ("organisations", "organisations", "end", "Organisations that stand."),
        ("under arms", "people", "end", "People under arms."),
        *((name, unit, over, f"{text}.") for name, unit, over, text in _DEATHS),
        ("foundings", "organisations", "sum", "Local groups that arose by themselves."),
        ("endings", "organisations", "sum", "Organisations that ended of themselves."),
        ("purges", "purges", "sum", "Camps that their own leadership struck."),
        ("offers", "offers", "sum", "Offers that elites made."),
        ("offers taken", "offers", "sum", "Those that were taken."),
        ("offers refused", "offers", "sum", "Those that were not."),
    ),
}
"""For each kind of thing what is observed of it: name, unit, how a year's months become one number (``end``, ``mean``, ``sum``), and meaning."""

_Array = np.ndarray[Any, Any]


class _Calendar:
    """The months of a run by calendar year."""

    def __init__(self, history: History) -> None:
        self.labels, self.of = np.unique([int(month_label(history.scenario, t)[:4]) for t in range(history.months)], return_inverse=True)
        self.last = np.flatnonzero(np.append(self.of[1:] != self.of[:-1], True))
        self.months = np.bincount(self.of)

    def end(self, stock: _Array) -> _Array:
        """Return a stock at each year's end, shape (years, n), from the ends of months, shape (months, n)."""
        return stock[self.last]

    def mean(self, level: _Array, weight: _Array | None = None) -> _Array:
        """Return a level's mean over each year's months, shape (years, n); NaN where there is nobody to take it of."""
        w = np.ones(level.shape) if weight is None else weight
        total, count = np.zeros((2, len(self.labels), level.shape[1]))
        np.add.at(total, self.of, level * w)
        np.add.at(count, self.of, w)
        return np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0.0)

    def sum(self, months: _Array, amounts: _Array | None = None, of: _Array | None = None, n: int = 1) -> _Array:
        """Return a flow summed over each year, shape (years, n), from single entries: their months, amounts (1 each) and whose they are (0)."""
        found = np.zeros((len(self.labels), n))
        np.add.at(found, (self.of[months], np.zeros(len(months), int) if of is None else of), 1.0 if amounts is None else amounts)
        return found


def years(history: History) -> pd.DataFrame:
    """Return the observables of a history by year.

    Returns:
        A row a year, thing and observable: ``year``, ``months`` (of that year in the run), ``of`` (a key of :data:`OBSERVABLES`), ``name`` (the
        lineage's first organisation, a region, a community, a state, or the scenario), ``observable``, ``unit``, ``over`` (how the months became one
        number) and ``value`` (NaN for a mean over nobody).
    """
    import pandas as pd

    from sim.observe import tables

    return pd.DataFrame(tables.years(history))


def values(history: History) -> Iterator[tuple[str, list[str], _Calendar, str, str, str, _Array]]:
    """Yield every observable: a key of :data:`OBSERVABLES`, its things by name, calendar, observable, unit, over, values (years, things)."""
    calendar, s = _Calendar(history), history.scenario
    names = {
        "lineage": [s.focus],
        "region": [r.name for r in s.regions],
        "community": history.community_names(),
        "state": [x.name for x in s.states],
        "world": [s.name],
    }
    values = {
        "lineage": _lineage(history, calendar),
        "region": _regions(history, calendar),
        "community": _communities(history, calendar),
        "state": _states(history, calendar),
        "world": _world(history, calendar),
    }
    for of, observables in OBSERVABLES.items():
        for name, unit, over, _ in observables:
            yield of, names[of], calendar, name, unit, over, values[of][name]


def _deaths(log: _Array, calendar: _Calendar, of: _Array | None = None, n: int = 1) -> Iterator[tuple[str, _Array]]:
    """Yield the deaths of each of UCDP's kinds by year, and by whose they are."""
    for code, kind in enumerate(codes.VIOLENCE):
        own = log["kind"] == code
        yield f"deaths {kind}", calendar.sum(log["month"][own], log["deaths"][own], None if of is None else of[own], n)


def _events(history: History, kind: int) -> _Array:
    """Return the events of a kind."""
    return history.log[history.log["kind"] == kind]


def _offers(offers: _Array, calendar: _Calendar, of: _Array | None = None, n: int = 1) -> dict[str, _Array]:
    """Return offers, those taken and those refused by year, and by whose they are."""
    made = calendar.sum(offers["month"], None, of, n)
    taken = calendar.sum(offers["month"], (offers["detail"] == 1).astype(float), of, n)
    return {"offers": made, "offers taken": taken, "offers refused": made - taken}


def _lineage(history: History, calendar: _Calendar) -> dict[str, _Array]:
    o, e, log = history.tables["organisation"][1:], history.tables["emir"][1:], history.violent
    mine = (o["alive"] == 1) & (o["lineage"] == history.focus)
    ours = (e["alive"] == 1) & (np.take_along_axis(o["lineage"], e["organisation"], axis=1) == history.focus)
    members = o["identity"][-1][o["lineage"][-1] == history.focus]
    found = {
        "strength": calendar.end(np.where(ours, e["strength"], 0.0).sum(axis=1)[:, None]),
        "organisations": calendar.end(mine.sum(axis=1).astype(float)[:, None]),
        "katibas": calendar.end(ours.sum(axis=1).astype(float)[:, None]),
    }
    attacks = np.isin(log["by"], members) & np.isin(log["kind"], (codes.STATE_BASED, codes.ONE_SIDED))
    found["attacks"] = calendar.sum(log["month"][attacks])
    states = np.array([[s.name for s in history.scenario.states].index(r.state) for r in history.scenario.regions])
    home = states[history.tables["organisation"]["home"][0][o["identity"][0] == history.focus]]
    own = log[np.isin(log["by"], members) | np.isin(log["against"], members)]
    for place, here in zip(_PLACES, (True, False), strict=True):
        for name, values in _deaths(own[(states[own["region"]] == home) == here], calendar):
            found[f"{name} {place}"] = values
    weight = np.where(mine, o["strength"], 0.0)
    for name in ("institutions", "control", "r0", "morale", "support", "posture"):
        total = weight.sum(axis=1)[:, None]
        level = np.divide((weight * o[name]).sum(axis=1)[:, None], total, out=np.zeros(total.shape), where=total > 0.0)
        found[name] = calendar.mean(level, total)
    offers, purges = (_events(history, kind) for kind in (codes.OFFER, codes.PURGE))
    found |= _offers(offers[np.isin(offers["organisation"], members)], calendar)
    return found | {"purges": calendar.sum(purges["month"][np.isin(purges["organisation"], members)])}


def _regions(history: History, calendar: _Calendar) -> dict[str, _Array]:
    r, e, log = history.tables["region"][1:], history.tables["emir"][1:], history.violent
    n = r.shape[1]
    people, r0 = np.zeros((2, history.months, n))
    t, row = np.nonzero(e["alive"] == 1)
    np.add.at(people, (t, e["region"][t, row]), e["strength"][t, row])
    np.add.at(r0, (t, e["region"][t, row]), e["strength"][t, row] * e["r0"][t, row])
    found = {name: calendar.mean(r[name]) for name in ("reach", "absence", "weariness", "grievance")}
    found["under arms"] = calendar.end(people)
    found["r0"] = calendar.mean(np.divide(r0, people, out=np.zeros(r0.shape), where=people > 0.0), people)
    founded = _events(history, codes.FOUNDING)
    found["foundings"] = calendar.sum(founded["month"], None, founded["region"], n)
    return found | dict(_deaths(log, calendar, log["region"], n))


def _communities(history: History, calendar: _Calendar) -> dict[str, _Array]:
    return {name: calendar.end(history.tables["community"][1:][name]) for name in ("armed", "jailed", "dead")}


def _states(history: History, calendar: _Calendar) -> dict[str, _Array]:
    rows = {int(who): i for i, who in enumerate(history.tables["elite"][0]["identity"])}
    offers = _events(history, codes.OFFER)
    return _offers(offers, calendar, np.array([rows[int(who)] for who in offers["actor"]], int), len(rows))


def _world(history: History, calendar: _Calendar) -> dict[str, _Array]:
    o, e = history.tables["organisation"][1:], history.tables["emir"][1:]
    found = {
        "organisations": calendar.end((o["alive"] == 1).sum(axis=1).astype(float)[:, None]),
        "under arms": calendar.end(np.where(e["alive"] == 1, e["strength"], 0.0).sum(axis=1)[:, None]),
        **{
            name: calendar.sum(_events(history, kind)["month"])
            for name, kind in (("foundings", codes.FOUNDING), ("endings", codes.ENDING), ("purges", codes.PURGE))
        },
        **dict(_deaths(history.violent, calendar)),
    }
    return found | _offers(_events(history, codes.OFFER), calendar)
