"""Policies at equal cost (M23): a class divides ten parts of one budget among six policies, and sees what they do against none.

"Simply reinforcing the security forces is not a viable solution by itself" (B). Every allotment costs the same by construction, so parts that
are not given out are not spent. What a part buys is in :mod:`sim.rules.policy`.
"""

from __future__ import annotations

import functools
import re
import tempfile
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from sim.classroom.worlds import draft, interval_of, mean, run_worlds
from sim.scenario.errors import Place, Problem, ScenarioError
from sim.scenario.inheritance import shipped
from sim.scenario.load import Draft
from sim.scenario.yaml_text import read_text

PARTS, BUDGET = 10, 1.0
"""Parts of the budget, and the budget in policy cost units a month."""

SEED, REPLICATES = 1, 100

POLICIES: dict[str, dict[str, str]] = {
    "force": {"label": "More security forces", "term": "force"},
    "amnesty": {"label": "Amnesty and a way back", "term": "amnesty"},
    "services": {"label": "Services where they are missing", "term": "services"},
    "anti_corruption": {"label": "Against bought institutions", "term": "anti-corruption"},
    "dialogue": {"label": "Dialogue in and between communities", "term": "dialogue"},
    "horizon": {"label": "Elites who look further ahead", "term": "elite horizon"},
}
"""The six policies, in the words of a lecture and in the model's."""

OUTCOMES: tuple[tuple[str, str, str], ...] = (
    ("strength_end", "What is left of the group at the end", "fighter-equivalents"),
    ("severity", "Violence over the whole period", "severity of all attacks"),
    ("fragmentations", "How often it breaks", "fragmentations"),
    ("grievance_end", "Grievance of communities at the end", "0–1"),
    ("capture_end", "Institutions in private hands at the end", "captured share, 0–1"),
    ("root_survived", "The organisation itself still stands", "share of histories"),
)
"""Outcomes told: name, words, unit."""


def policies_of(parts: Mapping[str, int]) -> dict[str, float]:
    """Return the section ``policies`` of a scenario that parts of the budget stand for.

    Args:
        parts: Parts by policy, 0 to 10, at most 10 together.

    Raises:
        ValueError: If there are more parts than the budget has, or fewer than none.
    """
    given = {name: int(parts.get(name, 0)) for name in POLICIES}
    if any(n < 0 for n in given.values()) or sum(given.values()) > PARTS:
        raise ValueError(f"the parts are {', '.join(f'{k} {n}' for k, n in given.items())}; a budget has {PARTS}, and none is less than 0")
    return {"budget": BUDGET, **{name: round(n / PARTS, 4) for name, n in given.items()}}


@functools.lru_cache(maxsize=256)
def _runs(scenario: str, parts: tuple[int, ...] | None, replicates: int) -> np.ndarray[Any, Any]:
    # A scenario of an instructor's own may have policies: none means none.
    policies = {"budget": 0.0} if parts is None else policies_of(dict(zip(POLICIES, parts, strict=True)))
    world = draft(scenario).scenario({"policies": policies})
    return run_worlds([world], SEED, replicates)[0]


def allotment(scenario: str, parts: Mapping[str, int], replicates: int = REPLICATES) -> dict[str, Any]:
    """Return what an allotment comes to, and what it changes against no policy at all.

    Args:
        scenario: Shipped name or path.
        parts: Parts of the budget by policy.
        replicates: Replicates, paired with those without policy.

    Returns:
        ``outcomes``: for each of :data:`OUTCOMES` name, words, unit, ``without`` (mean and 95 % interval under no policy), ``with`` and
        ``difference`` (paired, under the same draws); ``spent`` and ``replicates``.

    Raises:
        ValueError: See :func:`policies_of`.
    """
    policies_of(parts)
    given = tuple(int(parts.get(name, 0)) for name in POLICIES)
    none = _runs(scenario, None, replicates)
    some = none if not any(given) else _runs(scenario, given, replicates)
    return {
        "scenario": scenario,
        "parts": dict(zip(POLICIES, given, strict=True)),
        "spent": sum(given),
        "replicates": replicates,
        "outcomes": [
            {
                "name": name, "words": words, "unit": unit, "without": interval_of(name, none[name]), "with": interval_of(name, some[name]),
                "difference": mean(some[name] - none[name]),
            }
            for name, words, unit in OUTCOMES
        ],
    }  # fmt: skip


def scenario_file(scenario: str, group: str, parts: Mapping[str, int]) -> tuple[str, str]:
    """Return an allotment as a scenario file that every verb accepts: its name and its text.

    Args:
        scenario: What it is laid over: a shipped name, or a path.
        group: Name of the group that made it.
        parts: Parts of the budget by policy.
    """
    loaded = draft(scenario).scenario()
    policies = policies_of(parts)
    plain = unicodedata.normalize("NFKD", group).encode("ascii", "ignore").decode().lower()
    word = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "group"
    name = f"{loaded.name}-{word}"[:60].strip("-")
    body = yaml.safe_dump(
        {
            "extends": scenario if scenario in shipped() else str(Path(scenario).resolve()),
            "name": name,
            "title": f"{loaded.title or loaded.name}: policies of {group}"[:120],
            "policies": policies,
        },
        sort_keys=False, allow_unicode=True, width=150,
    )  # fmt: skip
    return f"{name}.yaml", f"# Made in the classroom: {sum(parts.values())} of {PARTS} parts of the budget given out.\n{body}"


def read_back(text: str, shown: str) -> dict[str, Any]:
    """Return the allotment of a scenario file, such as :func:`scenario_file` writes.

    Args:
        text: What the file says.
        shown: What messages call it.

    Returns:
        ``scenario`` (what it extends), ``group`` and ``parts``.

    Raises:
        ScenarioError: If it is no scenario, is not laid over a shipped one, or spends what ten parts cannot say.
    """
    node = read_text(text, shown)
    root = node.value if isinstance(node.value, dict) else {}
    base = root.get("extends")
    if base is None or base.value not in shipped():
        where = base.place if base is not None else Place(shown)
        raise ScenarioError([Problem(where, "extends", f"the page reads files that extend a shipped scenario: {', '.join(shipped())}")])
    # Checked as the command line would: as a file.
    with tempfile.TemporaryDirectory(prefix="dilemma-") as folder:
        path = Path(folder) / "scenario.yaml"
        path.write_text(text, encoding="utf-8")
        try:
            loaded = Draft(path).scenario()
        except ScenarioError as error:
            raise ScenarioError(
                [
                    Problem(Place(shown, p.place.line, p.place.column), p.path, p.message, p.nearest) if p.place.file == str(path) else p
                    for p in error.problems
                ]
            ) from None
    spent = loaded.policies
    section = root.get("policies")
    place = section.place if section is not None else Place(shown)
    parts = {name: getattr(spent, name) * PARTS for name in POLICIES}
    if spent.budget != BUDGET or any(abs(n - round(n)) > 1e-9 for n in parts.values()):
        raise ScenarioError(
            [
                Problem(
                    place,
                    "policies",
                    f"the page divides a budget of {BUDGET:g} into {PARTS} parts; this file spends {spent.budget:g} in other shares",
                )
            ]
        )
    words = (loaded.title or loaded.name).rpartition("policies of ")[2]
    return {"scenario": str(base.value), "group": words[:40], "parts": {name: round(n) for name, n in parts.items()}}
