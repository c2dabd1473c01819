"""Designs: which combinations of factors are tried. Drawn by ``scipy.stats.qmc`` and SALib, never from a global random state.

A design is a matrix with a row a point and a column a factor. It holds values of ranges, numbers of listed values (from 0), and NaN where a
factor is left as the scenario has it.

Sources: McKay, Beckman & Conover 1979 (Latin hypercube); Sobol' 1967 and Owen 1998 (scrambled sequences); Saltelli et al. 2010 (the radial scheme
of first and total indices); Morris 1991 and Campolongo, Cariboni & Saltelli 2007 (trajectories of elementary effects).
"""

from __future__ import annotations

import csv
import io
import math
import zlib
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.scenario.errors import MOST_TOLD, Hints, Place, Problem, ScenarioError, listed
from sim.scenario.numbers import between
from sim.scenario.reading import read_limited
from sim.scenario.yaml_text import kind_of, number_in, read_text
from sim.study.experiment import DesignSpec, Written
from sim.study.factor import AS_WRITTEN, Factor

MOST_POINTS = 1_000_000
MOST_NUMBERS = 2_500_000
MOST_DRAWN = 10_000_000
"""Points times factors: of designs that a library makes, and of independent draws, which are quick (6 million in 0.6 s)."""
MOST_STEPS = 1_000_000
"""Of a morris design: trajectories times what one takes SALib to draw, which grows with the square of the number of factors; two seconds' worth."""
MOST_BYTES = 5_000_000
MOST_CELLS = 250_000
"""Of the CSV file of a list."""
_KEYS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "grid": ((), ("levels",)),
    "lhs": (("points",), ()),
    "sobol": (("points",), ()),
    "saltelli": (("points",), ("second_order",)),
    "morris": (("trajectories",), ("levels",)),
    "list": (("file",), ()),
    "one-at-a-time": ((), ("levels",)),
    "prior": (("points",), ("seed",)),
}
"""For each kind of design, the keys it must have and those it may have."""

SENSITIVITY = ("saltelli", "morris")


def problems(written: Written, factors: Sequence[Factor]) -> list[Problem]:
    """Return what is wrong with the design of an experiment, the contents of a list apart."""
    spec = written.spec.design
    if spec is None:
        return [written.problem(("factors",), "factors vary, but there is no design to say how")] if factors else []
    must, may = _KEYS[spec.kind]
    found = []
    if not factors:
        found.append(written.problem(("design",), "there are no factors, so there is nothing to design", key=True))
    for key in ("points", "levels", "trajectories", "second_order", "file", "seed"):
        given = getattr(spec, key) is not None
        if given and key not in (*must, *may):
            allowed = ", ".join((*must, *may)) or "nothing"
            found.append(written.problem(("design", key), f"says nothing for a {spec.kind} design; it takes {allowed}", key=True))
        if not given and key in must:
            found.append(written.problem(("design",), f"{key} is missing: a {spec.kind} design needs it"))
    if spec.kind in ("sobol", "saltelli") and spec.points and spec.points & (spec.points - 1):
        near = 2 ** round(math.log2(spec.points))
        found.append(
            written.problem(
                ("design", "points"), f"{spec.points} is not a power of two, without which a Sobol' sequence loses its balance; near it is {near}"
            )
        )
    if spec.kind == "morris":
        if spec.levels is not None and spec.levels % 2:
            found.append(written.problem(("design", "levels"), f"{spec.levels} is odd; a morris design has an even number of levels"))
        found += [
            written.problem(("factors", f.name), "a morris design walks over ranges; this factor has a list of values")
            for f in factors
            if f.values is not None
        ]
    if not found and spec.kind != "list" and (count := size(spec, factors)) > MOST_POINTS:
        found.append(written.problem(("design",), f"makes {count:,} points; at most {MOST_POINTS:,} are allowed"))
    elif not found and spec.kind != "list" and count * len(factors) > (most := MOST_DRAWN if spec.kind == "prior" else MOST_NUMBERS):
        message = f"makes {count:,} points of {len(factors)} factors; at most {most:,} numbers are allowed"
        found.append(written.problem(("design",), message))
    elif not found and spec.kind == "morris" and (spec.trajectories or 0) * (len(factors) + 1) * (len(factors) + 16) > MOST_STEPS:
        most = MOST_STEPS // ((len(factors) + 1) * (len(factors) + 16))
        found.append(
            written.problem(
                ("design", "trajectories"), f"{spec.trajectories:,} are more than can be drawn; with {len(factors)} factors at most {most:,}"
            )
        )
    return found


