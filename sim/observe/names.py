"""Names for everybody who ever lived in a history: those the scenario names, and those who were founded or succeeded in the run."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.scenario.schema import Scenario
from sim.scenario.timeline import month_label
from sim.world import codes
from sim.world.build import identities, identity

_ORDINALS = ("", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def ordinal(n: int) -> str:
    """Return ``second`` for 2 … ``tenth`` for 10, then ``11th`` and so on."""
    if n <= len(_ORDINALS):
        return _ORDINALS[n - 1]
    return f"{n}{'th' if n % 100 in (11, 12, 13) else {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th')}"


class Names:
    """Names by identity, and by date where a name changes.

    A lineage keeps its identity through a rename (GSPC becomes AQIM: one organisation, not a death and a birth), so an organisation's name depends
    on the month.
    """

    def __init__(self, scenario: Scenario, log: np.ndarray[Any, Any]) -> None:
        self._names = dict(identities(scenario))
        self._renamed: dict[int, tuple[int, str]] = {}
        self._reign: dict[int, int] = {}
        self._root: dict[int, str] = {}
        new_name = {identity("organisation", o.name): o.renamed for o in scenario.organisations if o.renamed}
        regions = [r.name for r in scenario.regions]
        given = set(self._names)
        used = set(self._names.values())
        for entry in log:
            who, org, other = int(entry["actor"]), int(entry["organisation"]), int(entry["other"])
            kind = entry["kind"]
            place = f"{regions[entry['region']]}, {month_label(scenario, int(entry['month']))[:4]}" if entry["region"] >= 0 else ""
            if kind == codes.NEW_KATIBA:
                self._add(who, f"emir of a katiba ({place})", used)
            elif kind == codes.EMIR_SUCCESSION or (kind == codes.SUCCESSION and other in self._names):
                self._follow(who, other)
            elif kind in (codes.SPLINTER, codes.AUTONOMY, codes.PLEDGE):
                # Whoever the scenario names lends his group his name; the others' groups go by place and year.
                self._add(other, f"Group of {self.of(who)}" if who in given else f"Group ({place})", used)
            elif kind == codes.BROKER_GROUP:
                self._add(org, f"Movement of {self.of(who)}", used)
            elif kind == codes.BRAND_CHANGE and org in new_name:
                self._renamed[org] = (int(entry["month"]), new_name[org])

    def _add(self, who: int, name: str, used: set[str]) -> None:
        candidate, n = name, 1
        while candidate in used:
            n += 1
            candidate = f"{name[:-1]}, {n})" if name.endswith(")") else f"{name} ({n})"
        used.add(candidate)
        self._names[who] = candidate

    def _stem(self, who: int) -> str:
        return self._root.get(who, self._names.get(who, f"{who:08x}"))

    def _follow(self, who: int, fallen: int) -> None:
        stem = self._stem(fallen)
        n = self._reign.get(fallen, 0) + 1
        self._root[who], self._reign[who] = stem, n
        self._names[who] = f"the successor of {stem}" if n == 1 else f"the {ordinal(n)} successor of {stem}"

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
