"""What a scenario and a data set of events both name: places, and who fights whom.

The scenario's ``data:`` says which regions a country (or some of its provinces) is, and which organisation an actor is. Where it says nothing of
places, each state is one, called by its name; where it says nothing of actors, each organisation is one, called by its name and by the one that it
takes with a brand. Whoever is not named, in the data or in the model, is one of the other groups.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import numpy as np

from sim.evidence.hold.conventions import CIVILIANS, STATE
from sim.scenario.schema import DataActor, DataPlace, Scenario
from sim.world import codes
from sim.world.build import identity

OTHERS = "other groups"
_DIVISION = re.compile(r"\s+(province|region|governorate|state|wilaya|district|department)$")
NOWHERE = -1


def plain(name: str) -> str:
    """Return a name without case, accents and the word for a division: ``Béjaïa province`` and ``Bejaia`` are one."""
    letters = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return _DIVISION.sub("", letters.strip())


class Atlas:
    """Places and sides that are counted, and what belongs to each.

    Sides are numbered: 0 a state, 1 civilians, then the actors, and last the other groups. A dyad is a pair of sides, whichever struck.

    Args:
        scenario: Whose.

    Attributes:
        places: Names of the places.
        sides: Names of the sides.
        place_of_region: Place of each region of the scenario, shape (regions,); :data:`NOWHERE` for a region in none.
    """

    def __init__(self, scenario: Scenario) -> None:
        self._actors = list(scenario.data.actors) or [
            DataActor(name=o.name, organisations=[o.name], aliases=[o.name, *([o.renamed] if o.renamed else [])], offspring=False)
            for o in scenario.organisations
        ]
        places = list(scenario.data.places) or [
            DataPlace(name=s.name, regions=[r.name for r in scenario.regions if r.state == s.name], countries=[s.name])
            for s in scenario.states
            if any(r.state == s.name for r in scenario.regions)
        ]
        self.places = tuple(p.name for p in places)
        self.countries = [name for p in places for name in p.countries]
        self.sides = ("state", "civilians", *(a.name for a in self._actors), OTHERS)
        row = {r.name: i for i, r in enumerate(scenario.regions)}
        self.place_of_region = np.full(len(row), NOWHERE)
        self._at: dict[tuple[object, str], int] = {}
        for n, place in enumerate(places):
            self.place_of_region[[row[name] for name in place.regions]] = n
            for country in (*map(plain, place.countries), *place.gwno):
                for province in map(plain, place.provinces or [""]):
                    self._at[country, province] = n
        self._side = {STATE: 0, CIVILIANS: 1, **{alias.casefold(): n for n, a in enumerate(self._actors, start=2) for alias in a.aliases}}
        self._own = {identity("organisation", name): (n, a.offspring) for n, a in enumerate(self._actors, start=2) for name in a.organisations}

    def place(self, country: str, gwno: int, province: str) -> int:
        """Return the place of an event: its province's, else its country's, else :data:`NOWHERE`."""
        for where in (plain(province), "") if province else ("",):
            for key in (gwno, plain(country)):
                if (key, where) in self._at:
                    return self._at[key, where]
        return NOWHERE

    def side(self, name: str) -> int:
        """Return the side that a name of the data is; ACLED's ``AQIM: Al Qaeda in the Islamic Maghreb`` goes by what stands before the colon."""
        folded = name.casefold()
        return self._side.get(folded, self._side.get(folded.partition(":")[0].strip(), len(self.sides) - 1))

    def sides_of(self, organisation: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        """Return identities, in order, that the log of violence can hold, and the side that each is.

        Args:
            organisation: Table of organisations at the end of a run.
        """
        known = {codes.A_STATE: 0, codes.CIVILIANS: 1}
        for who, lineage in zip(organisation["identity"].tolist(), organisation["lineage"].tolist(), strict=True):
            own, above = self._own.get(who), self._own.get(lineage)
            known[who] = own[0] if own else above[0] if above and above[1] else len(self.sides) - 1
        who = np.array(sorted(known))
        return who, np.array([known[w] for w in who.tolist()])

    def dyad(self, one: Any, other: Any) -> Any:
        """Return the number of a pair of sides, or of many."""
        return np.minimum(one, other) * len(self.sides) + np.maximum(one, other)

    def dyad_name(self, dyad: int) -> str:
        """Return what a pair of sides is called, the group first."""
        one, other = (self.sides[n] for n in divmod(dyad, len(self.sides)))
        return f"{other} – {one}" if one in self.sides[:2] and other != "civilians" else f"{one} – {other}"