def size(spec: DesignSpec, factors: Sequence[Factor]) -> int:
    """Return how many points a design has, without drawing it (not for list)."""
    d = len(factors)
    if spec.kind == "grid":
        return math.prod(len(f.values) if f.values is not None else spec.levels or 5 for f in factors)
    if spec.kind == "one-at-a-time":
        return 1 + sum(len(f.values) if f.values is not None else spec.levels or 2 for f in factors)
    if spec.kind == "morris":
        return (spec.trajectories or 0) * (d + 1)
    if spec.kind == "saltelli":
        return (spec.points or 0) * (2 * d + 2 if spec.second_order else d + 2)
    return spec.points or 0


def draw(written: Written, factors: Sequence[Factor]) -> np.ndarray[Any, Any]:
    """Draw the design of an experiment.

    Returns:
        Matrix of shape (points, factors); one point without factors where there is no design.

    Raises:
        ScenarioError: If the CSV file of a list cannot be read or has values that are not allowed.
    """
    spec, seed = written.spec.design, written.spec.seed
    if spec is None:
        return np.zeros((1, 0))
    d = len(factors)
    if spec.kind == "grid":
        axes = np.meshgrid(*(f.levels(spec.levels or 5) for f in factors), indexing="ij")
        return np.column_stack([axis.ravel() for axis in axes])
    if spec.kind == "one-at-a-time":
        rows = [[AS_WRITTEN] * d]
        for k, f in enumerate(factors):
            rows += [[x if j == k else AS_WRITTEN for j in range(d)] for x in f.levels(spec.levels or 2).tolist()]
        return np.array(rows)
    if spec.kind == "list":
        return _listed(written, spec.file or "", factors)
    if spec.kind == "prior":
        return np.column_stack([prior_draws(f, spec.points or 0, seed if spec.seed is None else spec.seed) for f in factors])
    return np.column_stack([f.coded(column) for f, column in zip(factors, unit_points(spec, d, seed).T, strict=True)])


def prior_draws(factor: Factor, points: int, seed: int) -> np.ndarray[Any, Any]:
    """Return independent draws from a factor's range (evenly on its scale) or list, shape (points,), each with an address.

    A draw depends on seed, factor and number of the point alone: a longer design begins with a shorter one, and another factor changes none. Values
    have 24 significant bits, so that an exponential that is rounded otherwise on another machine gives the same point.
    """
    unit = np.random.default_rng([seed, zlib.crc32(factor.name.encode())]).random(points)
    mantissa, exponent = np.frexp(factor.coded(unit))
    drawn = np.ldexp(np.rint(np.ldexp(mantissa, 24)), exponent - 24)
    return drawn if factor.values is not None else np.clip(drawn, factor.low, factor.high)


def unit_cube(d: int) -> dict[str, Any]:
    """Return the unit cube as SALib describes a problem."""
    return {"num_vars": d, "names": [f"x{k}" for k in range(d)], "bounds": [[0.0, 1.0]] * d}


def unit_points(spec: DesignSpec, d: int, seed: int) -> np.ndarray[Any, Any]:
    """Return the points of a sampled design on the unit cube.

    Args:
        spec: A design of kind lhs, sobol, saltelli or morris.
        d: Number of factors.
        seed: Seed.

    Returns:
        Matrix of shape (points, d).
    """
    from scipy.stats import qmc

    if spec.kind == "lhs":
        return qmc.LatinHypercube(d, rng=np.random.default_rng(seed)).random(spec.points)
    if spec.kind == "sobol":
        return qmc.Sobol(d, scramble=True, rng=np.random.default_rng(seed)).random(spec.points)
    problem = unit_cube(d)
    if spec.kind == "saltelli":
        from SALib.sample import sobol

        return sobol.sample(problem, spec.points, calc_second_order=bool(spec.second_order), seed=seed)
    from SALib.sample import morris

    return morris.sample(problem, spec.trajectories, num_levels=spec.levels or 4, seed=seed)


