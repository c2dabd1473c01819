"""Reading a file of events line by line, however large, and saying where it is not as it should be."""

from __future__ import annotations

import csv
import hashlib
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from sim.evidence.hold.atlas import NOWHERE, OTHERS, Atlas
from sim.evidence.hold.conventions import CONVENTIONS, Convention, WrongValue
from sim.scenario.errors import MOST_TOLD, Place, Problem, ScenarioError, listed, nearest

_DELIMITERS = ",;\t"
_NO_TEXT = {
    b"\xff\xfe": "is written in UTF-16; save it as CSV in UTF-8",
    b"\xfe\xff": "is written in UTF-16; save it as CSV in UTF-8",
    b"PK": "is an archive or a spreadsheet (zip, xlsx); unpack it, or save the sheet as CSV in UTF-8",
    b"\x1f\x8b": "is compressed (gzip); unpack it first",
}
LONGEST_FIELD = 10_000_000


@dataclass(frozen=True)
class Observed:
    """Events (or dyad-years) of a file, in the terms of an atlas; arrays of shape (n,).

    Attributes:
        convention: The data set's columns.
        file: What the file is called.
        rows: Rows of the file.
        first: First month that it covers, in months since the year 0.
        last: Last month that it covers.
        month: Month of each event.
        place: Its place.
        one: A side.
        other: The other side.
        kind: Code of one of UCDP's kinds.
        amount: Deaths, or level of intensity.
        digest: SHA-256 of the file's bytes.
        left_out: How many rows are left out, by reason.
        others: Names that are among the other groups, by number of events.
    """

    convention: Convention
    file: str
    rows: int
    first: int
    last: int
    month: np.ndarray[Any, Any]
    place: np.ndarray[Any, Any]
    one: np.ndarray[Any, Any]
    other: np.ndarray[Any, Any]
    kind: np.ndarray[Any, Any]
    amount: np.ndarray[Any, Any]
    digest: str = ""
    left_out: Counter[str] = field(default_factory=Counter)
    others: Counter[str] = field(default_factory=Counter)


