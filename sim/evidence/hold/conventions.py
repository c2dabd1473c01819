"""The columns of three data sets, and what a line of each says: UCDP's events (GED), ACLED's events, UCDP's dyad-years.

A convention is known by its header. Its rows become a :class:`Line`: when, where, who, of which of UCDP's three kinds, how many deaths; or a reason
why the row is left out (protests, wars between states), which is counted and told.
"""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sim.scenario.errors import nearest
from sim.world.codes import NON_STATE, ONE_SIDED, STATE_BASED

STATE, CIVILIANS = "\0state", "\0civilians"
"""A side that is a state, or civilians: no name that a file could hold."""

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T]\d{2}:\d{2}.*)?")
_WORDS = re.compile(r"(\d{1,2})[ -]([A-Za-z]{3,9})[ -](\d{4})")


class Line(NamedTuple):
    """What a row says.

    Attributes:
        month: Months since the year 0 (``12 * year + month - 1``); of a dyad-year the year's first.
        country: Name of the country.
        gwno: Its number, or -1 where the row carries none.
        province: First-level division, or empty.
        one: A side: :data:`STATE`, :data:`CIVILIANS` or a name.
        other: The other side.
        kind: Code of one of UCDP's three kinds.
        amount: Deaths; of a dyad-year its intensity level (1 or 2).
    """

    month: int
    country: str
    gwno: int
    province: str
    one: str
    other: str
    kind: int
    amount: int


class WrongValue(ValueError):
    """A field that is not as the convention wants it: column, message, nearest admissible value."""

    def __init__(self, column: str, message: str, near: str = "") -> None:
        super().__init__(message)
        self.column, self.message, self.near = column, message, near


@dataclass(frozen=True)
class Convention:
    """A data set's columns.

    Attributes:
        name: What it is called.
        columns: Columns that a file must have, in the order in which :attr:`line` takes their fields.
        optional: Columns that it may have, which follow them; the field is empty where the column is absent.
        older: What columns were called in older versions, by today's name.
        line: From fields to a line, or to the reason why the row is left out.
        events: Whether a row is an event; else a year of a dyad.
        ucdp: Whether UCDP's rules of inclusion hold.
        whole_years: Whether the data set is published by whole years.
    """

    name: str
    columns: tuple[str, ...]
    optional: tuple[str, ...]
    older: dict[str, str]
    line: Callable[[Sequence[str]], Line | str]
    events: bool
    ucdp: bool
    whole_years: bool


@functools.lru_cache(maxsize=50_000)
def _month(column: str, text: str) -> int:
    """Return a date as months since the year 0."""
    if found := _ISO.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
    elif found := _WORDS.fullmatch(text):
        name = found[2].casefold()
        names = [full for full in _MONTHS if full == name or full[:3] == name]
        if not names:
            raise WrongValue(column, f"{found[2]!r} in {text!r} is no month", nearest(name, _MONTHS))
        day, month, year = int(found[1]), _MONTHS.index(names[0]) + 1, int(found[3])
    else:
        raise WrongValue(column, f"{text[:40]!r} is no date; allowed are 2019-12-31 (a time may follow) and 31 December 2019")
    try:
        datetime.date(year, month, day)
    except ValueError:
        raise WrongValue(column, f"{text[:40]!r} is no day of the calendar") from None
    return 12 * year + month - 1


@functools.lru_cache(maxsize=50_000)
def _whole(column: str, text: str, low: int, high: int) -> int:
    """Return a whole number within a range."""
    digits = text.removesuffix(".0")
    if not digits.isascii() or not digits.isdigit() or not low <= int(digits[:12]) <= high:
        raise WrongValue(column, f"{text[:40]!r} is no whole number from {low:,} to {high:,}".replace(",", " "))
    return int(digits)


def _country(column: str, text: str) -> str:
    if not text:
        raise WrongValue(column, "is empty; the name of a country is wanted")
    return text


def _code(column: str, text: str) -> int:
    return _whole(column, text, 1, 9999) if text else -1


def _side(column: str, text: str) -> str:
    """Return a side of UCDP's: a government is the state, whichever."""
    if not text:
        raise WrongValue(column, "is empty; the name of a side is wanted")
    folded = text.casefold()
    return STATE if folded.startswith("government of") else CIVILIANS if folded == "civilians" else text