def _listed(written: Written, file: str, factors: Sequence[Factor]) -> np.ndarray[Any, Any]:
    """Read the points of a list: a column a factor, in any order; an empty cell leaves the scenario's own value."""
    path = written.folder / file
    shown = str(path)
    if path.suffix.lower() != ".csv":
        raise ScenarioError([written.problem(("design", "file"), f"{shown!r} is no CSV file; its name does not end in .csv")])
    try:
        text = read_limited(path, shown, "a list of points", MOST_BYTES).decode("utf-8-sig")
    except ScenarioError as error:
        raise ScenarioError([written.problem(("design", "file"), f"{shown} {p.message}") for p in error.problems]) from None
    except UnicodeDecodeError:
        raise ScenarioError([written.problem(("design", "file"), f"{shown} is not UTF-8")]) from None
    reader = csv.reader(io.StringIO(text))
    try:
        return _points(reader, shown, factors)
    except csv.Error as error:
        raise ScenarioError([Problem(Place(shown, max(1, reader.line_num), 1), "", f"is not valid CSV: {error}")]) from None


def _points(reader: Any, shown: str, factors: Sequence[Factor]) -> np.ndarray[Any, Any]:
    """Read the points from the rows of a CSV file."""
    header = [name.strip() for name in next(reader, [])]
    names, hint = [f.name for f in factors], Hints()
    if len(header) > len(names) + MOST_TOLD:
        raise ScenarioError([Problem(Place(shown, 1, 1), "", f"{len(header):,} columns; the experiment's factors are {listed(names)}")])
    bad = [
        Problem(Place(shown, 1, 1), "", f"there is no factor {name!r}; the experiment's are {listed(names)}", hint(name, names))
        for name in header
        if name not in names
    ]
    bad += [Problem(Place(shown, 1, 1), "", f"column {name!r} is missing") for name in names if name not in header]
    bad += [Problem(Place(shown, 1, 1), "", f"column {name!r} is there twice") for name, count in Counter(header).items() if count > 1]
    if bad:
        raise ScenarioError(bad)
    rows = []
    for row in reader:
        if not any(cell.strip() for cell in row) and len(row) < 2 and len(header) > 1:
            continue
        place = Place(shown, reader.line_num, 1)
        if len(row) != len(header):
            raise ScenarioError([Problem(place, "", f"{len(row)} cells, where the heading has {len(header)}")])
        cells = dict(zip(header, row, strict=True))
        rows.append([_cell(cells[f.name].strip(), f, place, bad) for f in factors])
        if len(bad) > MOST_TOLD:
            break
        if len(rows) * len(factors) > MOST_CELLS:
            raise ScenarioError([Problem(place, "", f"more than {MOST_CELLS:,} cells; a list has no more")])
    if not rows:
        bad.append(Problem(Place(shown), "", "has no points"))
    if bad:
        raise ScenarioError(bad)
    return np.array(rows, float)


def _cell(text: str, factor: Factor, place: Place, bad: list[Problem]) -> float:
    """Return the coded value of a cell, or add to the problems."""
    if not text:
        return AS_WRITTEN
    value = number_in(text)
    if value is None:
        value = read_text(text, place.file).value
    if factor.values is not None:
        if not isinstance(value, dict | list) and (isinstance(value, bool), value) in factor.numbers:
            return float(factor.numbers[isinstance(value, bool), value])
        allowed = listed(str(factor.shown(k)) for k in range(len(factor.values)))
        bad.append(Problem(place, factor.name, f"{kind_of(value)} is not one of the factor's values; they are {allowed}"))
        return 0.0
    if isinstance(value, bool) or not isinstance(value, int | float):
        bad.append(Problem(place, factor.name, f"a number is wanted, not {kind_of(value)}"))
        return 0.0
    if not factor.low <= value <= factor.high:
        bad.append(Problem(place, factor.name, f"{value!r} is outside the factor's range; allowed is {between(factor.low, factor.high)}"))
    return float(value)
