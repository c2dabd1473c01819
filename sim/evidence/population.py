"""A population of groups: settings drawn from documented priors, each run once, and a row for every organisation that ever stood.

Every draw of a setting has an address (seed, setting, what it is), so a setting is the same whichever others there are. The inclusion rule
is a parameter: a group that never reached ``least_strength`` or stood for fewer than ``least_months`` is not counted, and neither would it
have been in the data sets that the facts come from.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from pydantic import Field, ValidationError

from sim.evidence.priors import Draws, Prior
from sim.scenario.errors import Problem, ScenarioError, nearest
from sim.scenario.load import scenario_of
from sim.scenario.schema import Scenario, Spec, TimelineEntry
from sim.scenario.timeline import month_count
from sim.scenario.translate import problems_of
from sim.scenario.yaml_text import read_file
from sim.study.experiment import LARGEST, located
from sim.world import codes
from sim.world.build import Capacity, build, parameters

if TYPE_CHECKING:
    import pandas as pd

PRIORS: dict[str, Prior] = {
    "groups": (2, 5, False, "groups a setting", "assumption: a local field of armed groups"),
    "age": (0.1, 25.0, True, "years", "assumption: young and old groups alike, log-uniform"),
    "strength": (20.0, 1500.0, True, "fighter-equivalents", "Cronin 2009; START BAAD: most groups are small, log-uniform"),
    "embedded": (0.5, 0.5, False, "share of groups", "assumption: embedded or not, half each"),
    "brutality": (0.05, 0.9, False, "1", "B: from restrained to the GIA"),
    "patience": (0.1, 0.9, False, "1", "T"),
    "centralisation": (0.2, 0.9, False, "1", "B"),
    "control": (0.2, 0.8, False, "1", "Shapiro 2013"),
    "institutions": (0.1, 0.9, False, "1", "Stinchcombe 1965; Price 2012"),
    "forces": (500.0, 20000.0, True, "personnel-equivalents a state", "assumption: mild and harsh states, log-uniform"),
    "intelligence": (0.2, 0.8, False, "1", "Shapiro 2013"),
    "discrimination": (0.1, 0.8, False, "1", "Kalyvas 2006"),
    "horizon": (0.1, 0.8, False, "1", "B"),
    "grievance": (0.2, 0.7, False, "1", "T"),
    "trust": (0.15, 0.6, False, "1", "B"),
    "norm": (0.0, 0.5, False, "1", "B; Scheele 2012"),
    "route_value": (0.0, 0.6, False, "money index / month", "B"),
}

LOG_ROWS = 6000
PRECEDED = ("competition", "repression", "accommodation")
"""Causes that fact 7 names; a break carries shares of twelve causes that add up to one."""
_SUMS = ("months", "allied", "away", "infighting", "man_months")


class PopulationSpec(Spec):
    """A population."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$", description="Short name, in lower case with hyphens.")]
    title: str = Field("", max_length=160, description="Title.")
    claim: str = Field(min_length=1, max_length=2000, description="What it is for.")
    sources: list[str] = Field(default_factory=list, description="References.")
    seed: int = Field(0, ge=0, le=LARGEST, description="Seed of the settings and of every run.")
    settings: int = Field(ge=1, le=100_000, description="Settings drawn, each run once.")
    years: int = Field(20, ge=1, le=45, description="Years of a run.", json_schema_extra={"unit": "years"})
    least_strength: float = Field(20.0, ge=0.0, le=1.0e5, description="Inclusion: a group that never was so strong is not counted.")
    least_months: int = Field(1, ge=1, le=600, description="Inclusion: a group that stood for fewer months is not counted.")
    priors: dict[str, list[float]] = Field(default_factory=dict, description="Ranges [low, high] that differ from the documented ones.")


