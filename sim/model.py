"""The Mesa model: the same month, rule by rule and agent by agent, on agents that are live views of the world's rows.

All contact with Mesa is in this file. Agents hold no state of their own: an attribute reads and writes the array, so
the interpreted rules, the compiled engine and whoever looks at an agent see the same numbers. Draws come from addresses
(see :mod:`sim.world.draws`), never from ``model.random`` or ``model.rng``: those Mesa keeps, unused by any rule, except
that a model made without a seed takes one from ``model.rng``.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any, ClassVar

import networkx as nx
import numpy as np

# Importing Mesa forces the start method of processes to "spawn"; the host program keeps what it had.
_start_method = multiprocessing.get_start_method(allow_none=True)
import mesa  # noqa: E402

multiprocessing.set_start_method(_start_method, force=True)

from sim.rules.reading import read_outcomes  # noqa: E402
from sim.scenario.identities import identities  # noqa: E402
from sim.scenario.load import load_scenario  # noqa: E402
from sim.scenario.schema import Scenario  # noqa: E402
from sim.scenario.timeline import month_count, month_label  # noqa: E402
from sim.schedule import BORN, MONTH, Phase  # noqa: E402
from sim.world import codes  # noqa: E402
from sim.world.build import Capacity, build, communities_by_row, parameters  # noqa: E402
from sim.world.layout import LAYOUT  # noqa: E402
from sim.world.outcomes import outcome_dtype  # noqa: E402
from sim.world.world import Columns, interpreted  # noqa: E402


class Live:
    """An attribute of an agent that reads and writes one cell of the world."""

    def __init__(self, table: str, column: str) -> None:
        self.table = table
        self.column = column

    def __get__(self, agent: Any, owner: type | None = None) -> Any:
        if agent is None:
            return self
        return getattr(getattr(agent.model.face, self.table), self.column)[agent.row]

    def __set__(self, agent: Any, value: float) -> None:
        getattr(getattr(agent.model.face, self.table), self.column)[agent.row] = value


class Reference(Live):
    """An attribute that names another agent, or a region, by its row: who reads it gets whom it names, or None for nobody or one who is gone."""

    def __init__(self, table: str, column: str, kind: str) -> None:
        super().__init__(table, column)
        self.kind = kind

    def __get__(self, agent: Any, owner: type | None = None) -> Any:
        row = super().__get__(agent, owner)
        return row if agent is None else agent.model.at(self.kind, int(row))

    def __set__(self, agent: Any, value: Any) -> None:
        super().__set__(agent, -1 if value is None else getattr(value, "row", value))


REFERENCES: dict[str, dict[str, str]] = {
    "region": {"elite": "elite", "main_force": "force"},
    "community": {"region": "region"},
    "organisation": {
        "home": "region", "seat": "region", "parent": "organisation", "heir": "organisation", "ally_1": "organisation", "ally_2": "organisation",
        "ally_3": "organisation", "ally_4": "organisation",
    },
    "emir": {"organisation": "organisation", "region": "region"},
    "smuggler": {"region": "region", "backs": "organisation"},
    "broker": {"region": "region", "group": "organisation"},
    "force": {"elite": "elite", "recruits_from": "region"},
}  # fmt: skip
"""Columns by table that name an agent or a region, with the table it is a row of."""


def _attributes(cls: Any) -> None:
    """Give a class an attribute for every column of its table."""
    references = REFERENCES.get(cls.table, {})
    for column in LAYOUT[cls.table]:
        name = column.name
        setattr(cls, name, Reference(cls.table, name, references[name]) if name in references else Live(cls.table, name))


class Region:
    """A place: a row of the table of regions, with its columns as attributes. It does not act, and is no Mesa agent."""

    table: ClassVar[str] = "region"

    def __init__(self, model: DilemmaModel, row: int) -> None:
        self.model = model
        self.row = row
        self.name = model.setting.regions[row].name

    @property
    def emirs(self) -> list[Emir]:
        """The local emirs who are there."""
        return [e for e in self.model.agents_by_type.get(Emir, ()) if e.region is self]

    def __repr__(self) -> str:
        return f"<Region {self.name!r}, row {self.row}>"


_attributes(Region)


class RowAgent(mesa.Agent):
    """A Mesa agent that is one row of one of the world's tables; every column of the table is an attribute."""

    table: ClassVar[str]

    def __init_subclass__(cls) -> None:
        _attributes(cls)

    model: DilemmaModel

    def __init__(self, model: DilemmaModel, row: int) -> None:
        super().__init__(model)
        self.row = row
        self.born_as: int = getattr(self, "identity", row)

    def act(self, rule: Callable[[Any, Any, int, int], None], month: int) -> None:
        """Apply one rule of the schedule to this agent."""
        rule(self.model.face, self.model.rulebook, month, self.row)

    @property
    def name(self) -> str:
        """Name from the scenario, or the identity of one who was founded in the run."""
        return self.model.names.get(self.born_as, f"{type(self).__name__} {self.born_as:08x}")

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name!r}, row {self.row}>"


