"""How the cost of a month grows with the number of agents: a synthetic country grown tenfold and a hundredfold. Run: python benchmarks/scaling.py

Interactions are sparse (a katiba knows its region, its organisation and six communities), so cost per agent and month should stay flat. It is
printed as a ratio to that of the smallest world. Every size is measured twice: with the room for new katibas that a scenario gets (four rows
to a katiba it starts with), and with less (1.6 rows), which tells the cost of agents from the cost of passing over empty rows.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import time

from synthetic import KINDS, country

from sim import engine
from sim.scenario.schema import Scenario
from sim.world.build import Capacity, build, parameters
from sim.world.world import World

REGIONS = (96, 960, 9600)
LESS_ROOM = 0.4
"""Rows for katibas in the second measurement, as a share of what a scenario gets."""


@dataclasses.dataclass(frozen=True)
class Size:
    """One size of country.

    Attributes:
        agents: Living agents at the start.
        rows: Rows of the table of katibas, empty ones included.
        megabytes: Size of all tables.
        seconds: Seconds a month, one entry a repeat.
    """

    agents: int
    rows: int
    megabytes: float
    seconds: list[float]

    @property
    def nanoseconds(self) -> float:
        """Cost of an agent-month, from the least of the repeats: whoever else uses the machine only adds."""
        return 1e9 * min(self.seconds) / self.agents


def agents(world: World) -> int:
    """Count the living rows of the seven kinds of agent."""
    total = 0
    for kind in KINDS:
        table = getattr(world, kind)
        total += int((table["alive"] == 1).sum()) if "alive" in (table.dtype.names or ()) else len(table)
    return total


def measure(scenario: Scenario, capacity: Capacity, months: int = 24, repeats: int = 5) -> Size:
    """Time the same months of one country so many times, each from the start; the first month is not counted (it loads the code)."""
    row, seconds = parameters(scenario), []
    for _ in range(repeats):
        world = build(scenario, 1, 0, capacity)
        count = agents(world)
        engine.advance(world, row, 0, 1)
        start = time.perf_counter()
        engine.advance(world, row, 1, 1 + months)
        seconds.append((time.perf_counter() - start) / months)
    return Size(count, len(world.emir), sum(table.nbytes for table in world) / 1e6, seconds)


def less_room(capacity: Capacity) -> Capacity:
    """Return the capacity with fewer empty rows for katibas."""
    return dataclasses.replace(capacity, emirs=int(LESS_ROOM * capacity.emirs))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--regions", type=int, nargs="+", default=list(REGIONS), help="sizes, smallest first (10.5 agents to a region)")
    parser.add_argument("--months", type=int, default=24)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--json", action="store_true", help="print one JSON document instead of the table")
    options = parser.parse_args()
    found: list[dict[str, object]] = []
    first: Size | None = None
    if not options.json:
        print(f"{'agents':>9}{'MB':>7}{'agent-months / s':>18}{'cost per agent-month':>22}{'with fewer empty rows':>23}")
    for regions in options.regions:
        scenario = country(regions)
        capacity = Capacity.of(scenario)
        size = measure(scenario, capacity, options.months, options.repeats)
        tight = measure(scenario, less_room(capacity), options.months, options.repeats)
        first = first or size
        cost, bare = size.nanoseconds / first.nanoseconds, tight.nanoseconds / first.nanoseconds
        found.append({"regions": regions, "cost": cost, "cost_with_less_room": bare, "size": dataclasses.asdict(size)})
        if not options.json:
            print(f"{size.agents:>9,}{size.megabytes:>7.1f}{1e9 / size.nanoseconds:>18,.0f}{f'x {cost:.2f}':>22}{f'x {bare:.2f}':>23}", flush=True)
    if options.json:
        print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
