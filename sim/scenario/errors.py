"""What is wrong with what a user wrote: where, what, what is allowed, and the nearest valid name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, replace

MOST_TOLD = 20
MOST_KEPT = 5000
LONGEST_MESSAGE = 2000
LONGEST_NAME = 200
"""Characters of a name, beyond which nobody looks for one like it."""
SHORTEST_PART = 4
"""Letters from which on a part of a name may stand for the whole of it in a guess."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was written: a file (or ``--set 'text'``), line and column from 1."""

    file: str
    line: int = 1
    column: int = 1

    @property
    def optional(self) -> bool:
        """Whether it is an option or an argument, which is one place; a file has lines."""
        return self.file.startswith(("--", "argument "))

    def __str__(self) -> str:
        return self.file if self.optional else f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        place: Where.
        path: Path within the scenario (``emirs[2].region``), empty for the file as a whole.
        message: What is wrong, the offending value included, and what is allowed.
        nearest: The nearest valid name, or empty.
    """

    place: Place
    path: str
    message: str
    nearest: str = ""

    def __post_init__(self) -> None:
        # Whatever was written, what is told of it can be read.
        object.__setattr__(self, "place", replace(self.place, file=shortened(self.place.file)))
        object.__setattr__(self, "path", shortened(self.path))
        object.__setattr__(self, "message", shortened(self.message))

    def __str__(self) -> str:
        path = f"{self.path}: " if self.path else ""
        hint = f"; did you mean {self.nearest!r}?" if self.nearest else ""
        return f"{self.place}: {path}{self.message}{hint}"


class ScenarioError(ValueError):
    """A scenario, or a change to one, that cannot be accepted; carries every problem found, the first five thousand of them where there are more."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        found = sorted(problems, key=lambda p: (p.place.file, p.place.line, p.place.column))
        self.problems = found[:MOST_KEPT]
        told = [str(p) for p in found[:MOST_TOLD]]
        if len(found) > MOST_TOLD:
            told.append(f"… and {len(found) - MOST_TOLD} more")
        super().__init__("\n".join(told))


def nearest(name: object, names: Iterable[str]) -> str:
    """Return the valid name nearest to what was written, or the only one that contains it, or an empty string where none is near."""
    if len(str(name)) > LONGEST_NAME:
        return ""
    by_fold = {n.casefold(): n for n in names}
    written = str(name).casefold()
    found = difflib.get_close_matches(written, by_fold, n=1, cutoff=0.6)
    if not found and len(written) >= SHORTEST_PART:
        containing = [fold for fold in by_fold if written in fold]
        found = containing if len(containing) == 1 else []
    return by_fold[found[0]] if found else ""


class Hints:
    """Looks for the nearest valid name as :func:`nearest` does, for as many problems as are told: among many thousands that takes its time."""

    def __init__(self) -> None:
        self._left = MOST_TOLD

    def __call__(self, name: object, names: Iterable[str]) -> str:
        """Return the valid name nearest to what was written, or an empty string."""
        self._left -= 1
        return nearest(name, names) if self._left >= 0 else ""


def shortened(text: str) -> str:
    """Return a text, its middle left out where nobody would read it to its end."""
    if len(text) <= LONGEST_MESSAGE:
        return text
    return f"{text[: LONGEST_MESSAGE // 4]} … {text[-LONGEST_MESSAGE // 2 :]}"


def listed(names: Iterable[str], most: int = 12) -> str:
    """Return names as a list in words, cut where it would run long."""
    names = list(names)
    return ", ".join(names[:most]) + (f", … ({len(names)} in all)" if len(names) > most else "")
