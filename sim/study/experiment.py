"""What a user writes of a study: the experiment file as pydantic models, read with the same care as a scenario.

An experiment names what is run (scenarios, or a test function whose answer is known), what varies (factors), which combinations are tried
(design), how often each is repeated (replicates), under which policies and without which mechanisms, and what is kept of a run (outcomes).
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from sim.scenario.errors import Place, Problem, ScenarioError
from sim.scenario.inheritance import shipped_files
from sim.scenario.mechanisms import MECHANISMS, mechanism_key
from sim.scenario.schema import PolicySpec, Spec
from sim.scenario.translate import problems_of
from sim.scenario.yaml_text import Node, read_file, read_text

DesignKind = Literal["grid", "lhs", "sobol", "saltelli", "morris", "list", "one-at-a-time", "prior"]
Function = Literal["ishigami", "sobol-g"]
LARGEST = 2**32 - 1
ALL = "all"
"""What stands for every mechanism in ``ablate``."""
_NAME = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$", description="Short name, in lower case with hyphens.")


class FactorSpec(Spec):
    """Something that varies between design points: a range, or a list of values."""

    path: str = Field("", max_length=120, description="What varies: a parameter, a mechanism, or a path such as organisations.GSPC.control.")
    label: str = Field("", max_length=60, description="What figures call it.")
    range: list[float] | None = Field(None, min_length=2, max_length=2, description="Lowest and highest value.")
    values: list[Any] | None = Field(None, min_length=1, max_length=10_000, description="The values themselves, in order.")
    scale: Literal["linear", "log"] = Field("linear", description="How a range is filled.")


class DesignSpec(Spec):
    """Which combinations of factors are tried."""

    kind: DesignKind = Field(description="Kind of design.")
    points: int | None = Field(
        None, ge=1, le=1_000_000, description="Points of lhs, sobol and prior; base points N of saltelli, which makes N (factors + 2) of them."
    )
    levels: int | None = Field(None, ge=2, le=10_000, description="Levels a range is cut into: grid (5), one-at-a-time (2), morris (4).")
    trajectories: int | None = Field(None, ge=2, le=1_000_000, description="Trajectories of morris.")
    second_order: bool | None = Field(None, description="Whether saltelli allows second-order indices; it then makes N (2 factors + 2) points.")
    file: str | None = Field(None, min_length=1, max_length=500, description="CSV file of list: a column a factor, a row a point.")
    seed: int | None = Field(
        None, ge=0, le=LARGEST, description="Seed of the points of prior, where it is another than that of the runs: same points, other chances."
    )


class UntilSpec(Spec):
    """Replicates are added to a design point until an interval is narrow enough."""

    interval_of: str = Field(min_length=1, description="Outcome whose mean's 95 % interval is watched.")
    narrower_than: float = Field(gt=0.0, le=1.0e9, description="Width, in the outcome's unit, at which a point has replicates enough.")
    at_most: int = Field(ge=2, le=10_000_000, description="Replicates at which a point stops whatever the width.")


class BudgetSpec(Spec):
    """What the study may cost; a sweep that is estimated to cost more does not begin."""

    runs: int | None = Field(None, ge=1, le=10**12, description="Runs at most.", json_schema_extra={"unit": "runs"})
    hours: float | None = Field(None, gt=0.0, le=1.0e6, description="Estimated hours at most.", json_schema_extra={"unit": "hours"})
    gigabytes: float | None = Field(None, gt=0.0, le=1.0e6, description="Estimated disk at most.", json_schema_extra={"unit": "gigabytes"})


class ExperimentSpec(Spec):
    """A study."""

    name: Annotated[str, _NAME]
    title: str = Field("", max_length=160, description="Title for figures and reports.")
    claim: str = Field(min_length=1, max_length=2000, description="The claim or question it puts to the test, with its source.")
    about: list[str] = Field(default_factory=list, description="Outcomes that the claim is about; reports begin with them, the first one first.")
    sources: list[str] = Field(default_factory=list, description="References.")
    scenario: str | None = Field(None, min_length=1, description="Scenario it runs: a shipped name, or a path relative to this file.")
    scenarios: list[str] | None = Field(None, min_length=1, max_length=100, description="Several scenarios, each run under the whole design.")
    function: Function | None = Field(None, description="Instead of a scenario: a test function whose sensitivity indices are known.")
    seed: int = Field(0, ge=0, le=LARGEST, description="Seed of every draw, and of the design.")
    draws: Literal["common", "independent"] = Field("common", description="Whether design points share their draws, so that contrasts are paired.")
    set: dict[str, Any] = Field(default_factory=dict, max_length=1000, description="Changes to the scenario that hold throughout: values by path.")
    without: list[str] = Field(default_factory=list, description="Mechanisms switched off throughout.")
    policies: dict[str, PolicySpec] = Field(
        default_factory=dict, max_length=100, description="Policy mixes by name; each is run under the whole design."
    )
    ablate: list[str] = Field(
        default_factory=list, max_length=100, description="Mechanisms switched off in turn, beside a run with all on; [all] for every one."
    )
    factors: dict[str, FactorSpec] = Field(default_factory=dict, max_length=1000, description="What varies, by name.")
    design: DesignSpec | None = Field(None, description="Which combinations are tried; none where nothing varies.")
    replicates: int = Field(20, ge=1, le=10_000_000, description="Replicates of each design point; with `until`, how many it starts with.")
    until: UntilSpec | None = Field(None, description="Adds replicates until an interval is narrow enough.")
    outcomes: list[str] = Field(
        default_factory=list, description="Outcomes kept of each run; all where absent. One of a year is asked for as attacks@2006."
    )
    budget: BudgetSpec = Field(default_factory=lambda: BudgetSpec.model_validate({}), description="What it may cost.")

    @property
    def ablated(self) -> tuple[str, ...]:
        """Keys of the mechanisms that are switched off in turn, each once."""
        names = MECHANISMS if self.ablate == [ALL] else self.ablate
        return tuple(dict.fromkeys(mechanism_key(name) or name for name in names))


@dataclass(frozen=True)
class Written:
    """An experiment as written: what it says, where each thing stands, and the folder that its paths start from."""

    spec: ExperimentSpec
    node: Node
    folder: Path

    def place(self, *path: str | int, key: bool = False) -> Place:
        """Return where something stands."""
        return self.node.at(path, key=key)

    def problem(self, path: tuple[str | int, ...], message: str, near: str = "", key: bool = False) -> Problem:
        """Return a problem with something."""
        return Problem(self.node.at(path, key=key), ".".join(str(part) for part in path), message, near)


OTHERS = ("calibrate", "forecast", "leave")
"""How files of ``experiments/`` begin that are no experiments but calibrations, forecasts and histories to leave out."""


def shipped_experiments() -> dict[str, Path]:
    """Return the shipped experiments by name: those of the checkout's ``experiments/`` folder, or of the installed package."""
    return {name: path for name, path in shipped_studies().items() if not name.startswith(OTHERS)}


