"""A history as plain data that a browser plays: computed in one go, sent once, and from then on the browser's work.

Numbers are rounded to what a picture can show, and a series is kept from where it begins to where it ends, so that a history of twenty
years is some hundred kilobytes.
"""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import networkx as nx
import numpy as np

from sim.observe.chronicle import chronicle
from sim.observe.history import History
from sim.observe.weight import shown
from sim.rules.embedding import strength_of
from sim.scenario.load import resolved_parameters
from sim.scenario.schema import Scenario
from sim.scenario.timeline import month_index
from sim.world import codes
from sim.world.build import communities_by_row
from sim.world.layout import TIES_PER_EMIR

FEWEST = 0.5
"""Strength below which nobody is drawn, in fighter-equivalents."""


def playback(history: History) -> dict[str, Any]:
    """Return a history as plain data, ready for JSON.

    Args:
        history: What to play.

    Returns:
        ``title``, ``start`` (``YYYY-MM``), ``months``; ``organisations`` (those of :func:`sim.observe.weight.shown`, and all others as if they were
        one: names by month, parent, heir, how it ended, ``strength`` by month in fighter-equivalents from month ``first`` on), ``regions`` (place
        on the map in 0 … 1, ``haven`` by month in per cent), ``sketch`` (whether places are those of a real map), ``edges``,
        ``presence`` (strength by region and organisation), ``communities``, ``ties`` (embedding of organisations in communities by month, in per
        cent), ``alliances`` (from month to month), ``lineage`` (strength of the followed lineage and its cohesion in per cent), ``chronicle``
        (month, kind, text, causes with shares in per cent), ``record`` (what the sources say happened: month, last month in question, text,
        source). Month 0 is the start; month t the end of the t-th month.
    """
    s = history.scenario
    rows = shown(history)
    strength = history.strength()
    place = {row: k for k, row in enumerate(rows)}
    organisations = [_organisation(history, row, place, strength[:, row]) for row in rows]
    rest = [row for row in history.ever() if row not in place]
    if rest:
        organisations.append(_rest(f"{len(rest)} other groups" if len(rest) > 1 else "another group", strength[:, rest].sum(axis=1)))
    return {
        "name": s.name,
        "title": s.title or s.name,
        "start": s.start,
        "months": history.months,
        "seed": history.seed,
        "replicate": history.replicate,
        "focus": s.focus,
        "organisations": organisations,
        "regions": _regions(history),
        "sketch": located(s),
        "edges": _edges(s),
        "presence": _presence(history, place | dict.fromkeys(rest, len(rows))),
        "communities": [{"name": c.name, "region": [r.name for r in s.regions].index(c.region)} for c in communities_by_row(s)],
        "ties": _ties(history, place),
        "alliances": _alliances(history, place),
        "lineage": _lineage(history, strength),
        "chronicle": [
            {"month": e.month + 1, "kind": e.kind, "text": e.text, "causes": [[cause, round(100 * share)] for cause, share in e.causes.items()]}
            for e in chronicle(history)
        ],
        "record": _record(s),
    }


def _record(scenario: Scenario) -> list[dict[str, Any]]:
    """Return what the sources say happened, in order of time."""
    return [
        {
            "month": month_index(scenario, fact.date) + 1,
            "until": month_index(scenario, fact.until or fact.date) + 1,
            "text": fact.what,
            "source": fact.source,
        }
        for fact in sorted(scenario.record, key=lambda fact: fact.date)
    ]


def _rest(name: str, strength: np.ndarray[Any, Any]) -> dict[str, Any]:
    """Return the organisations that are not shown, as if they were one."""
    first, values = _span(strength, FEWEST)
    return {
        "id": "rest", "names": [name], "renamed": -1, "joined": -1, "kind": "several", "origin": "founded", "own": False, "parent": -1, "heir": -1,
        "ended": -1, "ending": codes.ENDINGS[codes.NOT_ENDED], "first": first, "strength": values,
    }  # fmt: skip


def _organisation(history: History, row: int, place: dict[int, int], strength: np.ndarray[Any, Any]) -> dict[str, Any]:
    last = history.tables["organisation"][-1][row]
    who = int(last["identity"])
    names = history.names.all_names(who)
    told = [e for e in history.log if e["kind"] == codes.BRAND_CHANGE and int(e["organisation"]) == who]
    first, values = _span(strength, FEWEST)
    return {
        "id": f"{who:x}",
        "names": names,
        "renamed": int(told[0]["month"]) + 1 if told and len(names) > 1 else -1,
        "joined": int(told[0]["month"]) + 1 if told else -1,
        "kind": codes.ORGANISATION_KINDS[last["kind"]],
        "origin": codes.ORIGINS[last["origin"]],
        "own": bool(last["lineage"] == history.focus),
        "parent": place.get(int(last["parent"]), -1),
        "heir": place.get(int(last["heir"]), -1),
        "ended": int(last["ended"]) + 1 if last["ended"] >= 0 else -1,
        "ending": codes.ENDINGS[last["ending"]],
        "first": first,
        "strength": values,
    }


