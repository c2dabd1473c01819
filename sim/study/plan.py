"""A study made ready: an experiment checked against its scenarios, its design drawn, its runs numbered and cut into shards.

Runs are ordered by cell (arm by arm, and within an arm design point by design point) and within a cell by replicate. Shards are stretches of that
order. Both follow from the experiment alone, so it does not matter who runs what, or when.
"""

from __future__ import annotations

import functools
import hashlib
import json
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sim.scenario.errors import Problem, ScenarioError, listed, nearest
from sim.scenario.inheritance import YAML, shipped
from sim.scenario.load import Draft, scenario_hash
from sim.scenario.mechanisms import mechanism_key
from sim.scenario.schema import PolicySpec, Scenario
from sim.scenario.timeline import month_count, year_ends
from sim.scenario.yaml_text import MOST_NODES
from sim.study import design
from sim.study.checks import problems, told_at, try_every_level
from sim.study.experiment import LARGEST, ExperimentSpec, Written, read_experiment
from sim.study.factor import Factor
from sim.study.functions import OUTCOME
from sim.study.work import Arm, Engine, Piece, Recipe, Until, scenario_at
from sim.world.outcomes import OUTCOMES, described, of_year

SHARD_RUNS = 1024
SHARD_SECONDS = 2.0
AGENT_MONTH_SECONDS = 1.2e-7
"""Nominal cost of an agent-month on the compiled engine (benchmarks/scaling.py), by which shards are made to last a few seconds, not minutes."""
LEAST_SHARDS = 64
"""A small sweep is still cut into so many shards, so that all workers have something to do until its end."""


