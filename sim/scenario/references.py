"""Whether a scenario hangs together: every name it refers to exists, names are unique, dates lie within it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sim.scenario.errors import Hints, Place, Problem, listed
from sim.scenario.identities import shared
from sim.scenario.numbers import between, exact, unrounded
from sim.scenario.schema import TARGET_OF, Scenario
from sim.scenario.timeline import month_count, month_index
from sim.scenario.translate import written
from sim.scenario.yaml_text import Node

LONGEST = 1200
_REFERENCES = (
    ("regions", "state", "states"),
    ("communities", "region", "regions"),
    ("organisations", "home", "regions"),
    ("emirs", "organisation", "organisations"),
    ("emirs", "region", "regions"),
    ("smugglers", "region", "regions"),
    ("brokers", "region", "regions"),
    ("forces", "state", "states"),
    ("forces", "recruits_from", "regions"),
)


class _Checker:
    """Gathers problems, each at its place."""

    def __init__(self, scenario: Scenario, node: Node) -> None:
        self.scenario, self.node = scenario, node
        self.names = {section: [thing.name for thing in getattr(scenario, section)] for section in (
            "states", "regions", "communities", "organisations", "emirs", "smugglers", "brokers", "forces")}  # fmt: skip
        self.hint = Hints()
        self.sets = {section: set(names) for section, names in self.names.items()}

    def problem(self, path: tuple[str | int, ...], message: str, near: str = "", key: bool = False) -> Problem:
        return Problem(self.node.at(path, key), written(path), message, near)

    def refers(self, path: tuple[str | int, ...], name: str, section: str, key: bool = False) -> Iterator[Problem]:
        if name not in self.sets[section]:
            known = self.names[section]
            yield self.problem(path, f"there is no {name!r} among the {section}: {listed(known)}", self.hint(name, known), key)


def check(scenario: Scenario, node: Node, *, partial: bool = False) -> list[Problem]:
    """Return what does not hang together in a scenario whose values are admissible one by one.

    Args:
        scenario: The scenario.
        node: The scenario as it was written, for the places.
        partial: True if defaults stand in for values that are not admissible: then only names are looked at, which no default made wrong.
    """
    c = _Checker(scenario, node)
    if partial:
        return [*_names(c), *_places(c), *_ties(c)]
    found = [*_names(c), *_places(c), *_roads(c), *_ties(c), *_dates(c)]
    if month_count(scenario) < 1:
        # No date lies within a span that there is not: to tell it of each would hide the one mistake.
        return found
    return [*found, *_people(c), *_span(c), *_timeline(c), *_record(c), *_policies(c), *_data(c)]


def amounts_fit(scenario: Scenario, sections: Iterable[str]) -> bool:
    """Return whether amounts of these sections go together, in a scenario that is otherwise known to hang together."""
    c = _Checker(scenario, Node({}, Place("")))
    return not any(True for section in sections for _ in _AMOUNTS.get(section, _nothing)(c))


def _nothing(c: _Checker) -> Iterator[Problem]:
    yield from ()


def _names(c: _Checker) -> Iterator[Problem]:
    for section, names in c.names.items():
        seen: Counter[str] = Counter()
        for i, name in enumerate(names):
            seen[name] += 1
            if seen[name] == 2:
                yield c.problem((section, i, "name"), f"the name {name!r} is taken; names are unique among {section}")
    for two in shared(c.scenario):
        yield c.problem((two.section, two.row, "name"), str(two))
    for section, field, target in _REFERENCES:
        for i, thing in enumerate(getattr(c.scenario, section)):
            yield from c.refers((section, i, field), getattr(thing, field), target)
    yield from c.refers(("focus",), c.scenario.focus, "organisations")


def _places(c: _Checker) -> Iterator[Problem]:
    ease: dict[frozenset[str], float] = {}
    for i, region in enumerate(c.scenario.regions):
        for other, value in region.neighbours.items():
            path = ("regions", i, "neighbours", other)
            yield from c.refers(path, other, "regions", key=True)
            if other == region.name:
                yield c.problem(path, f"{other!r} is no neighbour of itself", key=True)
            pair = frozenset((region.name, other))
            if ease.setdefault(pair, value) != value:
                yield c.problem(path, f"{value!r} here, but {ease[pair]!r} where {other!r} names {region.name!r}; an edge has one ease")
    for i, force in enumerate(c.scenario.forces):
        for k, name in enumerate(force.regions):
            yield from c.refers(("forces", i, "regions", k), name, "regions")
        if len(set(force.regions)) < len(force.regions):
            yield c.problem(("forces", i, "regions"), "a region is named twice")


def _roads(c: _Checker) -> Iterator[Problem]:
    """Every region can be reached from every other by named edges."""
    edges: dict[str, set[str]] = {name: set() for name in c.names["regions"]}
    for region in c.scenario.regions:
        for other in region.neighbours:
            if other in edges:
                edges[region.name].add(other)
                edges[other].add(region.name)
    reached: set[str] = set()
    ahead = c.names["regions"][:1]
    while ahead:
        here = ahead.pop()
        reached.add(here)
        ahead += edges[here] - reached
    for i, region in enumerate(c.scenario.regions):
        if region.name not in reached:
            message = f"no road leads from {c.names['regions'][0]!r} to {region.name!r}: name a neighbour of either, if only with an ease near 0"
            yield c.problem(("regions", i), message, "")


def _people(c: _Checker) -> Iterator[Problem]:
    led = {emir.organisation for emir in c.scenario.emirs}
    for i, organisation in enumerate(c.scenario.organisations):
        if organisation.name not in led:
            yield c.problem(("organisations", i, "name"), f"{organisation.name!r} has no emir; an organisation has at least one")
        if organisation.founded and not organisation.absent and month_index(c.scenario, organisation.founded) > 0:
            yield c.problem(
                ("organisations", i, "founded"),
                f"{organisation.founded} is later than the start {c.scenario.start}; set `absent: true` and give an `entry`",
            )


def _ties(c: _Checker) -> Iterator[Problem]:
    for i, emir in enumerate(c.scenario.emirs):
        seen: set[str] = set()
        for k, tie in enumerate(emir.ties):
            yield from c.refers(("emirs", i, "ties", k, "community"), tie.community, "communities")
            if tie.community in seen:
                yield c.problem(("emirs", i, "ties", k, "community"), f"{tie.community!r} is tied to {emir.name!r} already")
            seen.add(tie.community)


def _dates(c: _Checker) -> Iterator[Problem]:
    if month_count(c.scenario) < 1:
        yield c.problem(("end",), f"{c.scenario.end} is before the start {c.scenario.start}")
    elif month_count(c.scenario) > LONGEST:
        yield c.problem(("end",), f"{c.scenario.end} is {month_count(c.scenario)} months after the start; at most {LONGEST} are allowed")


class _Dated(NamedTuple):
    """A date within the scenario that something happens on."""

    path: tuple[str | int, ...]
    month: str
    at: int


def _dated(c: _Checker) -> Iterator[_Dated]:
    for i, entry in enumerate(c.scenario.timeline):
        yield _Dated(("timeline", i, "date"), entry.date, month_index(c.scenario, entry.date))
    for i, fact in enumerate(c.scenario.record):
        for field, month in (("date", fact.date), ("until", fact.until)):
            if month:
                yield _Dated(("record", i, field), month, month_index(c.scenario, month))


def _span(c: _Checker) -> Iterator[Problem]:
    """Dates that lie outside the scenario, each at its place; where a later hand moved an end of it over many, that end is told once."""
    last = month_count(c.scenario) - 1
    moved: dict[str, list[_Dated]] = {"start": [], "end": []}
    for d in _dated(c):
        if 0 <= d.at <= last:
            continue
        bound = "start" if d.at < 0 else "end"
        if _hand(c, (bound,)) > _hand(c, d.path):
            moved[bound].append(d)
        else:
            yield c.problem(d.path, f"{d.month} is outside the scenario, which runs from {c.scenario.start} to {c.scenario.end}")
    for bound, dates in moved.items():
        if dates:
            yield c.problem((bound,), _left_out(dates, bound, getattr(c.scenario, bound)))


def _left_out(dates: list[_Dated], bound: str, month: str) -> str:
    """Return how much a start or an end leaves outside, and what is allowed."""
    furthest = (min if bound == "start" else max)(d.month for d in dates)
    counts = {section: len({d.path[1] for d in dates if d.path[0] == section}) for section in ("timeline", "record")}
    words = {"timeline": "event", "record": "fact"}
    told = " and ".join(f"{n} {words[section]}{'s' if n > 1 else ''} of the {section}" for section, n in counts.items() if n)
    lie, far, allowed = ("before", "first", "earlier") if bound == "start" else ("after", "last", "later")
    verb = "lies" if sum(counts.values()) == 1 else "lie"
    return f"{told} {verb} {lie} {month}, the {far} in {furthest}; allowed is {furthest} or {allowed}"


def _hand(c: _Checker, path: tuple[str | int, ...]) -> int:
    """Return whose hand wrote something: 0 for a file that is extended, 1 for the file itself, 2 for a change of this run."""
    place = c.node.at(path)
    return 2 if place.optional else int(place.file == c.node.place.file)


def _timeline(c: _Checker) -> Iterator[Problem]:
    entered: Counter[str] = Counter()
    absent = {o.name for o in c.scenario.organisations if o.absent}
    for i, entry in enumerate(c.scenario.timeline):
        section = TARGET_OF[entry.event]
        if section == "none":
            if entry.target:
                yield c.problem(("timeline", i, "target"), f"{entry.event!r} has no target; {entry.target!r} is given")
        elif not entry.target:
            yield c.problem(("timeline", i), f"{entry.event!r} needs a target, one of the {section}: {listed(c.names[section])}")
        else:
            yield from c.refers(("timeline", i, "target"), entry.target, section)
        if entry.event != "intervention" and entry.magnitude > 1.0:
            yield c.problem(("timeline", i, "magnitude"), f"{entry.magnitude!r} is out of range; allowed for {entry.event!r} is 0 to 1")
        if entry.event == "entry":
            entered[entry.target] += 1
            if entry.target in c.sets["organisations"] and entry.target not in absent:
                yield c.problem(
                    ("timeline", i, "target"), f"{entry.target!r} is there from the start; only an organisation with `absent: true` enters"
                )
            elif entered[entry.target] > 1:
                yield c.problem(("timeline", i, "target"), f"{entry.target!r} enters twice")
    for i, organisation in enumerate(c.scenario.organisations):
        if organisation.absent and not entered[organisation.name]:
            yield c.problem(("organisations", i, "absent"), f"{organisation.name!r} is absent and never enters; give the timeline an `entry` for it")


def _record(c: _Checker) -> Iterator[Problem]:
    for i, fact in enumerate(c.scenario.record):
        if fact.until and month_index(c.scenario, fact.until) < month_index(c.scenario, fact.date):
            yield c.problem(("record", i, "until"), f"{fact.until} is before the fact's date {fact.date}")
        if fact.strength and fact.strength[0] > fact.strength[1]:
            low, high = fact.strength
            yield c.problem(("record", i, "strength"), f"{between(low, high)} is upside down; give the least first, then the most")


def _policies(c: _Checker) -> Iterator[Problem]:
    policy = c.scenario.policies
    total = policy.force + policy.amnesty + policy.services + policy.anti_corruption + policy.dialogue + policy.horizon
    if total > 1.0 + 1e-9:
        yield c.problem(("policies",), f"the shares of the budget add up to {exact(total, 12)}; at most 1 is allowed")
    if policy.budget > 0.0 and total == 0.0:
        yield c.problem(("policies", "budget"), f"a budget of {unrounded(policy.budget)} with no share spent on anything")
    start, end = policy.start or c.scenario.start, policy.end or c.scenario.end
    if month_index(c.scenario, end) < month_index(c.scenario, start):
        yield c.problem(("policies", "end"), f"{end} is before the policies' start {start}")


def _data(c: _Checker) -> Iterator[Problem]:
    """Each region, organisation, country, province and alias belongs to one place or actor, so that everything is counted once."""
    taken: dict[tuple[str, str], str] = {}

    def once(kind: str, key: str, owner: str, path: tuple[str | int, ...]) -> Iterator[Problem]:
        other = taken.setdefault((kind, key.casefold()), owner)
        if other != owner:
            yield c.problem(path, f"{key!r} belongs to {other!r} already; {kind} belongs to one of them")

    for section in ("places", "actors"):
        for name, count in Counter(part.name for part in getattr(c.scenario.data, section)).items():
            if count > 1:
                yield c.problem(("data", section), f"the name {name!r} is taken; names are unique among {section}")
    for i, place in enumerate(c.scenario.data.places):
        path = ("data", "places", i)
        if not place.countries and not place.gwno:
            yield c.problem(path, f"{place.name!r} has neither countries nor gwno; data say by one of them where an event was")
        for k, region in enumerate(place.regions):
            yield from c.refers((*path, "regions", k), region, "regions")
            yield from once("a region", region, place.name, (*path, "regions", k))
        for field in ("countries", "gwno"):
            for k, country in enumerate(getattr(place, field)):
                for province in place.provinces or [""]:
                    told = f"{country}: {province}" if province else str(country)
                    yield from once("a country without provinces" if not province else "a province", told, place.name, (*path, field, k))
    for i, actor in enumerate(c.scenario.data.actors):
        for k, name in enumerate(actor.organisations):
            yield from c.refers(("data", "actors", i, "organisations", k), name, "organisations")
            yield from once("an organisation", name, actor.name, ("data", "actors", i, "organisations", k))
        for k, alias in enumerate(actor.aliases):
            yield from once("an alias", alias, actor.name, ("data", "actors", i, "aliases", k))


_AMOUNTS = {"timeline": _timeline, "policies": _policies}
"""What looks at amounts, by the section whose amounts it looks at; everything else but the ease of edges looks at names and dates alone."""