def _span(series: np.ndarray[Any, Any], least: float) -> tuple[int, list[int]]:
    """Return where a series first and last exceeds so much, as its first month and its rounded values to the last."""
    there = np.flatnonzero(series >= least)
    if not len(there):
        return 0, []
    return int(there[0]), np.rint(series[there[0] : there[-1] + 1]).astype(int).tolist()


def _regions(history: History) -> list[dict[str, Any]]:
    places = map_of(history.scenario)
    haven = np.rint(100.0 * history.tables["region"]["haven"]).astype(int)
    # Nobody has looked at havens before the first month, so they begin with its end.
    haven[0] = haven[min(1, len(haven) - 1)]
    return [
        {"name": r.name, "state": r.state, "x": places[r.name][0], "y": places[r.name][1], "haven": haven[:, k].tolist()}
        for k, r in enumerate(history.scenario.regions)
    ]


def _edges(scenario: Scenario) -> list[list[int]]:
    """Return pairs of adjoining regions, the lower number first."""
    number = {r.name: k for k, r in enumerate(scenario.regions)}
    pairs = {(min(a, b), max(a, b)) for r in scenario.regions for n in r.neighbours for a, b in [(number[r.name], number[n])]}
    return [list(pair) for pair in sorted(pairs)]


def map_of(scenario: Scenario) -> dict[str, tuple[float, float]]:
    """Return a place for every region: by longitude and latitude where the scenario has them of all, north above.

    Where it has not, those between which one moves easily lie near each other: a drawing of the graph (Kamada & Kawai 1989, which draws no
    numbers), turned so that its longer side lies across and the home of the followed lineage to the left.

    Returns:
        x and y by region, 0 to 1.
    """
    if located(scenario):
        return _by_degrees(scenario)
    graph = nx.Graph()
    graph.add_nodes_from(r.name for r in scenario.regions)
    for r in scenario.regions:
        for name, ease in r.neighbours.items():
            # Difficult ways are long, but not so long that everything else becomes a dot.
            graph.add_edge(r.name, name, length=1.0 / math.sqrt(ease))
    names = list(graph)
    if len(names) == 1:
        return {names[0]: (0.5, 0.5)}
    parts = [_laid_out(graph.subgraph(part)) for part in sorted(nx.connected_components(graph), key=lambda part: (-len(part), min(part)))]
    # Parts between which there is no way stand beside each other.
    xy: dict[str, np.ndarray[Any, Any]] = {}
    left = 0.0
    for part in parts:
        low = min(p[0] for p in part.values())
        xy |= {name: p + np.array([left - low, 0.0]) for name, p in part.items()}
        left = max(p[0] for p in xy.values()) + 0.7
    points = np.array([xy[name] for name in names])
    points -= points.mean(axis=0)
    home = next(o.home for o in scenario.organisations if o.name == scenario.focus)
    if points[names.index(home), 0] > 0.0:
        points[:, 0] *= -1.0
    # A map may be pulled higher to fill a panel, but regions in a row stay a row.
    wide, high = np.ptp(points, axis=0)
    points = np.column_stack([points[:, 0] / max(wide, 1e-9), points[:, 1] * min(1.8 / max(wide, 1e-9), 1.0 / max(high, 1e-9))])
    points += np.array([0.0, 0.5]) - np.array([points[:, 0].min(), (points[:, 1].min() + points[:, 1].max()) / 2.0])
    return {name: (round(float(x), 4), round(float(y), 4)) for name, (x, y) in zip(names, points, strict=True)}


def located(scenario: Scenario) -> bool:
    """Return whether the scenario says of every region where it lies."""
    return all(r.longitude is not None and r.latitude is not None for r in scenario.regions)


def _by_degrees(scenario: Scenario) -> dict[str, tuple[float, float]]:
    """Return places by longitude and latitude, a degree as long one way as the other in the middle of the map, the longer side from 0 to 1."""
    degrees = np.array([[r.longitude, -(r.latitude or 0.0)] for r in scenario.regions], dtype=float)
    degrees[:, 0] *= math.cos(math.radians(float(degrees[:, 1].mean())))
    degrees -= (degrees.max(axis=0) + degrees.min(axis=0)) / 2.0
    points = degrees / max(float(np.ptp(degrees, axis=0).max()), 1e-9) + 0.5
    return {r.name: (round(float(x), 4), round(float(y), 4)) for r, (x, y) in zip(scenario.regions, points, strict=True)}


