"""Names for everybody who ever lived in a history: those the scenario names, and those who were founded or succeeded in the run.

Whoever appears in a run is called by two words of nature, so that nobody takes him for a person of the record. The words follow from his identity,
which follows from whom he came from and when: the same founding bears the same name in every history, whatever else happens there. Of two whose words
are the same, which a history of a few hundred people has once or twice, the later takes his next ones. A group is called after its founder, and by a
word that tells what it is: a company broke away from another, bands, movements and watches arose by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from sim.scenario.identities import identities
from sim.scenario.schema import Scenario
from sim.world import codes
from sim.world.build import identity

_FIRST = (
    "Amber", "Ashen", "Autumn", "Bare", "Blue", "Bright", "Broad", "Bronze", "Calm", "Chalk", "Clear", "Cloudy", "Coastal", "Cold", "Copper",
    "Coral", "Crooked", "Dappled", "Dark", "Dawn", "Deep", "Distant", "Drifting", "Dry", "Dusk", "Dusty", "Early", "Even", "Fallow", "Far",
    "Flint", "Fresh", "Frosted", "Golden", "Granite", "Grassy", "Green", "Grey", "High", "Hollow", "Inland", "Iron", "Late", "Lone", "Long",
    "Low", "Marble", "Mellow", "Misty", "Mossy", "Narrow", "Noon", "Northern", "Ochre", "Old", "Outer", "Pale", "Pebbled", "Plain", "Quiet",
    "Rainy", "Red", "Ripe", "Rough", "Russet", "Salt", "Sandy", "Sharp", "Silent", "Silver", "Sloping", "Slow", "Smooth", "Southern", "Spring",
    "Stark", "Steep", "Still", "Stony", "Summer", "Sunlit", "Swift", "Tall", "Tawny", "Upper", "Wandering", "Western", "White", "Windy", "Winter",
)  # fmt: skip
_SECOND = (
    "Acacia", "Alder", "Almond", "Aspen", "Badger", "Barley", "Basalt", "Basin", "Bay", "Beech", "Birch", "Bluff", "Boulder", "Bramble", "Brook",
    "Bustard", "Canyon", "Carob", "Cedar", "Cherry", "Chestnut", "Cicada", "Clay", "Cliff", "Clover", "Cove", "Crane", "Creek", "Cricket",
    "Curlew", "Cypress", "Delta", "Dove", "Dune", "Eagle", "Egret", "Elm", "Falcon", "Fennel", "Fern", "Field", "Fig", "Finch", "Ford", "Fox",
    "Gazelle", "Glen", "Gorge", "Gravel", "Grebe", "Grove", "Gull", "Hare", "Harrier", "Hawk", "Heath", "Heron", "Hill", "Hoopoe", "Ibex", "Ibis",
    "Jackdaw", "Juniper", "Kestrel", "Kite", "Lagoon", "Lake", "Lapwing", "Lark", "Lichen", "Linden", "Lizard", "Lotus", "Lynx", "Magpie",
    "Maple", "Marl", "Marsh", "Marten", "Meadow", "Mesa", "Mint", "Mole", "Moss", "Nettle", "Oak", "Oasis", "Olive", "Oriole", "Oryx", "Osprey",
    "Otter", "Owl", "Palm", "Partridge", "Pass", "Peak", "Pear", "Pebble", "Pelican", "Petrel", "Pine", "Pipit", "Plateau", "Plover", "Pond",
    "Poplar", "Poppy", "Prairie", "Quail", "Quarry", "Quartz", "Quince", "Rapids", "Raven", "Reed", "Reef", "Ridge", "Rook", "Rowan", "Saffron",
    "Sage", "Sandgrouse", "Scree", "Sedge", "Shale", "Shore", "Shrike", "Siskin", "Slate", "Snipe", "Sorrel", "Sparrow", "Starling", "Stork",
    "Stream", "Summit", "Swallow", "Swan", "Sycamore", "Tamarisk", "Teal", "Tern", "Terrace", "Thicket", "Thistle", "Thorn", "Thrush", "Thyme",
    "Tortoise", "Vale", "Valley", "Vine", "Vole", "Wadi", "Wagtail", "Walnut", "Warbler", "Waterfall", "Wheat", "Wheatear", "Willow", "Woodcock",
    "Wren", "Yarrow", "Yew",
)  # fmt: skip

_OF_PEOPLE = (codes.SUCCESSION, codes.EMIR_SUCCESSION, codes.PURGE)
"""Events whose other party is a person."""
_AROSE = ("Band", "Movement", "Watch")
"""What groups that arose by themselves are called, by kind: jihadist, rebel, militia."""

_STEP = 0x9E3779B1
"""Odd, and far from any multiple of the number of names: who cannot have his first name takes one far away."""
_DESCRIBES = re.compile(r" [a-z]+\b(?!-)|^\w+ (South|North|East|West)$")
"""A word in lower case, or a point of the compass that something else qualifies ("Algerian South")."""
_MANY = re.compile(r"(?:^|[ -])(?:[a-z]*[a-z]{2}(?<!s)s|men|people|[Rr]ebels|[Ff]ighters|[Gg]roups|[Mm]ilitias|[Bb]rothers|[Gg]uards|[Ff]orces)$")
"""How the name of several ends: a word in lower case in the plural (a proper name may end in an s too), or one that is always one of several."""
_ORDINALS = ("", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def ordinal(n: int) -> str:
    """Return ``second`` for 2 … ``tenth`` for 10, then ``11th`` and so on."""
    if n <= len(_ORDINALS):
        return _ORDINALS[n - 1]
    return f"{n}{'th' if n % 100 in (11, 12, 13) else {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th')}"


def given(who: int, n: int = 0) -> str:
    """Return the two words by which someone is called who appears in a run; with n his next ones, should others bear those before."""
    place = (who + n * _STEP) % (len(_FIRST) * len(_SECOND))
    return f"{_FIRST[place % len(_FIRST)]} {_SECOND[place // len(_FIRST)]}"


def in_text(name: str) -> str:
    """Return a name as it stands within a sentence: what describes takes an article ("the Notable of Gao"), what is a name takes none."""
    words = name.split()
    if words[0] in ("The", "the"):
        return "the" + name[3:]
    if name.startswith("leader of "):
        return f"the leader of {in_text(name.removeprefix('leader of '))}"
    # Acronyms and possessives are names, whatever follows them (IS in Libya, Zouabri's men); of two things the first tells (Algiers and coast).
    first = name.partition(" of ")[0]
    if words[0].isupper() or "'s " in first or not _DESCRIBES.search(name.partition(" and ")[0]):
        return name
    return f"the {name}"


def plural(name: str) -> bool:
    """Return whether a name is one of several: ``the Tuareg rebels`` and ``Zouabri's men`` are, ``AIS`` and ``Sharp Rapids`` are not."""
    return bool(_MANY.search(name.partition(" of ")[0]))


