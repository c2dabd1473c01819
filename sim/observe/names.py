"""Names for everybody who ever lived in a history: those the scenario names, and those who were founded or succeeded in the run.

Whoever appears in a run is called by two words of nature, so that nobody takes him for a person of the record. The words follow from his identity,
which follows from whom he came from and when: in two histories under the same draws the same person is called alike (where several share two words,
the later ones are told apart by place and year).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from sim.scenario.identities import identities
from sim.scenario.schema import Scenario
from sim.scenario.timeline import month_label
from sim.world import codes
from sim.world.build import identity

_FIRST = (
    "Amber", "Ashen", "Bare", "Broad", "Bronze", "Calm", "Clear", "Cold", "Copper", "Dark", "Dawn", "Deep", "Dry", "Dusk", "Early", "Far",
    "Flint", "Grey", "High", "Hollow", "Iron", "Late", "Long", "Low", "Noon", "Old", "Pale", "Quiet", "Red", "Rough", "Russet", "Salt",
    "Sharp", "Silver", "Slow", "Steep", "Still", "Swift", "Tall", "White",
)  # fmt: skip
_SECOND = (
    "Acacia", "Alder", "Basalt", "Bramble", "Brook", "Bustard", "Cedar", "Crane", "Curlew", "Dune", "Eagle", "Egret", "Falcon", "Fern",
    "Fig", "Gazelle", "Granite", "Hare", "Harrier", "Heron", "Ibex", "Ibis", "Jackdaw", "Juniper", "Kestrel", "Kite", "Lark", "Lichen",
    "Linden", "Lynx", "Marl", "Marten", "Oak", "Olive", "Oryx", "Osprey", "Owl", "Palm", "Pebble", "Pine", "Plover", "Quartz", "Raven",
    "Reed", "Ridge", "Rowan", "Sage", "Sandgrouse", "Shale", "Shrike", "Slate", "Stork", "Swallow", "Tamarisk", "Teal", "Thistle", "Thorn",
    "Wadi", "Warbler", "Wren",
)  # fmt: skip


_OF_PEOPLE = (codes.SUCCESSION, codes.EMIR_SUCCESSION, codes.PURGE)
"""Events whose other party is a person."""

_ORDINALS = ("", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def ordinal(n: int) -> str:
    """Return ``second`` for 2 … ``tenth`` for 10, then ``11th`` and so on."""
    if n <= len(_ORDINALS):
        return _ORDINALS[n - 1]
    return f"{n}{'th' if n % 100 in (11, 12, 13) else {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th')}"


def given(who: int) -> str:
    """Return the two words by which someone is called who appears in a run."""
    return f"{_FIRST[who % len(_FIRST)]} {_SECOND[who // len(_FIRST) % len(_SECOND)]}"


class Names:
    """Names by identity, and by date where a name changes.

    A lineage keeps its identity through a rename (GSPC becomes AQIM: one organisation, not a death and a birth), so an organisation's name depends
    on the month.

    Args:
        scenario: What was run.
        log: The event log.
        emirs: Identity, month and region of every emir when he is first seen, in order of time.
    """

    def __init__(self, scenario: Scenario, log: np.ndarray[Any, Any], emirs: Iterable[tuple[int, int, int]] = ()) -> None:
        self._names = dict(identities(scenario))
        self._renamed: dict[int, tuple[int, str]] = {}
        self._used = set(self._names.values())
        new_name = {identity("organisation", o.name): o.renamed for o in scenario.organisations if o.renamed}
        regions = [r.name for r in scenario.regions]

        def place(region: int, month: int) -> str:
            return f"{regions[region]}, {month_label(scenario, month)[:4]}" if region >= 0 else month_label(scenario, month)[:4]

        # Leaders who are no emirs, and who was emir for less than a month, are known from the log alone. People come before their groups, which
        # bear their names.
        acting = [(int(e["actor"]), int(e["month"]), int(e["region"])) for e in log if e["actor"] >= 0]
        acting += [(int(e["other"]), int(e["month"]), int(e["region"])) for e in log if e["kind"] in _OF_PEOPLE]
        for who, month, region in sorted([*emirs, *acting], key=lambda person: person[1]):
            self._add(who, given(who), place(region, month))
        for entry in log:
            who, org, other = int(entry["actor"]), int(entry["organisation"]), int(entry["other"])
            kind, where = entry["kind"], place(int(entry["region"]), int(entry["month"]))
            if kind in (codes.SPLINTER, codes.AUTONOMY, codes.PLEDGE):
                self._add(other, f"Group of {self.of(who)}", where)
            elif kind == codes.FOUNDING:
                self._add(org, f"Group of {self.of(who)}", where)
            elif kind == codes.BROKER_GROUP:
                self._add(org, f"Movement of {self.of(who)}", where)
            elif kind == codes.BRAND_CHANGE and org in new_name:
                self._renamed[org] = (int(entry["month"]), new_name[org])

    def _add(self, who: int, name: str, where: str) -> None:
        """Name somebody who has no name yet; where another bears the name, place and year are told with it, and a number if need be."""
        if who in self._names:
            return
        candidate, n = name, 1
        while candidate in self._used:
            candidate = f"{name} ({where})" if n == 1 else f"{name} ({where}, {n})"
            n += 1
        self._used.add(candidate)
        self._names[who] = candidate

    def of(self, who: int, month: int | None = None) -> str:
        """Return a name; an organisation that took another name bears it from that month on (and where no month is given)."""
        if who in self._renamed:
            since, name = self._renamed[who]
            if month is None or month >= since:
                return name
        return self._names.get(who, f"{who:08x}")

    def all_names(self, who: int) -> list[str]:
        """Return every name an organisation bore, in order."""
        names = [self._names.get(who, f"{who:08x}")]
        if who in self._renamed:
            names.append(self._renamed[who][1])
        return names