def load_population(source: str | os.PathLike[str]) -> PopulationSpec:
    """Read a population file and check it.

    Raises:
        ScenarioError: If anything is wrong, with file, line and column.
    """
    path = located(source)
    node = read_file(path, os.fspath(path), "a population")
    try:
        spec = PopulationSpec.model_validate(node.plain())
    except ValidationError as error:
        raise ScenarioError(problems_of(error, node, PopulationSpec)) from None
    wrong = []
    for name, ends in spec.priors.items():
        if name not in PRIORS:
            message = f"there is no prior {name!r}; priors are {', '.join(PRIORS)}"
            wrong.append(Problem(node.at(("priors", name), key=True), f"priors.{name}", message, nearest(name, PRIORS)))
        elif len(ends) != 2 or not ends[0] <= ends[1] or (PRIORS[name][2] and ends[0] <= 0.0):
            above = " above 0" if PRIORS[name][2] else ""
            wrong.append(Problem(node.at(("priors", name)), f"priors.{name}", f"{ends} is no range; [low, high]{above} is wanted"))
    if wrong:
        raise ScenarioError(wrong)
    return spec


def setting(spec: PopulationSpec, number: int, *, death: bool = True) -> Scenario:
    """Return a setting as a scenario.

    Args:
        spec: The population.
        number: Number of the setting, from 0.
        death: Whether the leader's death that the setting may hold happens.

    Returns:
        A scenario checked as any other, named ``setting-N``.
    """
    d = Draws(spec.seed, number, PRIORS, spec.priors)
    states = [
        {"name": f"State {k}", "horizon": d.of("horizon", k), "services": 0.2 + 0.4 * d.unit("services", k)} for k in range(d.whole(1, 2, "states"))
    ]
    count = d.whole(4, 6, "regions")
    regions: list[dict[str, Any]] = []
    for k in range(count):
        remote = 0.1 + 0.8 * k / (count - 1)
        regions.append(
            {"name": f"Region {k}", "state": states[min(len(states) - 1, k * len(states) // count)]["name"], "remoteness": remote,
             "reach": 0.9 - 0.7 * remote, "route_value": d.of("route_value", k), "neighbours": {f"Region {k + 1}": 0.6} if k + 1 < count else {}}
        )  # fmt: skip
    communities = [
        {"name": f"Community {k}-{j}", "region": f"Region {k}", "population": 20.0 * 20.0 ** d.unit("population", k, j),
         "grievance": d.of("grievance", k, j), "trust": d.of("trust", k, j), "norm": d.of("norm", k, j),
         "cleavage": 0.2 + 0.4 * d.unit("cleavage", k, j), "neglect": 0.8 * regions[k]["remoteness"]}
        for k in range(count) for j in range(2)
    ]  # fmt: skip
    organisations, emirs = _groups(spec, d, count)
    forces = [
        {"name": f"Forces of {s['name']}", "state": s["name"], "regions": [r["name"] for r in regions if r["state"] == s["name"]],
         "recruits_from": next(r["name"] for r in regions if r["state"] == s["name"]), "strength": d.of("forces", s["name"]),
         "intelligence": d.of("intelligence", s["name"]), "discrimination": d.of("discrimination", s["name"])}
        for s in states
    ]  # fmt: skip
    timeline: list[dict[str, Any]] = []
    if d.unit("death") < 0.5:
        month = d.whole(24, max(24, 12 * spec.years - 36), "death month")
        timeline = [
            {"date": f"{2000 + month // 12}-{month % 12 + 1:02d}", "event": "leader_death", "target": organisations[0]["name"],
             "magnitude": 1.0 if death else 0.0, "label": "Leader lost"}
        ]  # fmt: skip
    if d.unit("amnesty") < 0.5:
        year = 2000 + d.whole(1, max(1, spec.years - 2), "amnesty year")
        timeline.append({"date": f"{year}-01", "event": "amnesty", "target": "State 0", "magnitude": 0.5, "months": 12, "label": "Amnesty"})
    far = f"Region {count - 1}"
    smugglers = [{"name": "The Baron", "region": far, "routes": 0.5}] if d.unit("smuggler") < 0.5 else []
    brokers = [{"name": "The Notable", "region": far}] if d.unit("broker") < 0.5 else []
    return scenario_of(
        {"name": f"setting-{number}", "start": "2000-01", "end": f"{1999 + spec.years}-12", "focus": organisations[0]["name"], "states": states,
         "regions": regions, "communities": communities, "organisations": organisations, "emirs": emirs, "forces": forces, "smugglers": smugglers,
         "brokers": brokers, "timeline": timeline},
        f"setting {number}",
    )  # fmt: skip


def _groups(spec: PopulationSpec, d: Draws, regions: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    organisations, emirs = [], []
    for g in range(max(1, round(d.of("groups")))):
        name, home = f"Group {g}", d.whole(0, regions - 1, "home", g)
        months = round(12 * d.of("age", g))
        born = 2000 * 12 - max(1, months)
        kind = ("jihadist", "jihadist", "rebel", "militia")[d.whole(0, 3, "kind", g)]
        organisations.append(
            {"name": name, "kind": kind, "home": f"Region {home}", "founded": f"{born // 12}-{born % 12 + 1:02d}", "brutality": d.of("brutality", g),
             "patience": d.of("patience", g), "centralisation": d.of("centralisation", g), "control": d.of("control", g),
             "institutions": d.of("institutions", g),
             "posture": 0.3 + 0.5 * d.unit("posture", g), "rhetoric": -0.9 + 1.2 * d.unit("rhetoric", g), "treasury": 10.0}
        )  # fmt: skip
        strength = d.of("strength", g)
        katibas = 1 + min(5, int(strength // 60))
        embedded = d.unit("embedded", g) < d.of("embedded")
        for k in range(katibas):
            place = min(regions - 1, max(0, home + d.whole(-1, 1, "place", g, k))) if k else home
            ties = [
                {"community": f"Community {place}-{j}", "matrimonial": 0.5 * d.unit("m", g, k, j), "pragmatic": 0.6 * d.unit("p", g, k, j),
                 "economic": 0.5 * d.unit("e", g, k, j)} for j in range(2)
            ]  # fmt: skip
            emirs.append(
                {"name": f"Emir {g}-{k}", "organisation": name, "region": f"Region {place}", "strength": max(1.0, strength / katibas),
                 "skill": 0.3 + 0.5 * d.unit("skill", g, k), "loyalty": 0.2 + 0.7 * d.unit("loyalty", g, k),
                 "agenda": -0.8 + 1.4 * d.unit("agenda", g, k), "belief": -0.9 + 1.4 * d.unit("belief", g, k), "ties": ties if embedded else []}
            )  # fmt: skip
    return organisations, emirs


def follow(spec: PopulationSpec, number: int, *, death: bool = True) -> list[dict[str, Any]]:
    """Run a setting and return a row for every organisation that ever stood and is counted; see :func:`population`."""
    from sim import engine

    scenario = setting(spec, number, death=death)
    months, p = month_count(scenario), parameters(scenario)
    world = build(scenario, spec.seed, number, Capacity.of(scenario, LOG_ROWS))
    o, e = world.organisation, world.emir
    tied = {i for i, emir in enumerate(scenario.emirs) if emir.ties}
    kept: dict[int, dict[str, Any]] = {}
    keep = 1.0 - float(p["loss_memory"][0])
    before = np.zeros(len(o))
    for _ in engine.months_of(world, p, months):
        for i in np.flatnonzero(o["alive"] == 1):
            who = int(o["identity"][i])
            seen_first = {"row": int(i), "strength_start": float(o["strength"][i]), **dict.fromkeys(_SUMS, 0.0)}
            row = kept.setdefault(who, seen_first)
            mine = (e["alive"] == 1) & (e["organisation"] == i)
            total = float(e["strength"][mine].sum())
            row["months"] += 1
            row["allied"] += int(o["allies"][i] > 0)
            row["away"] += 1.0 - float(e["strength"][mine & (e["region"] == o["home"][i])].sum()) / total if total > 0.0 else 0.0
            row["man_months"] += float(o["strength"][i])
            row["infighting"] += max(0.0, float(o["lost_to_rivals"][i]) - keep * before[i])
        before = o["lost_to_rivals"].copy()
    log = world.log[: min(int(world.clock["logged"][0]), LOG_ROWS)]
    lost = {who: int(((log["kind"] == codes.SUCCESSION) & (log["organisation"] == who)).sum()) for who in kept}
    broken = {who: int((np.isin(log["kind"], (codes.SPLINTER, codes.AUTONOMY, codes.PLEDGE)) & (log["organisation"] == who)).sum()) for who in kept}
    breaks = log[np.isin(log["kind"], (codes.SPLINTER, codes.AUTONOMY, codes.PLEDGE))]
    names = {int(o["identity"][i]): spec_.name for i, spec_ in enumerate(scenario.organisations)}
    identity = {i: int(o["identity"][i]) for i in range(len(o))}
    death_entry = next((entry for entry in scenario.timeline if entry.event == "leader_death"), None)
    rows = []
    for who, seen in kept.items():
        i = seen["row"]
        if o["peak"][i] < spec.least_strength or seen["months"] < spec.least_months:
            continue
        ended = int(o["ended"][i])
        katibas = [k for k, emir in enumerate(scenario.emirs) if names.get(who) == emir.organisation]
        rows.append(
            {
                "setting": number, "organisation": who, "name": names.get(who, ""), "kind": codes.ORGANISATION_KINDS[o["kind"][i]],
                "origin": codes.ORIGINS[o["origin"][i]], "parent": identity.get(int(o["parent"][i]), 0) if o["parent"][i] >= 0 else 0,
                "start": int(o["born"][i]), "end": ended if ended >= 0 else months, "ended": ended >= 0, "ending": codes.ENDINGS[o["ending"][i]],
                "strength_start": seen["strength_start"], "peak": float(o["peak"][i]), "months": int(seen["months"]),
                "allied": seen["allied"] / seen["months"], "leaders_lost": lost[who], "breaks": broken[who], "infighting": seen["infighting"],
                **{f"cause_{c}": float(breaks[f"cause_{c}"][breaks["organisation"] == who].sum()) for c in PRECEDED},
                "lethality": float(o["deaths"][i]) / max(1.0, seen["man_months"]),
                "away": seen["away"] / seen["months"], "embedded": bool(katibas) and any(k in tied for k in katibas),
                "struck": death_entry is not None and names.get(who) == death_entry.target,
                "struck_month": -1 if death_entry is None else _month(death_entry),
            }
        )  # fmt: skip
    return rows


def _month(entry: TimelineEntry) -> int:
    year, month = entry.date.split("-")
    return 12 * (int(year) - 2000) + int(month) - 1


def population(spec: PopulationSpec, threads: int = 1, *, death: bool = True) -> pd.DataFrame:
    """Run a population.

    Args:
        spec: The population.
        threads: Threads; the result does not depend on it.
        death: Whether the leaders' deaths that settings hold happen.

    Returns:
        A row an organisation: setting, identity, kind, origin, parent, start and end (months from the start of observation; negative for one founded
        before), whether and how it ended, strength when first seen, peak, months seen, share of them allied, leaders lost, breaks suffered, strength
        lost to infighting, causes of its breaks (sums of shares), deaths in its violence per fighter-month, mean share of strength away from
        its home region, whether embedded at the start, whether its leader's death is in the setting, and when.
    """
    import pandas as pd

    from sim.study.work import warm

    warm()
    with ThreadPoolExecutor(threads) as pool:
        found = list(pool.map(lambda n: follow(spec, n, death=death), range(spec.settings)))
    return pd.DataFrame([row for rows in found for row in rows])