def possessive(name: str) -> str:
    """Return whose something is: ``the Returned fighters'``, ``AIS's``, ``Zouabri's men's``."""
    return f"{name}'" if name.endswith("s") and plural(name) else f"{name}'s"


class Names:
    """Names by identity, and by date where a name changes.

    A lineage keeps its identity through a rename (GSPC becomes AQIM: one organisation, not a death and a birth), so an organisation's name depends
    on the month.

    Args:
        scenario: What was run.
        log: The event log.
        emirs: Identity and month of every emir when he is first seen.
        kinds: Kind of each organisation by identity.
    """

    def __init__(
        self, scenario: Scenario, log: np.ndarray[Any, Any], emirs: Iterable[tuple[int, int]] = (), kinds: Mapping[int, int] | None = None
    ) -> None:
        self._names = dict(identities(scenario))
        self._renamed: dict[int, tuple[int, str]] = {}
        new_name = {identity("organisation", o.name): o.renamed for o in scenario.organisations if o.renamed}
        self._used = {*self._names.values(), *new_name.values()}

        # Leaders who are no emirs, and who was emir for less than a month, are known from the log alone. People come before their groups, which
        # bear their names.
        acting = [(int(e["actor"]), int(e["month"])) for e in log if e["actor"] >= 0]
        acting += [(int(e["other"]), int(e["month"])) for e in log if e["kind"] in _OF_PEOPLE]
        for who, _ in sorted([*emirs, *acting], key=lambda person: (person[1], person[0])):
            self._add_person(who)
        for entry in log:
            who, org, other, kind = int(entry["actor"]), int(entry["organisation"]), int(entry["other"]), int(entry["kind"])
            if kind in (codes.SPLINTER, codes.AUTONOMY, codes.PLEDGE):
                self._add_group(other, "Company", who)
            elif kind == codes.FOUNDING:
                self._add_group(org, _AROSE[(kinds or {}).get(org, codes.JIHADIST)], who)
            elif kind == codes.BROKER_GROUP:
                self._add_group(org, "Movement", who)
            elif kind == codes.BRAND_CHANGE and org in new_name:
                self._renamed[org] = (int(entry["month"]), new_name[org])

    def _add_person(self, who: int) -> None:
        """Name somebody who has no name yet."""
        n = 0
        while who not in self._names:
            if (name := given(who, n)) not in self._used:
                self._used.add(name)
                self._names[who] = name
            n += 1

    def _add_group(self, who: int, what: str, founder: int) -> None:
        """Name a group that has no name yet after its founder; a second one of his is told as his second."""
        n = 1
        while who not in self._names:
            name = f"{ordinal(n).capitalize()} {what}".strip() + f" of {in_text(self.of(founder))}"
            if name not in self._used:
                self._used.add(name)
                self._names[who] = name
            n += 1

    def of(self, who: int, month: int | None = None) -> str:
        """Return a name; an organisation that took another name bears it from that month on (and where no month is given)."""
        if who in self._renamed:
            since, name = self._renamed[who]
            if month is None or month >= since:
                return name
        return self._names.get(who, f"{who:08x}")

    def told(self, who: int, month: int | None = None) -> str:
        """Return a name as it stands within a sentence."""
        return in_text(self.of(who, month))

    def all_names(self, who: int) -> list[str]:
        """Return every name an organisation bore, in order."""
        names = [self._names.get(who, f"{who:08x}")]
        if who in self._renamed:
            names.append(self._renamed[who][1])
        return names