@dataclass(frozen=True)
class Study:
    """An experiment ready to run.

    Attributes:
        written: The experiment as written.
        factors: What varies.
        points: The design, shape (points, factors); see :mod:`sim.study.design`.
        arms: The ways in which the whole design is run.
        scenarios: The scenarios by name, without any of the experiment's changes.
        drafts: The same with the changes that hold throughout.
        outcomes: Names of the outcomes kept.
    """

    written: Written
    factors: tuple[Factor, ...]
    points: np.ndarray[Any, Any]
    arms: tuple[Arm, ...]
    scenarios: Mapping[str, Scenario]
    drafts: Mapping[str, Draft]
    outcomes: tuple[str, ...]

    def __repr__(self) -> str:
        what = self.spec.function or ", ".join(self.scenarios)
        return f"<Study {self.spec.name!r}: {len(self.arms)} arms x {len(self.points):,} points on {what}>"

    @property
    def spec(self) -> ExperimentSpec:
        """What the experiment says."""
        return self.written.spec

    @property
    def cells(self) -> int:
        """Number of cells: arms times design points."""
        return len(self.arms) * len(self.points)

    @property
    def runs(self) -> tuple[int, int]:
        """Least and most runs that the study has."""
        most = self.spec.until.at_most if self.spec.until else self.spec.replicates
        return self.cells * self.spec.replicates, self.cells * most

    @property
    def shards(self) -> int:
        """Number of shards."""
        cells, parts, _ = self._cut
        return math.ceil(self.cells / cells) * parts

    @cached_property
    def _cut(self) -> tuple[int, int, int]:
        """Cells in a shard, parts that a cell is cut into, replicates in a part: one of the first two is 1."""
        replicates = self.spec.replicates
        wanted = min(SHARD_RUNS, math.ceil(self.runs[0] / LEAST_SHARDS))
        if self.scenarios:
            agent_months = max(month_count(s) * _agents(s) for s in self.scenarios.values())
            wanted = min(wanted, math.ceil(SHARD_SECONDS / (AGENT_MONTH_SECONDS * agent_months)))
        if self.spec.until is not None or wanted >= replicates:
            return max(1, wanted // replicates), 1, replicates
        parts = math.ceil(replicates / wanted)
        return 1, parts, math.ceil(replicates / parts)

    def pieces(self, shard: int) -> list[Piece]:
        """Return what a shard is made of.

        Args:
            shard: Number of the shard, from 0.
        """
        cells, parts, size = self._cut
        if parts > 1:
            cell, part = divmod(shard, parts)
            return [self._piece(cell, part * size, min(size, self.spec.replicates - part * size))]
        first = shard * cells
        return [self._piece(cell, 0, self.spec.replicates) for cell in range(first, min(first + cells, self.cells))]

    def piece(self, cell: int) -> Piece:
        """Return a cell alone: its least replicates, under the chances that they have in the whole study."""
        return self._piece(cell, 0, self.spec.replicates)

    def _piece(self, cell: int, first: int, count: int) -> Piece:
        arm, point = divmod(cell, len(self.points))
        if self.spec.draws == "independent":
            # Every cell has replicate numbers of its own, so a run keeps an address that can be run alone.
            first += cell * (self.runs[1] // self.cells)
        return Piece(cell, arm, tuple(self.points[point].tolist()), first, count)

    def recipe(self, engine: Engine = "compiled") -> Recipe:
        """Return what every task of the study shares."""
        from sim.observe.provenance import rulebook_digest

        until = self.spec.until
        stop = None
        if until is not None:
            place = self.outcomes.index(until.interval_of)
            stop = Until(place, described(until.interval_of)[0] == "0/1", until.narrower_than, until.at_most)
        return Recipe(self.spec.seed, self.arms, self.drafts, self.factors, self.outcomes, stop, rulebook_digest(), engine)

    def scenario(self, cell: int) -> Scenario:
        """Return the scenario of a cell, complete and checked.

        Raises:
            ScenarioError: If the combination is not admissible.
        """
        arm, point = divmod(cell, len(self.points))
        return scenario_at(self.recipe(), self.arms[arm], self.points[point].tolist())

    def command(self, cell: int, replicate: int) -> str:
        """Return the command that runs one run of the study alone."""
        import shlex

        arm, point = self.arms[cell // len(self.points)], self.points[cell % len(self.points)]
        changes = {**self.spec.set, **dict(arm.changes)}
        for factor, coded in zip(self.factors, point.tolist(), strict=True):
            changes.update(factor.changes(coded))
        words = ["dilemma", "run", str(self._sources[arm.scenario]), "--seed", str(self.spec.seed), "--replicate", str(replicate)]
        for path, value in changes.items():
            words += ["--set", f"{path}={json.dumps(value, ensure_ascii=False)}"]
        for name in dict.fromkeys([*self.spec.without, *([arm.without] if arm.without else [])]):
            words += ["--without", name]
        return shlex.join(words)

    @cached_property
    def _sources(self) -> dict[str, Any]:
        """Where each scenario can be read: its shipped name if that is the same scenario, else the path it was read from."""
        ships, found = shipped(), dict[str, Any]()
        listing = [self.spec.scenario] if self.spec.scenario else self.spec.scenarios or []
        for (name, scenario), source in zip(self.scenarios.items(), listing, strict=True):
            if name in ships and _shipped_hash(name) == scenario_hash(scenario):
                found[name] = name
            else:
                found[name] = source if source in ships else self.written.folder / str(source)
        return found

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of all that the results depend on, the code apart: scenarios, changes, arms, factors, design, replicates, outcomes, seed."""
        spec = self.spec
        data = {
            "scenarios": {name: scenario_hash(s) for name, s in self.scenarios.items()},
            "set": spec.set,
            "without": sorted(mechanism_key(name) or name for name in spec.without),
            "arms": [[a.scenario, a.policy, a.without, list(map(list, a.changes))] for a in self.arms],
            "factors": [[f.name, f.path, list(f.values) if f.values is not None else None] for f in self.factors],
            "points": hashlib.sha256(np.ascontiguousarray(self.points).tobytes()).hexdigest(),
            "replicates": [spec.replicates, spec.until.model_dump() if spec.until else None],
            "draws": spec.draws,
            "seed": spec.seed,
            "outcomes": self.outcomes,
            "cut": self._cut,
        }
        return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


def load_study(source: str | os.PathLike[str] | Mapping[str, Any] | Written) -> Study:
    """Read an experiment, check it against its scenarios and draw its design.

    Args:
        source: A path, a shipped name, plain data, or an experiment that was read.

    Raises:
        ScenarioError: If anything is wrong; it tells every problem found, with file, line and column.
    """
    written = source if isinstance(source, Written) else read_experiment(source)
    spec = written.spec
    factors = tuple(Factor.of(name, f) for name, f in spec.factors.items())
    wrong = problems(written, factors)
    if wrong:
        raise ScenarioError(wrong)
    if spec.function is not None:
        study = Study(written, factors, design.draw(written, factors), (Arm(spec.function),), {}, {}, (OUTCOME,))
    else:
        scenarios, drafts = _scenarios(written)
        _years(written, factors, scenarios)
        arms = tuple(
            Arm(name, policy, without, _policy_changes(spec.policies[policy]) if policy else ())
            for name in drafts
            for policy in (spec.policies or [""])
            for without in ("", *spec.ablated)
        )
        points = design.draw(written, factors)
        try_every_level(written, factors, arms, drafts, points)
        outcomes = tuple(spec.outcomes) or tuple(name for name, _, _ in OUTCOMES)
        study = Study(written, factors, points, arms, scenarios, drafts, outcomes)
    if spec.draws == "independent" and study.runs[1] > LARGEST:
        raise ScenarioError([written.problem(("draws",), f"independent draws of {study.runs[1]:,} runs need more replicate numbers than there are")])
    return study


def _years(written: Written, factors: Sequence[Factor], scenarios: Mapping[str, Scenario]) -> None:
    """Refuse outcomes of years that a scenario has not, or that would differ from point to point."""
    found: list[Problem] = []
    asked = [(k, of_year(name)) for k, name in enumerate(written.spec.outcomes)]
    years = [(k, year[1]) for k, year in asked if year is not None]
    for name, scenario in scenarios.items():
        has = list(year_ends(scenario))
        found += [written.problem(("outcomes", k), f"{name} has the years {has[0]} to {has[-1]}") for k, year in years if year not in has]
    moved = [(("factors", f.name), f.path) for f in factors] + [(("set", path), path) for path in written.spec.set]
    for where, path in moved if years else []:
        if path in ("start", "end"):
            found.append(written.problem(where, f"outcomes of a year cannot be asked for where {path!r} is changed", key=True))
    if found:
        raise ScenarioError(found)


def _agents(scenario: Scenario) -> int:
    kinds = (scenario.communities, scenario.emirs, scenario.organisations, scenario.smugglers, scenario.brokers, scenario.forces, scenario.states)
    return sum(len(kind) for kind in kinds)


@functools.cache
def _shipped_hash(name: str) -> str:
    return scenario_hash(Draft(name).scenario())


def _scenarios(written: Written) -> tuple[dict[str, Scenario], dict[str, Draft]]:
    """Return the experiment's scenarios as they are, and drafts with the changes that hold throughout."""
    spec = written.spec
    listing = [(("scenario",), spec.scenario)] if spec.scenario else [(("scenarios", k), s) for k, s in enumerate(spec.scenarios or [])]
    scenarios: dict[str, Scenario] = {}
    drafts: dict[str, Draft] = {}
    nodes = 0
    for where, source in listing:
        path: Any = source if source in shipped() else written.folder / str(source)
        if path != source and not os.path.lexists(path):
            message = f"there is no shipped scenario {source!r}, and no file {path}; shipped are {listed(shipped())}"
            raise ScenarioError([written.problem(where, message, nearest(source, shipped()))])
        # A store keeps what it runs as JSON, in a directory of that name.
        if path != source and path.suffix not in YAML and not (path.suffix == ".json" and path.parent == written.folder / "scenarios"):
            raise ScenarioError([written.problem(where, f"{source!r} is no YAML file; its name ends in neither .yaml nor .yml")])
        draft = Draft(path)
        nodes += draft.nodes
        if nodes > MOST_NODES:
            raise ScenarioError([written.problem(where, f"the scenarios are too large together: more than {MOST_NODES:,} values")])
        scenario = draft.scenario()
        if scenario.name in scenarios:
            raise ScenarioError([written.problem(where, f"a second scenario with the name {scenario.name!r}")])
        scenarios[scenario.name] = scenario
        for change, value in spec.set.items():
            with told_at(written, ("set", change)):
                draft.changed({change: value})
        drafts[scenario.name] = draft.changed(spec.set, spec.without)
    return scenarios, drafts


def _policy_changes(policy: PolicySpec) -> tuple[tuple[str, Any], ...]:
    """Return a policy mix as changes: all of it, so that nothing of the scenario's own mix is left."""
    return tuple((f"policies.{name}", value) for name, value in policy.model_dump().items() if value is not None)