class Elite(RowAgent):
    """The political elite of a state."""

    table = "elite"


class Community(RowAgent):
    """A community in a region."""

    table = "community"


class Organisation(RowAgent):
    """An organisation and its leadership; appears when founded and disappears when it ends."""

    table = "organisation"

    @property
    def emirs(self) -> list[Emir]:
        """Its local emirs."""
        return [e for e in self.model.agents_by_type.get(Emir, ()) if e.organisation is self]


class Emir(RowAgent):
    """A local emir and his katiba; a successor is an agent of his own."""

    table = "emir"


class Smuggler(RowAgent):
    """A smuggler ("drug baron")."""

    table = "smuggler"


class Broker(RowAgent):
    """A notable who can broker."""

    table = "broker"


class SecurityForce(RowAgent):
    """A security force."""

    table = "force"


STANDING: tuple[type[RowAgent], ...] = (Elite, Community, Smuggler, Broker, SecurityForce)
PASSING: tuple[type[RowAgent], ...] = (Organisation, Emir)
KINDS: dict[str, type[RowAgent]] = {kind.table: kind for kind in (*STANDING, *PASSING)}
"""The seven kinds of agent by the table they are rows of."""


def _lineage(model: DilemmaModel) -> np.ndarray[Any, Any]:
    """Return the standing organisations of the lineage that is followed."""
    o = model.world.organisation
    return o[(o["alive"] == 1) & (o["lineage"] == model.world.clock["focus"][0])]


def _mean(column: str) -> Callable[[DilemmaModel], float]:
    """Return a reporter: the mean of a column over the lineage, weighted by strength (at the start, over its organisations)."""

    def reporter(model: DilemmaModel) -> float:
        rows = _lineage(model)
        # Before the first month nobody has been counted yet.
        weight = rows["strength"] if model.month else np.ones(len(rows))
        total = weight.sum()
        return float((rows[column] * weight).sum() / total) if total > 0 else 0.0

    return reporter


def _count(*events: int) -> Callable[[DilemmaModel], int]:
    """Return a reporter: events of these kinds so far."""
    return lambda model: int(model.world.tally["count"][list(events)].sum())


REPORTERS: dict[str, Callable[[DilemmaModel], Any]] = {
    "date": lambda model: month_label(model.setting, model.month - 1),
    "strength": lambda model: float(model.outcomes()["strength_end"]),
    "organisations": lambda model: len(_lineage(model)),
    "survived": lambda model: float(model.outcomes()["survived"]),
    "control": _mean("control"),
    "agency_loss": _mean("agency_loss"),
    "divergence": _mean("divergence"),
    "polarisation": _mean("polarisation"),
    "support": _mean("support"),
    "outside": _mean("outside"),
    "fragmentations": _count(codes.SPLINTER, codes.AUTONOMY, codes.PLEDGE, codes.DEPARTURE),
    "pledges": _count(codes.PLEDGE),
    "returns": _count(codes.RETURN),
    "mergers": _count(codes.MERGER),
    "alliances_made": _count(codes.ALLIANCE_MADE),
    "endings": _count(codes.ENDING),
}
"""Model reporters of the data collector, for the lineage that is followed or for the whole world."""


