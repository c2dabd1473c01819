"""Who is who: the number under which an agent of a scenario draws, made from its kind and name."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import NamedTuple

from sim.scenario.schema import Scenario

_SECTIONS = {
    "leader": "organisations",
    "organisation": "organisations",
    "emir": "emirs",
    "community": "communities",
    "smuggler": "smugglers",
    "broker": "brokers",
    "force": "forces",
    "elite": "states",
}
"""Kinds of agents, and the sections of a scenario that name them; a leader goes by the name of his organisation."""


class Shared(NamedTuple):
    """Two agents whose names make one number: the section, row and name of the second, and in words both."""

    section: str
    row: int
    one: str
    other: str

    def __str__(self) -> str:
        return f"{self.other} and {self.one} make one identity, so both would have the same draws; change either name"


def identity(kind: str, name: str) -> int:
    """Return the 32-bit identity of an agent of the scenario: from its kind and name, so that editing one agent moves nobody else's draws."""
    return zlib.crc32(f"{kind}:{name}".encode()) or 1


def identities(scenario: Scenario) -> dict[int, str]:
    """Return the names of everyone the scenario names, by identity: organisations, leaders, emirs, communities and the rest."""
    names = {}
    for kind, section in _SECTIONS.items():
        for agent in getattr(scenario, section):
            names[identity(kind, agent.name)] = agent.name if kind != "leader" else agent.leader or f"leader of {agent.name}"
    return names


def shared(scenario: Scenario) -> Iterator[Shared]:
    """Yield every agent whose identity another before it has."""
    taken: dict[int, tuple[str, str]] = {}
    for kind, section in _SECTIONS.items():
        for row, agent in enumerate(getattr(scenario, section)):
            one = taken.setdefault(identity(kind, agent.name), (kind, agent.name))
            if one != (kind, agent.name):
                yield Shared(section, row, f"{one[0]} {one[1]!r}", f"{kind} {agent.name!r}")