def shipped_studies() -> dict[str, Path]:
    """Return every file of ``experiments/`` by name: experiments, calibrations, forecasts, histories to leave out."""
    return shipped_files("experiments")


def located(source: str | os.PathLike[str]) -> Path:
    """Return where a file of a study is: the path given, or a file of ``experiments/`` by its name where no such path exists."""
    path = Path(source)
    return path if os.path.lexists(path) else shipped_studies().get(os.fspath(source), path)


def read_experiment(source: str | os.PathLike[str] | Mapping[str, Any]) -> Written:
    """Read an experiment and check its shape.

    Args:
        source: A path, a shipped name, or the experiment as plain data (its paths then start from the working directory).

    Raises:
        ScenarioError: If it cannot be read or has not the shape of an experiment; it tells every problem found, with file, line and column.
    """
    if isinstance(source, Mapping):
        node, folder = _from_data(source), Path()
    else:
        path = located(source)
        node, folder = read_file(path, os.fspath(path), "an experiment"), path.parent
    data = node.plain()
    try:
        spec = ExperimentSpec.model_validate(data)
    except ValidationError as error:
        raise ScenarioError(problems_of(error, node, ExperimentSpec)) from None
    return Written(spec, node, folder)


def _from_data(data: Mapping[str, Any]) -> Node:
    shown = "argument 'experiment'"
    try:
        text = json.dumps(dict(data), ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise ScenarioError([Problem(Place(shown), "", f"is not plain data: {error}")]) from None
    return read_text(text, shown)


Kind = Literal["scenario", "experiment", "calibration", "forecast", "leave-one-out", "lesson"]


def kind_of_file(source: str) -> Kind | None:
    """Return what a file, or a shipped name, looks like, by what it says and nothing else; None for one that cannot be read."""
    path = located(source)
    if os.path.exists(path) and not os.path.isfile(path):
        # A pipe can be read only once.
        return "scenario"
    try:
        keys = set(read_file(path, source).value)
    except ScenarioError:
        return None
    if "prediction" in keys:
        return "lesson"
    if "facts" in keys or ("extends" in keys and {"claim", "fixed", "priors", "histories", "recalibrated"} & keys):
        return "calibration"
    if "held_out" in keys:
        return "leave-one-out"
    if "calibration" in keys:
        return "forecast"
    return "experiment" if {"claim", "design", "factors", "function", "scenario", "scenarios"} & keys else "scenario"


def experiment_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of an experiment file."""
    whole = ExperimentSpec.model_json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **{key: value for key, value in whole.items() if key != "$defs"},
        "title": "Experiment of dilemma",
        "additionalProperties": False,
        "$defs": whole["$defs"],
    }