def _laid_out(graph: nx.Graph) -> dict[str, np.ndarray[Any, Any]]:
    """Return places of a connected graph, its longer side across."""
    names = sorted(graph)
    if len(names) < 3:
        return {name: np.array([float(k), 0.0]) for k, name in enumerate(names)}
    far = dict(nx.all_pairs_dijkstra_path_length(graph, weight="length"))
    length = np.array([[far[a][b] for b in names] for a in names])
    # Classical scaling gives the order to begin with; from a circle a row of regions would end up crossed.
    centre = np.eye(len(names)) - 1.0 / len(names)
    values, vectors = np.linalg.eigh(-0.5 * centre @ length**2 @ centre)
    begin = vectors[:, -2:] * np.sqrt(np.maximum(values[-2:], 1e-6))
    found = nx.kamada_kawai_layout(graph, weight="length", pos=dict(zip(names, begin, strict=True)))
    points = np.array([found[name] for name in names])
    points -= points.mean(axis=0)
    _, _, axes = np.linalg.svd(points, full_matrices=False)
    # The sign of an axis is the library's whim: the first name that lies off the middle lies left and above.
    turned = points @ axes.T
    for k in range(2):
        off = turned[np.abs(turned[:, k]) > 1e-6, k]
        if len(off) and off[0] > 0.0:
            turned[:, k] *= -1.0
    return dict(zip(names, turned, strict=True))


def _presence(history: History, place: dict[int, int]) -> list[dict[str, Any]]:
    """Return strength by region and organisation."""
    e = history.tables["emir"]
    months = e.shape[0]
    found: dict[tuple[int, int], np.ndarray[Any, Any]] = {}
    for t, row in zip(*np.nonzero(e["alive"] == 1), strict=True):
        key = int(e["region"][t, row]), place[int(e["organisation"][t, row])]
        found.setdefault(key, np.zeros(months))[t] += e["strength"][t, row]
    present = []
    for (region, k), series in sorted(found.items()):
        first, values = _span(series, FEWEST)
        if values:
            present.append({"region": region, "organisation": k, "first": first, "strength": values})
    return present


def _ties(history: History, place: dict[int, int]) -> list[dict[str, Any]]:
    """Return how embedded organisations are in communities: the strongest tie of their katibas there."""
    tie, e = history.tables["tie"], history.tables["emir"]
    p = resolved_parameters(history.scenario)
    weight = strength_of(SimpleNamespace(**p), tie["matrimonial"], tie["pragmatic"], tie["economic"])
    months = tie.shape[0]
    owner = np.repeat(e["organisation"], TIES_PER_EMIR, axis=1)
    alive = np.repeat(e["alive"], TIES_PER_EMIR, axis=1) == 1
    found: dict[tuple[int, int], np.ndarray[Any, Any]] = {}
    for t, row in zip(*np.nonzero(alive & (tie["community"] >= 0) & (weight >= 0.01)), strict=True):
        series = found.setdefault((int(owner[t, row]), int(tie["community"][t, row])), np.zeros(months))
        series[t] = max(series[t], 100.0 * weight[t, row])
    ties = []
    for (row, community), series in sorted(found.items()):
        first, values = _span(series, 1.0)
        if values and row in place:
            ties.append({"organisation": place[row], "community": community, "first": first, "tie": values})
    return ties


def _alliances(history: History, place: dict[int, int]) -> list[dict[str, int]]:
    """Return alliances, each from its first month to its last."""
    a = history.tables["alliance"]
    found: list[dict[str, int]] = []
    for row in range(a.shape[1]):
        t = 0
        while t < a.shape[0]:
            if a["alive"][t, row] != 1:
                t += 1
                continue
            one, other, made = int(a["one"][t, row]), int(a["other"][t, row]), int(a["made"][t, row])
            last = t
            while last + 1 < a.shape[0] and a["alive"][last + 1, row] == 1 and a["made"][last + 1, row] == made:
                last += 1
            if one in place and other in place:
                found.append({"one": place[one], "other": place[other], "first": t, "last": last})
            t = last + 1
    return sorted(found, key=lambda x: (x["first"], x["one"], x["other"]))


def _lineage(history: History, counted: np.ndarray[Any, Any]) -> dict[str, list[int]]:
    o = history.tables["organisation"]
    mine = (o["alive"] == 1) & (o["lineage"] == history.focus)
    strength = np.where(mine, counted, 0.0)
    total = strength.sum(axis=1)
    cohesion = np.divide((strength * o["cohesion"]).sum(axis=1), total, out=np.zeros(len(total)), where=total > 0.0)
    # Nobody has been counted before the first month, so cohesion begins with its end.
    cohesion[0] = cohesion[1] if len(cohesion) > 1 else 0.0
    return {"strength": np.rint(total).astype(int).tolist(), "cohesion": np.rint(100.0 * cohesion).astype(int).tolist()}
