"""What a claim is made of: worlds that differ in one thing and share their draws, and a sum of their outcomes with a sign that was predicted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class World:
    """A scenario with something changed.

    Attributes:
        scenario: Name of a shipped scenario.
        changes: Values by path.
        without: Mechanisms that are off, by id.
    """

    scenario: str
    changes: Mapping[str, Any] = field(default_factory=dict)
    without: tuple[str, ...] = ()

    def key(self) -> tuple[Any, ...]:
        """Return what tells two worlds apart."""
        return self.scenario, tuple((path, repr(value)) for path, value in sorted(self.changes.items())), self.without


@dataclass(frozen=True)
class Contrast:
    """A sum of outcomes with weights, and the sign that is predicted.

    Attributes:
        words: What is compared, as a reader would say it.
        terms: Weight, outcome and world of each term; outcomes of :mod:`sim.world.outcomes`, or of :data:`sim.evidence.patterns.DERIVED`.
        sign: +1 if the sum is predicted to be above 0, -1 below.
        constant: Added to the sum.
        given: An outcome at whose equal value the worlds are compared, such as ``size``; empty for none. What the terms differ in for its sake is
            taken out by its slope within worlds (analysis of covariance).
    """

    words: str
    terms: tuple[tuple[float, str, World], ...]
    sign: int
    constant: float = 0.0
    given: str = ""


@dataclass(frozen=True)
class Claim:
    """A claim of a source.

    Attributes:
        id: The mechanism's id, or I1 … for what holds between mechanisms.
        says: What the source says.
        source: Where: B, T, or the literature.
        written: Day on which contrasts and signs were written down, ISO; before the model they speak of was first run.
        through: The rules that stand between what differs and what is tested, so that it could come out otherwise.
        contrasts: What must hold.
    """

    id: str
    says: str
    source: str
    written: str
    through: str
    contrasts: tuple[Contrast, ...]


def changed(world: World, changes: Mapping[str, Any] | None = None, without: tuple[str, ...] = ()) -> World:
    """Return a world with more changed."""
    return World(world.scenario, {**world.changes, **(changes or {})}, (*world.without, *without))


def off(mechanism: str, outcome: str, sign: int, words: str, world: World, given: str = "") -> Contrast:
    """Return the contrast of an ablation: an outcome with the mechanism minus without it."""
    return Contrast(words, ((1.0, outcome, world), (-1.0, outcome, changed(world, without=(mechanism,)))), sign, given=given)


def more(outcome: str, sign: int, words: str, high: Mapping[str, Any], low: Mapping[str, Any], world: World, given: str = "") -> Contrast:
    """Return the contrast of two levels: an outcome at the high one minus at the low one."""
    return Contrast(words, ((1.0, outcome, changed(world, high)), (-1.0, outcome, changed(world, low))), sign, given=given)


def adds(outcome: str, sign: int, words: str, here: tuple[World, World], there: tuple[World, World]) -> Contrast:
    """Return the contrast of two differences: what the first world of a pair adds to the second here, less what it adds there."""
    (one, other), (third, fourth) = here, there
    return Contrast(words, ((1.0, outcome, one), (-1.0, outcome, other), (-1.0, outcome, third), (1.0, outcome, fourth)), sign)


def everywhere(kind: str, names: tuple[str, ...], what: str, value: float) -> dict[str, Any]:
    """Return a change made to every agent of a kind that is named."""
    return {f"{kind}.{name}.{what}": value for name in names}


def between(outcome: str, words: str, path: str, levels: tuple[float, float, float], world: World) -> tuple[Contrast, ...]:
    """Return the contrasts of an interior optimum: the middle level is above both ends."""
    low, middle, high = levels
    best = changed(world, {path: middle})
    return tuple(
        Contrast(f"{words} at {middle:g} against {end:g}", ((1.0, outcome, best), (-1.0, outcome, changed(world, {path: end}))), 1)
        for end in (low, high)
    )