class DilemmaModel(mesa.Model):
    """One history as a Mesa model.

    Args:
        scenario: A shipped name (``"aqim"``), a path, or a loaded scenario.
        rng: Seed, a whole number from 0 to 2**32 - 1; one is taken from the operating system where absent.
        seed: The same, as older Mesa versions call it.
        replicate: Replicate number; part of the address of every draw.
        log: Rows of the event log.
        violence: Rows of the log of violence.
        **changes: Rulebook parameters (``percolation=0.5``) and mechanisms (``brokerage=False``) that differ from the scenario's, so that
            ``mesa.batch_run`` can vary them.

    Attributes:
        setting: The scenario, changes included (``scenario`` is a name that Mesa itself uses from 3.5 on).
        world: The tables (see :mod:`sim.world.layout`).
        month: Months run so far.
        datacollector: Mesa's data collector, with :data:`REPORTERS`.
        graph: Regions as a graph.
        regions: The regions, in the order of their rows.

    Raises:
        ScenarioError: If the scenario or a change to it is not admissible.
    """

    setting: Scenario
    month: int

    def __init__(
        self,
        scenario: str | Scenario = "dilemma-101",
        *,
        rng: Any = None,
        seed: int | None = None,
        replicate: int = 0,
        log: int = 20_000,
        violence: int = 1,
        **changes: float | bool,
    ) -> None:
        given = rng if rng is not None else seed
        super().__init__(rng=given)
        self.draw_seed = int(given) if isinstance(given, int | np.integer) else int(self.rng.integers(2**32))
        loaded = load_scenario(scenario) if isinstance(scenario, str) else scenario
        self.setting = _changed(loaded, changes)
        self.world = build(self.setting, self.draw_seed, replicate, Capacity.of(self.setting, log, violence))
        self.face = interpreted(self.world)
        row = parameters(self.setting)
        self.rulebook = SimpleNamespace(**{name: row[name][0].item() for name in row.dtype.names or ()})
        self.months = month_count(self.setting)
        self.month = 0
        self.names = identities(self.setting)
        self.graph = nx.Graph()
        for edge_from, region in enumerate(self.setting.regions):
            self.graph.add_node(region.name)
            first, count = self.world.region["first_edge"][edge_from], self.world.region["edges"][edge_from]
            for edge in self.world.edge[first : first + count]:
                self.graph.add_edge(region.name, self.setting.regions[edge["to"]].name, ease=float(edge["ease"]))
        self.community_specs = communities_by_row(self.setting)
        self.regions = [Region(self, i) for i in range(len(self.world.region))]
        self._standing = {kind.table: [kind(self, i) for i in range(len(getattr(self.world, kind.table)))] for kind in STANDING}
        self._present: dict[str, dict[int, RowAgent]] = {kind.table: {} for kind in PASSING}
        self._meet_newcomers()
        self._outcomes: tuple[int, np.void] | None = None
        self.datacollector = mesa.DataCollector(model_reporters=REPORTERS)
        self.datacollector.collect(self)

    def at(self, table: str, row: int) -> Any:
        """Return the agent, or the region, that a row of a table stands for; None for -1, and for one who is not there."""
        if row < 0:
            return None
        if table == "region":
            return self.regions[row]
        return self._present[table].get(row) if table in self._present else self._standing[table][row]

    def step(self) -> None:
        """Run one month, phase by phase as the schedule says, and collect its data; a history that is over stays as it is.

        Only ``steps``, which is Mesa's count of calls, goes on then, so that a loop that waits for it ends; months run are :attr:`month`.
        """
        if self.month >= self.months:
            return
        for phase in MONTH:
            self._run(phase)
        self.month += 1
        self._meet_newcomers()
        self.datacollector.collect(self)
        self.running = self.month < self.months

    def _run(self, phase: Phase) -> None:
        """Let everybody of a phase act, in the order of rows."""
        t = self.month
        table = getattr(self.face, phase.table)
        if phase.newcomers:
            self._meet_newcomers()
        if phase.table in self._present:
            since = getattr(table, BORN[phase.table])
            present = self._present[phase.table]
            for row in sorted(present):
                if table.alive[row] == 1 and (phase.newcomers or since[row] < t):
                    present[row].act(phase.rule, t)
        elif phase.table in KINDS:
            for agent in self.agents_by_type.get(KINDS[phase.table], ()):
                agent.act(phase.rule, t)
        else:
            born = BORN.get(phase.table)
            for row in range(len(getattr(self.world, phase.table))):
                if born is None or (table.alive[row] == 1 and (phase.newcomers or getattr(table, born)[row] < t)):
                    phase.rule(self.face, self.rulebook, t, row)

    def _meet_newcomers(self) -> None:
        """Remove the agents of those who are gone, and make agents of those who have come."""
        for kind in PASSING:
            table: Columns = getattr(self.face, kind.table)
            present = self._present[kind.table]
            alive, who = table.alive, table.identity  # type: ignore[attr-defined]
            for row in range(len(alive)):
                agent = present.get(row)
                if agent is not None and (alive[row] == 0 or who[row] != agent.born_as):
                    agent.remove()
                    del present[row]
                    agent = None
                if agent is None and alive[row] == 1:
                    present[row] = kind(self, row)

    def outcomes(self) -> np.void:
        """Return the outcomes of the run so far: one record of :func:`sim.world.outcomes.outcome_dtype`."""
        if self._outcomes is None or self._outcomes[0] != self.month:
            table = np.zeros(1, outcome_dtype())
            read_outcomes(self.face, self.month, Columns(table), 0)
            self._outcomes = (self.month, table[0])
        return self._outcomes[1]


def _changed(scenario: Scenario, changes: Mapping[str, float | bool]) -> Scenario:
    """Return the scenario with parameters and mechanisms changed, checked as if a user had written them."""
    if not changes:
        return scenario
    from sim.scenario.load import change

    return change(scenario, changes)
