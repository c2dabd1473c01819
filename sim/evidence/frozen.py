"""A forecast in files, so that it can be put under a tag before anybody scores it.

::

    DIR/
      forecast.json       what it was made from (rules, priors, facts, table, commit), and the hashes of the two tables
      events.csv          a row a question, a column a forecaster: probabilities
      numbers.csv         a row a forecaster, number and year: quantiles

The files do not say when or where they were made: the same code and table give the same bytes. What is scored is what the files hold, so a score can
be computed by anyone who has them, without a table and without a run.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.evidence.forecast import Forecast
from sim.evidence.predictive import POINTS, Forecaster
from sim.observe.provenance import package_version, rulebook_digest
from sim.scenario.load import scenario_hash

ORIGIN, EVENTS, NUMBERS = "forecast.json", "events.csv", "numbers.csv"
_ASKED = ("group", "question", "first", "last")


class FrozenError(ValueError):
    """A frozen forecast cannot be used; the message says why."""


@dataclass(frozen=True)
class Frozen:
    """A forecast as its files hold it.

    Attributes:
        folder: Where it is.
        origin: What it was made from.
        forecasters: What each said.
    """

    folder: Path
    origin: dict[str, Any]
    forecasters: list[Forecaster]


def freeze(forecast: Forecast, said: Sequence[Forecaster], calibrated: Path, folder: Path) -> list[Path]:
    """Write a forecast and return the files.

    Raises:
        FrozenError: If another forecast is there: what was frozen is not written over.
    """
    events, numbers = _events(forecast, said), _numbers(said)
    origin = {
        "forecast": forecast.spec.name,
        "asked_sha256": forecast.sha256,
        "scenario": forecast.scenario.name,
        "scenario_sha256": scenario_hash(forecast.scenario),
        "years": [forecast.years[0], forecast.years[-1]],
        "rulebook_sha256": rulebook_digest(),
        "version": package_version(),
        "commit": commit(),
        "calibration": {
            "name": forecast.calibration.spec.name,
            "until": forecast.calibration.spec.until,
            "table_sha256": forecast.calibration.table().sha256,
            "facts_sha256": _hash(json.dumps([fact.model_dump() for fact in forecast.calibration.spec.facts], sort_keys=True)),
            "draws_sha256": _hash((calibrated / "draws.csv").read_text(encoding="utf-8")),
            "priors": {f.name: [f.low, f.high, "log" if f.logarithmic else "linear"] for f in forecast.calibration.factors},
        },
        "forecasters": [{"name": f.name, "is": f.words, "histories": f.histories, "effective": round(f.effective, 1)} for f in said],
        "files": {EVENTS: _hash(events), NUMBERS: _hash(numbers)},
    }
    texts = {ORIGIN: json.dumps(origin, indent=1, ensure_ascii=False) + "\n", EVENTS: events, NUMBERS: numbers}
    old = {name: (folder / name).read_text(encoding="utf-8") for name in texts if (folder / name).is_file()}
    if old and {**old, ORIGIN: ""} != {**texts, ORIGIN: ""}:
        raise FrozenError(f"{folder}: holds another forecast, which is not written over; give another --out, or take that one away")
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        if name not in old:
            (folder / name).write_text(text, encoding="utf-8", newline="")
    return [folder / name for name in texts]


def thaw(folder: Path) -> Frozen:
    """Read a forecast.

    Raises:
        FrozenError: If there is none, or its tables are not the ones that were frozen.
    """
    try:
        texts = {name: (folder / name).read_bytes().decode() for name in (ORIGIN, EVENTS, NUMBERS)}
        origin = json.loads(texts[ORIGIN])
        for name in (EVENTS, NUMBERS):
            if origin["files"][name] != _hash(texts[name]):
                raise FrozenError(f"{folder / name}: is not the table that was frozen")
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, KeyError, TypeError) as error:
        raise FrozenError(f"{folder}: {_why_none(folder, error)}; dilemma forecast writes one") from None
    asked = list(csv.DictReader(io.StringIO(texts[EVENTS])))
    numbers = list(csv.DictReader(io.StringIO(texts[NUMBERS])))
    said = []
    for one in origin["forecasters"]:
        name = one["name"]
        own = {(row["number"], int(row["year"])): [float(row[f"q{k + 1}"]) for k in range(POINTS)] for row in numbers if row["forecaster"] == name}
        probabilities = [float(row[name]) if row[name] else math.nan for row in asked]
        said.append(Forecaster(name, one["is"], one["histories"], one["effective"], probabilities, own))
    return Frozen(folder, origin, said)


def _why_none(folder: Path, error: Exception) -> str:
    """Return in words why a directory holds no forecast that can be read."""
    if not folder.is_dir():
        return "is a file, and a frozen forecast is a directory" if folder.exists() else "there is no such directory"
    if isinstance(error, FileNotFoundError):
        return f"holds no frozen forecast (it has no {Path(str(error.filename)).name})"
    if isinstance(error, OSError):
        return f"its frozen forecast cannot be read ({error.strerror})"
    return "holds no frozen forecast that can be read: a file of it is damaged"


def held_by(folder: Path, tag: str) -> str:
    """Return the commit that a tag names, if it holds the very files of a frozen forecast.

    Raises:
        FrozenError: If there is no such tag, or it holds other files.
    """
    where = folder.resolve()
    names = _git(where, "rev-parse", "--verify", "--quiet", f"refs/tags/{tag}^{{commit}}")
    if names is None:
        raise FrozenError(f"there is no tag {tag!r} in the repository of {folder}")
    for name in (ORIGIN, EVENTS, NUMBERS):
        held = _git(where, "show", f"{tag}:./{name}")
        if held != (where / name).read_bytes():
            raise FrozenError(f"the tag {tag!r} does not hold {folder / name} as it is")
    return names.decode().strip()


def commit() -> str:
    """Return the commit of the code that runs, with ``+`` where its tracked files differ from it; empty where it is not a checkout."""
    here = Path(__file__).parent
    name = _git(here, "rev-parse", "HEAD")
    if name is None:
        return ""
    return name.decode().strip() + (
        "+" if _git(here, "status", "--porcelain", "--untracked-files=no", "--", ":/sim", ":/scenarios", ":/experiments") else ""
    )


def _git(folder: Path, *words: str) -> bytes | None:
    """Return what git says, or None where it fails or is not there."""
    try:
        done = subprocess.run(["git", "-C", str(folder), *words], capture_output=True, check=False)
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


def _events(forecast: Forecast, said: Sequence[Forecaster]) -> str:
    rows = [
        [q.group, q.words, q.first, q.last, *("" if math.isnan(f.probabilities[n]) else f"{f.probabilities[n]:.6g}" for f in said)]
        for n, q in enumerate(forecast.questions)
    ]
    return _csv([*_ASKED, *(f.name for f in said)], rows)


def _numbers(said: Sequence[Forecaster]) -> str:
    rows = [[f.name, number, year, *(f"{x:.6g}" for x in points)] for f in said for (number, year), points in f.numbers.items()]
    return _csv(["forecaster", "number", "year", *(f"q{k + 1}" for k in range(POINTS))], rows)


def _csv(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return text.getvalue()


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
