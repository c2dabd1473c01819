"""Every group of a population followed month by month: its size, its allies, the leaders it loses, the breaks it suffers, the dead of its attacks.

Settings found their own groups (:mod:`sim.evidence.settings`); the burn-in is not looked at. A moment is a group and a month: all the leaders that
were lost, all the breaks, and every January of every group that has struck once. Each carries age and size before it and what came of it within
:data:`AFTER` months, so that those that were hit can be laid beside those of the same age and size that were not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.evidence.life_courses import BREAKAWAYS, ROAD_OF, ROOM, Courses, Population
from sim.evidence.settings import setting
from sim.scenario.timeline import month_count
from sim.world import codes
from sim.world.build import Capacity, build, parameters

AFTER = 24
"""Months within which it is asked what came of a moment."""
LATER = 60
"""The same for what takes longer."""
ATTACK_DEATHS = 512
"""Deaths in one attack from which they are not told apart."""
PRECEDED = ("competition", "repression", "accommodation")
"""Causes of a break that the literature names; a break carries shares of twelve that add up to one."""
BREAKS = (codes.SPLINTER, codes.AUTONOMY, codes.PLEDGE)
BREAKAWAY_ORIGINS = [codes.ORIGINS.index(name) for name in BREAKAWAYS]
_LOG, _VIOLENCE = 4_000, 20_000

_Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Moments:
    """Groups at moments; arrays of shape (n,).

    Attributes:
        setting: Number of the setting.
        age: Months since the first attack.
        size: Strength at the end of the month before.
        allied: Whether it then had an ally.
        threat: Force for each fighter that it then faced.
        crowding: Share of rivals in the places where it then was.
        accommodation: Openness of amnesty and of peace in the state where it began, in this month.
        recent_loss: Whether it lost a leader in the :data:`AFTER` months before, or in this one.
        recent_break: Whether it suffered a break in those months.
        ended: Months until it ended (0: in this one), or -1 where it stands at the end of the run.
        broke: Whether it broke within the :data:`AFTER` months after this one.
        left: Months that the run still had.
    """

    setting: _Array
    age: _Array
    size: _Array
    allied: _Array
    threat: _Array
    crowding: _Array
    accommodation: _Array
    recent_loss: _Array
    recent_break: _Array
    ended: _Array
    broke: _Array
    left: _Array

    def within(self, months: int) -> _Array:
        """Return whether each ended within so many months."""
        inside: _Array = (self.ended >= 0) & (self.ended <= months)
        return inside

    def where(self, which: _Array) -> Moments:
        """Return some of them."""
        return Moments(*(value[which] for value in vars(self).values()))


@dataclass(frozen=True)
class Followed:
    """A population, followed.

    Attributes:
        courses: Life courses of all its groups.
        seeds: Number of seeds; settings of the n-th are a block of equal length.
        januaries: Every group that has struck, every January of the window.
        losses: The same groups in the months in which they lost a leader.
        breaks: In the months in which others broke from them.
        causes: Sums over the breaks of a setting of the shares of :data:`PRECEDED`, and the number of breaks, shape (settings, 4).
        attacks: Attacks of groups by deaths, shape (settings, :data:`ATTACK_DEATHS` + 1).
        lethality: Deaths and fighter-months of breakaways, and of the groups they broke from, shape (settings, 4).
        rejoined: Breakaways that came back to a group within five years, and breakaways seen so long or gone, shape (settings, 2).
        befell: How often things befell a setting in the window, by name, shape (settings,) each.
    """

    courses: Courses
    seeds: int
    januaries: Moments
    losses: Moments
    breaks: Moments
    causes: _Array
    attacks: _Array
    lethality: _Array
    rejoined: _Array
    befell: dict[str, _Array]


def follow(population: Population, seeds: Sequence[int], threads: int = 1, watch: Callable[[int, int], None] | None = None) -> Followed:
    """Run a population under several seeds and follow every group.

    Args:
        population: Settings of each seed, years, burn-in and changed parameters; its own seed is not used.
        seeds: Seeds: other settings and other chances each.
        threads: Threads; the result does not depend on it.
        watch: Told how many settings of how many are done.
    """
    from sim.study.work import warm

    warm()
    numbers = [(seed, n) for seed in seeds for n in range(population.settings)]
    found: list[dict[str, Any]] = []
    with ThreadPoolExecutor(threads) as pool:
        try:
            for one in pool.map(lambda pair: _one(population, *pair), numbers):
                found.append(one)
                if watch is not None:
                    watch(len(found), len(numbers))
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    table = np.concatenate([one["table"] for one in found])
    number = np.repeat(np.arange(len(found)), [len(one["table"]) for one in found])
    roads = np.array(["", *(ROAD_OF[name] for name in codes.ENDINGS[1:])])
    courses = Courses(
        len(found), 12 * population.burn_in, 12 * population.years, number,
        *(table[name] for name in ("born", "first_attack", "last_attack", "first_25", "ended")),
        roads[table["ending"]], np.isin(table["origin"], BREAKAWAY_ORIGINS), sum(len(one["table"]) == ROOM.organisations for one in found),
    )  # fmt: skip

    def moments(name: str) -> Moments:
        rows = np.concatenate([one[name] for one in found], axis=1)
        which = np.repeat(np.arange(len(found)), [one[name].shape[1] for one in found])
        return Moments(which, *rows)

    stacked = {name: np.stack([one[name] for one in found]) for name in ("causes", "attacks", "lethality", "rejoined", "befell")}
    befell = dict(zip(_BEFELL, stacked.pop("befell").T, strict=True))
    return Followed(courses, len(seeds), moments("januaries"), moments("losses"), moments("breaks"), befell=befell, **stacked)


_ENTERED = ("coup", "amnesty", "rival_brand", "global_cause", "intervention")
_BEFELL = ("foundings", "peaces made", "brands joined", "pledges to a rival brand", "leaders lost", "breaks", *_ENTERED)


def _one(population: Population, seed: int, number: int) -> dict[str, Any]:
    """Run a setting and read it."""
    from sim import engine

    scenario = setting(seed, number, population.years).model_copy(update={"parameters": dict(population.changes)})
    months, p = month_count(scenario), parameters(scenario)
    room: Capacity = replace(ROOM, log=_LOG, violence=_VIOLENCE)
    while True:
        world = build(scenario, seed, number, room)
        o = world.organisation
        kept = np.zeros((5, months + 1, ROOM.organisations))
        for t in engine.months_of(world, p, months):
            rows = int(world.clock["next_organisation"][0])
            here, offered = o[:rows], world.elite["amnesty"] + world.elite["peace"]
            now = (here["strength"], here["allies"] > 0, here["threat"], here["crowding"], offered[world.region["elite"][here["home"]]])
            kept[:, t + 1, :rows] = np.where(here["alive"] == 1, now, 0.0)
        logged, recorded = int(world.clock["logged"][0]), int(world.clock["recorded"][0])
        if logged <= room.log and recorded <= room.violence:
            break
        room = replace(room, log=max(room.log, logged), violence=max(room.violence, recorded))
    rows = int(world.clock["next_organisation"][0])
    burden = kept[0].sum(axis=0)
    table, log, violence = o[:rows].copy(), world.log[:logged], world.violence[:recorded]
    first = 12 * population.burn_in
    kinds = {"losses": (codes.SUCCESSION,), "breaks": BREAKS}
    happened = {name: _happened(log, kind, table, months) for name, kind in kinds.items()}
    found: dict[str, Any] = {"table": table}
    every_january = np.zeros((months, rows), bool)
    every_january[first::12] = True
    for name, then in {**happened, "januaries": every_january}.items():
        month, row = np.nonzero(then)
        found[name] = _moments(month, row, table, kept, happened, first, months)
    inside = log[log["month"] >= first]
    broke = inside[np.isin(inside["kind"], BREAKS)]
    found["causes"] = np.array([*(broke[f"cause_{name}"].sum() for name in PRECEDED), float(len(broke))])
    struck = violence[(violence["by"] >= 0) & (violence["month"] >= first) & np.isin(violence["kind"], (codes.STATE_BASED, codes.ONE_SIDED))]
    found["attacks"] = np.bincount(np.minimum(struck["deaths"], ATTACK_DEATHS).astype(int), minlength=ATTACK_DEATHS + 1)
    away = np.flatnonzero(np.isin(table["origin"], BREAKAWAY_ORIGINS) & (table["parent"] >= 0) & (table["born"] >= first))
    parent = table["parent"][away]
    found["lethality"] = np.array([values[of].sum() for of in (away, parent) for values in (table["deaths"], burden)])
    seen = (table["ended"][away] >= 0) | (months - table["born"][away] >= LATER)
    back = np.isin(table["ending"][away], (codes.BY_RETURN, codes.BY_ABSORPTION)) & (table["ended"][away] - table["born"][away] <= LATER)
    found["rejoined"] = np.array([(back & seen).sum(), seen.sum()], float)
    entered = [codes.EXOGENOUS[k] for k, month in zip(world.timeline["kind"], world.timeline["month"], strict=True) if month >= first]
    offers = inside[inside["kind"] == codes.OFFER]
    found["befell"] = np.array(
        [(inside["kind"] == codes.FOUNDING).sum(), (offers["detail"] == 1).sum(), (inside["kind"] == codes.BRAND_CHANGE).sum(),
         (inside["kind"] == codes.PLEDGE).sum(), (inside["kind"] == codes.SUCCESSION).sum(), len(broke), *map(entered.count, _ENTERED)], float,
    )  # fmt: skip
    return found


def _happened(log: _Array, kinds: Sequence[int], table: _Array, months: int) -> _Array:
    """Return how often events of some kinds befell each organisation in each month, shape (months, rows)."""
    own = log[np.isin(log["kind"], kinds)]
    order = np.argsort(table["identity"])
    place = np.searchsorted(table["identity"], own["organisation"], sorter=order)
    counts = np.zeros((months, len(table)), int)
    np.add.at(counts, (own["month"], order[place]), 1)
    return counts


def _moments(t: _Array, row: _Array, table: _Array, kept: _Array, happened: dict[str, _Array], first: int, months: int) -> _Array:
    """Return the fields of :class:`Moments` but the setting, shape (11, n), of those months of groups that had struck and still stood."""
    sizes, allies, threat, crowding, accommodation = kept
    attack, ended = table["first_attack"][row], table["ended"][row]
    counts = (t >= first) & (attack >= 0) & (attack < t) & (sizes[t, row] > 0.0) & ((ended < 0) | (ended >= t))
    t, row, attack, ended = t[counts], row[counts], attack[counts], ended[counts]
    so_far = {name: np.concatenate([np.zeros((1, values.shape[1]), int), np.cumsum(values, axis=0)]) for name, values in happened.items()}

    def between(name: str, a: _Array, b: _Array) -> _Array:
        """Whether it happened in the months a … b - 1."""
        low, high = np.clip(a, 0, months), np.clip(b, 0, months)
        return so_far[name][high, row] > so_far[name][low, row]

    return np.stack(
        [
            t - attack,
            sizes[t, row],
            allies[t, row],
            threat[t, row],
            crowding[t, row],
            accommodation[t + 1, row],
            between("losses", t - AFTER, t + 1),
            between("breaks", t - AFTER, t + 1),
            np.where(ended >= 0, ended - t, -1),
            between("breaks", t + 1, t + 1 + AFTER),
            months - 1 - t,
        ]
    ).astype(float)