class _Problems:
    """Gathers problems, and gives up once more are there than are told."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Problem] = []

    def add(self, line: int, column: int, path: str, message: str, near: str = "") -> None:
        self.found.append(Problem(Place(self.file, line, column), path, message, near))
        if len(self.found) > MOST_TOLD:
            self.tell()

    def tell(self) -> None:
        if self.found:
            raise ScenarioError(self.found)


def read(source: str | os.PathLike[str], atlas: Atlas, encoding: str = "utf-8-sig") -> Observed:
    """Read a file of events.

    Args:
        source: Path of a CSV file (comma, semicolon or tab) in one of :data:`sim.evidence.hold.conventions.CONVENTIONS`.
        atlas: Places and sides.
        encoding: Of the file.

    Raises:
        ScenarioError: If it is no such file, with the line, the field's number and the column's name of up to twenty problems.
    """
    path, problems = Path(source), _Problems(os.fspath(source))
    if not path.is_file():
        what = "is a directory; a CSV file is wanted" if path.is_dir() else "there is no such file"
        beside = [p.name for p in path.parent.glob("*.csv")] if path.parent.is_dir() else []
        problems.add(1, 1, "", what, nearest(path.name, beside))
        problems.tell()
    with path.open("rb") as file:
        head = file.read(4)
        for mark, message in _NO_TEXT.items():
            if head.startswith(mark) and not encoding.casefold().startswith("utf-16"):
                problems.add(1, 1, "", message)
                problems.tell()
        file.seek(0)
        found = _read(_text(file, encoding, problems), atlas, problems)
        file.seek(0)
        return replace(found, digest=hashlib.file_digest(file, "sha256").hexdigest())


def _text(file: BinaryIO, encoding: str, problems: _Problems) -> Iterator[str]:
    """Yield the lines of a file as text, and say at which byte of which line it is not text."""
    for number, raw in enumerate(file, start=1):
        try:
            # A mark of the byte order belongs to the first line alone.
            yield raw.decode(encoding if number == 1 or encoding != "utf-8-sig" else "utf-8")
        except UnicodeDecodeError as error:
            message = f"byte {raw[error.start]:#04x} is not {encoding.removesuffix('-sig').upper()}"
            problems.add(number, error.start + 1, "", f"{message}; save the file as UTF-8, or say --encoding cp1252 (or what it is in)")
            problems.tell()


def _read(lines: Iterator[str], atlas: Atlas, problems: _Problems) -> Observed:
    before = csv.field_size_limit(LONGEST_FIELD)
    try:
        return _rows(lines, atlas, problems)
    finally:
        csv.field_size_limit(before)


def _rows(lines: Iterator[str], atlas: Atlas, problems: _Problems) -> Observed:
    header = next(lines, "")
    if not header.strip():
        problems.add(1, 1, "", f"is empty; a header is wanted, of {listed(c.name for c in CONVENTIONS)}")
        problems.tell()
    delimiter = max(_DELIMITERS, key=header.count)
    names = [name.strip().casefold() for name in next(csv.reader([header], delimiter=delimiter))]
    convention, columns = _convention(names, problems)
    reader = csv.reader(lines, delimiter=delimiter)
    found: list[tuple[int, int, int, int, int, int]] = []
    left_out: Counter[str] = Counter()
    others: Counter[str] = Counter()
    elsewhere: Counter[str] = Counter()
    places: dict[tuple[str, int, str], int] = {}
    rows, first, last, line = 0, 10**9, -1, 2
    try:
        for row in reader:
            # The reader counts from the line below the header; a field in quotes may hold many lines.
            here, line = line, reader.line_num + 2
            if not row:
                continue
            rows += 1
            if len(row) != len(names):
                problems.add(here, 1, "", f"{len(row)} fields, where the header has {len(names)}")
                continue
            try:
                said = convention.line([row[k].strip() if k >= 0 else "" for k in columns])
            except WrongValue as wrong:
                place = _index(names, convention, wrong.column)
                problems.add(here, place + 1, names[place], wrong.message, wrong.near)
                continue
            if isinstance(said, str):
                left_out[said] += 1
                continue
            first, last = min(first, said.month), max(last, said.month)
            where = said.country, said.gwno, said.province
            if where not in places:
                places[where] = atlas.place(*where)
            if places[where] == NOWHERE:
                elsewhere[said.country] += 1
                continue
            one, other = atlas.side(said.one), atlas.side(said.other)
            for side, name in ((one, said.one), (other, said.other)):
                if atlas.sides[side] == OTHERS:
                    others[name] += 1
            found.append((said.month, places[where], one, other, said.kind, said.amount))
    except csv.Error as error:
        problems.add(line, 1, "", f"is no CSV: {error}")
    problems.tell()
    if elsewhere:
        left_out[f"in no place of the scenario ({listed((f'{n} {k:,}' for n, k in elsewhere.most_common()), 6)})"] = sum(elsewhere.values())
    if not found:
        told = (
            "has no rows"
            if not rows
            else f"has {rows:,} row{'s' * (rows != 1)}, and none is of use: " + "; ".join(f"{r}: {n:,}" for r, n in left_out.items())
        )
        near = next((near for name in elsewhere if (near := nearest(name, atlas.countries))), "")
        problems.add(1, 1, "", f"{told}; the scenario's places are {listed(atlas.places)} (docs/hold.md says how to name them)", near)
        problems.tell()
    if convention.whole_years:
        first, last = 12 * (first // 12), 12 * (last // 12) + 11
    month, place, one, other, kind, amount = np.array(found).T
    return Observed(convention, problems.file, rows, first, last, month, place, one, other, kind, amount, left_out=left_out, others=others)


def _index(names: Sequence[str], convention: Convention, column: str) -> int:
    """Return where a column stands, by today's name or an older one."""
    return names.index(column) if column in names else names.index(convention.older[column])


def _convention(names: list[str], problems: _Problems) -> tuple[Convention, list[int]]:
    """Return the convention that a header follows, and where its columns stand; -1 for one that is absent and may be."""

    def lacks(convention: Convention) -> list[str]:
        return [c for c in convention.columns if c not in names and convention.older.get(c) not in names]

    fits = [c for c in CONVENTIONS if not lacks(c)]
    if not fits:
        near = min(CONVENTIONS, key=lambda c: len(lacks(c)) / len(c.columns))
        missing = lacks(near)
        if len(missing) == len(near.columns):
            wanted = "; ".join(f"{c.name}: {', '.join(c.columns)}" for c in CONVENTIONS)
            problems.add(1, 1, "", f"no header of a known data set ({listed(names, 8)}); known are {wanted}")
            problems.tell()
        for column in missing:
            told = f"is missing; {near.name} has the columns {', '.join(near.columns)}; this file has {listed(names, 8)}"
            problems.add(1, 1, column, told, nearest(column, names))
        problems.tell()
    chosen = fits[0]
    for n, name in enumerate(names):
        if name in chosen.columns and names.index(name) != n:
            problems.add(1, n + 1, name, "the column is there twice")
    problems.tell()
    where = [_index(names, chosen, column) for column in chosen.columns]
    return chosen, where + [names.index(column) if column in names else -1 for column in chosen.optional]