def _ged(fields: Sequence[str]) -> Line | str:
    kind_text, date, country, province, side_a, side_b, best, code = fields
    kind = _whole("type_of_violence", kind_text, 1, 3)
    month, deaths = _month("date_start", date), _whole("best", best, 0, 10_000_000)
    line = Line(
        month, _country("country", country), _code("country_id", code), province, _side("side_a", side_a), _side("side_b", side_b),
        {1: STATE_BASED, 2: NON_STATE, 3: ONE_SIDED}[kind], deaths,
    )  # fmt: skip
    return "between states" if kind == 1 and line.one == line.other == STATE else line


_VIOLENT = ("battles", "explosions/remote violence", "violence against civilians", "remote violence")
_OTHER = (
    "protests", "riots", "riots/protests", "strategic developments", "strategic development", "headquarters or base established",
    "non-violent transfer of territory",
)  # fmt: skip
_SIDES = {
    "state forces": STATE, "external/other forces": STATE, "external forces": STATE, "other forces": STATE,
    "rebel group": "", "rebel groups": "", "rebel forces": "", "political militia": "", "political militias": "", "identity militia": "",
    "identity militias": "", "communal militias": "", "civilians": CIVILIANS, "protesters": CIVILIANS, "rioters": CIVILIANS,
}  # fmt: skip
"""What a kind of actor is: a state, civilians, or (empty) an armed group, which is called by its name."""
_NUMBERED = dict(
    zip(
        "12345678",
        ("state forces", "rebel group", "political militia", "identity militia", "rioters", "protesters", "civilians", "external/other forces"),
        strict=True,
    )
)


def _actor(column: str, kind: str, name_column: str, name: str) -> str | None:
    """Return an actor of ACLED's as a side, or None where there is none."""
    folded = _NUMBERED.get(kind.removesuffix(".0"), kind.casefold())
    if folded in ("", "0") and not name:
        return None
    if folded not in _SIDES:
        named = ", ".join(_NUMBERED.values())
        raise WrongValue(column, f"{kind[:40]!r} is no kind of actor; allowed are 1 to 8, and {named}", nearest(kind, _NUMBERED.values()))
    if not name:
        raise WrongValue(name_column, f"is empty, though {column} says {kind!r}; the name of an actor is wanted")
    return _SIDES[folded] or name


def _acled(fields: Sequence[str]) -> Line | str:
    date, event_type, actor1, inter1, actor2, inter2, country, province, fatalities = fields
    month, deaths = _month("event_date", date), _whole("fatalities", fatalities, 0, 10_000_000)
    place = _country("country", country)
    folded = event_type.casefold()
    if folded in _OTHER:
        return "no violence between armed actors, or against civilians"
    if folded not in _VIOLENT and not folded.startswith("battle"):
        known = [name.capitalize() for name in (*_VIOLENT[:3], *_OTHER[:2], _OTHER[3])]
        raise WrongValue("event_type", f"{event_type[:40]!r} is no type of event; allowed are {', '.join(known)}", nearest(event_type, known))
    one, other = _actor("inter1", inter1, "actor1", actor1), _actor("inter2", inter2, "actor2", actor2)
    if one is None or other is None:
        return "only one actor is named"
    if one == CIVILIANS and other == CIVILIANS:
        return "no armed actor"
    if one == STATE and other == STATE:
        return "between states"
    kind = ONE_SIDED if CIVILIANS in (one, other) else STATE_BASED if STATE in (one, other) else NON_STATE
    return Line(month, place, -1, province, one, other, kind, deaths)


def _dyad_year(fields: Sequence[str]) -> Line | str:
    location, side_b, year, level, code = fields
    month = 12 * _whole("year", year, 1900, 2099)
    amount = _whole("intensity_level", level, 1, 2)
    other = _side("side_b", side_b)
    if other == STATE:
        return "between states"
    # A full data set may give several numbers; the name then has to do.
    number = _code("gwno_loc", code) if "," not in code else -1
    return Line(month, _country("location", location), number, "", STATE, other, STATE_BASED, amount)


CONVENTIONS = (
    Convention(
        "UCDP GED", ("type_of_violence", "date_start", "country", "adm_1", "side_a", "side_b", "best"), ("country_id",), {"best": "best_est"},
        _ged, events=True, ucdp=True, whole_years=True,
    ),
    Convention(
        "ACLED", ("event_date", "event_type", "actor1", "inter1", "actor2", "inter2", "country", "admin1", "fatalities"), (), {},
        _acled, events=True, ucdp=False, whole_years=False,
    ),
    Convention(
        "UCDP dyad-years", ("location", "side_b", "year", "intensity_level"), ("gwno_loc",), {},
        _dyad_year, events=False, ucdp=True, whole_years=True,
    ),
)  # fmt: skip
"""The conventions that are known."""
