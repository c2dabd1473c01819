"""What ``check`` passes, runs: random valid scenarios at the ends of all ranges, under both engines.

    python -m tests.random_scenarios --n 2000

Every number of a scenario is drawn from the ends of the range that the schema and the rulebook state (and sometimes from between), every name
refers to somebody at random. Each scenario is checked as if a user had written it and run for a few months, interpreted and compiled: the compiled
rules with Numba's bounds checks, the interpreted ones on rows that refuse an index below nought, which Python and Numba alike would count from the
end. Both must agree to the bit after every month, nothing may raise, and every world must obey :mod:`tests.laws`. What fails is told with its number;
``--only NUMBER`` runs it again. The first use compiles the rulebook with bounds checks, which takes a minute or two.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import sys
import time
import typing
from collections.abc import Iterator
from typing import Any

LIGHT = 0.15
"""Of the parameters of a light scenario, how many differ from their defaults; the others are wild."""


def random_scenario(number: int) -> dict[str, Any]:
    """Return the scenario of a number, as plain data: always the same."""
    return _Author(random.Random(number)).scenario(number)


class _Author:
    """Writes one scenario."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng

    def scenario(self, number: int) -> dict[str, Any]:
        from sim.scenario import schema
        from sim.scenario.mechanisms import MECHANISMS

        rng = self.rng
        states = self.some("State", schema.StateSpec, rng.randint(1, 3))
        regions = self.some("Region", schema.RegionSpec, rng.randint(1, 5), state=states)
        for a, one in enumerate(regions):
            for other in regions[:a]:
                # Every region has a road to one before it, so that none is out of reach.
                if other is regions[a - 1] or rng.random() < 0.5:
                    one.setdefault("neighbours", {})[other["name"]] = rng.choice([5e-324, 1.0, 1.0, rng.uniform(0.01, 1.0)])
        communities = self.some("Community", schema.CommunitySpec, rng.randint(1, 7), region=regions)
        organisations = self.some("Organisation", schema.OrganisationSpec, rng.randint(1, 4), home=regions)
        leading = [self.some(f"Emir {k}", schema.EmirSpec, 1, organisation=[o], region=regions)[0] for k, o in enumerate(organisations)]
        emirs = leading + self.some("Katiba", schema.EmirSpec, rng.randint(0, 8), organisation=organisations, region=regions)
        for emir in emirs:
            tied = rng.sample(communities, rng.randint(0, min(6, len(communities))))
            emir["ties"] = [{**self.numbers(schema.TieSpec), "community": c["name"]} for c in tied]
        forces = self.some("Force", schema.ForceSpec, rng.randint(0, 3), state=states, recruits_from=regions)
        for force in forces:
            force["regions"] = [r["name"] for r in rng.sample(regions, rng.randint(1, len(regions)))]
        start = rng.choice([1900 * 12, 2099 * 12 + 11 - 40, rng.randint(1900 * 12, 2095 * 12)])
        months = rng.choice([1, 2, 12, 13, rng.randint(6, 40)])
        data: dict[str, Any] = {
            "name": f"random-{number}",
            "start": _month(start),
            "end": _month(start + months - 1),
            "focus": rng.choice(organisations)["name"],
            "parameters": self.parameters(),
            "mechanisms": {key: False for key in MECHANISMS if rng.random() < 0.1},
            "states": states,
            "regions": regions,
            "communities": communities,
            "organisations": organisations,
            "emirs": emirs,
            "smugglers": self.some("Smuggler", schema.SmugglerSpec, rng.randint(0, 3), region=regions),
            "brokers": self.some("Broker", schema.BrokerSpec, rng.randint(0, 3), region=regions),
            "forces": forces,
        }
        if rng.random() < 0.5:
            data["policies"] = self.policies(start, months)
        data["timeline"] = [*self.entries(data, start, months), *self.events(data, start, months)]
        return data

    def parameters(self) -> dict[str, float]:
        """Return values of rulebook parameters, most of them at an end of their range."""
        from sim.scenario.parameters import PARAMETERS

        share = self.rng.choice([LIGHT, 1.0])
        return {p.name: self.number(p.low, p.high, p.default) for p in PARAMETERS.values() if self.rng.random() < share}

    def number(self, low: float, high: float, default: float) -> float:
        """Return a number of a range: an end, just within it, the default, or anything between, by size where the range spans sizes."""
        kind = self.rng.random()
        if kind < 0.35:
            return low
        if kind < 0.7:
            return high
        if kind < 0.75:
            return math.nextafter(low, high)
        if kind < 0.85:
            return default
        if low > 0.0 or high <= 1.0:
            return self.rng.uniform(low, high)
        return low + (high - low) * 10.0 ** self.rng.uniform(-9.0, 0.0)

    def numbers(self, spec: type[Any]) -> dict[str, Any]:
        """Return a value of every field of a part that takes numbers or one of several words."""
        found: dict[str, Any] = {}
        for name, info in spec.model_fields.items():
            low = next((m.ge for m in info.metadata if hasattr(m, "ge")), None)
            high = next((m.le for m in info.metadata if hasattr(m, "le")), None)
            if low is not None and high is not None:
                found[name] = round(self.number(low, high, info.default)) if info.annotation is int else self.number(low, high, info.default)
            elif typing.get_origin(info.annotation) is typing.Literal:
                found[name] = self.rng.choice(typing.get_args(info.annotation))
        return found

    def some(self, kind: str, spec: type[Any], count: int, **references: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return so many parts of a kind, each with a name and with references to others at random."""
        made = []
        for k in range(count):
            part = {"name": self.rng.choice([f"{kind} {k}", f"{kind}.{k}", f"{kind} ü'\"{{}}: {k}", f"{kind} {k} ".ljust(60, "x")])}
            made.append({**part, **self.numbers(spec), **{field: self.rng.choice(things)["name"] for field, things in references.items()}})
        return made

    def policies(self, start: int, months: int) -> dict[str, Any]:
        """Return a policy mix."""
        from sim.world.build import POLICIES

        shares = [self.rng.choice([0.0, 1.0, self.rng.random()]) for _ in POLICIES]
        if sum(shares) == 0.0:
            return {"budget": 0.0}
        first = self.rng.randint(start, start + months - 1)
        return {
            "budget": self.number(0.0, 10.0, 1.0),
            **{name: math.floor(1e6 * share / sum(shares)) / 1e6 for name, share in zip(POLICIES, shares, strict=True)},
            "start": _month(first),
            "end": _month(self.rng.randint(first, start + months - 1)),
        }

    def entries(self, data: dict[str, Any], start: int, months: int) -> Iterator[dict[str, Any]]:
        """Hold some organisations back, and yield the entries with which they come in."""
        for organisation in data["organisations"]:
            if self.rng.random() < 0.25:
                organisation["absent"] = True
                date = _month(self.rng.randint(start, start + months - 1))
                yield {"date": date, "event": "entry", "target": organisation["name"], "magnitude": self.rng.choice([0.0, 1.0])}
            elif self.rng.random() < 0.5:
                organisation["founded"] = _month(self.rng.choice([1900 * 12, start]))

    def events(self, data: dict[str, Any], start: int, months: int) -> Iterator[dict[str, Any]]:
        """Yield other entries of a timeline."""
        from sim.scenario.schema import TARGET_OF

        for kind in self.rng.choices([kind for kind in TARGET_OF if kind != "entry"], k=self.rng.randint(0, 10)):
            section = TARGET_OF[kind]
            if section != "none" and not data[section]:
                continue
            high = 1.0e6 if kind == "intervention" else 1.0
            entry: dict[str, Any] = {
                "date": _month(self.rng.randint(start, start + months - 1)),
                "event": kind,
                "magnitude": self.number(0.0, high, 1.0),
                "months": self.rng.choice([1, 600, self.rng.randint(1, 12)]),
            }
            if section != "none":
                entry["target"] = self.rng.choice(data[section])["name"]
            yield entry


def _month(absolute: int) -> str:
    return f"{absolute // 12:04d}-{absolute % 12 + 1:02d}"


class _Bounded:
    """A column that refuses an index below nought, which Python and compiled code alike would count from the end."""

    __slots__ = ("name", "view")

    def __init__(self, name: str, view: memoryview) -> None:
        self.name, self.view = name, view

    def __getitem__(self, row: int) -> Any:
        if row < 0:
            raise IndexError(f"{self.name}[{row}] is read")
        return self.view[row]

    def __setitem__(self, row: int, value: float) -> None:
        if row < 0:
            raise IndexError(f"{self.name}[{row}] is written")
        self.view[row] = value

    def __len__(self) -> int:
        return len(self.view)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.view)

    @property
    def shape(self) -> tuple[int, ...]:
        return self.view.shape


class _BoundedColumns:
    """The columns of a table, as :class:`sim.world.world.Columns` has them, bounded."""

    def __init__(self, name: str, table: Any) -> None:
        for column in table.dtype.names:
            setattr(self, column, _Bounded(f"{name}.{column}", memoryview(table[column])))


def complaints(number: int) -> list[str]:
    """Return what is wrong with the runs of a random scenario: nothing, if all is well."""
    from sim import engine
    from sim.model import DilemmaModel
    from sim.scenario.load import scenario_of
    from sim.world.build import Capacity, build, parameters
    from sim.world.world import World, same_bits
    from tests.laws import dangling, out_of_range, people_astray

    data = random_scenario(number)
    seed = random.Random(-1 - number).choice([0, 2**32 - 1, number])
    try:
        scenario = scenario_of(data, f"random scenario {number}")
        model = DilemmaModel(scenario, rng=seed, log=500, violence=500)
        model.face = World(*(_BoundedColumns(name, table) for name, table in zip(World._fields, model.world, strict=True)))
        world, p = build(scenario, seed, 0, Capacity.of(scenario, 500, 500)), parameters(scenario)
        first = world.community["people"].copy()
        for month in engine.months_of(world, p, model.months):
            model.step()
            different = same_bits(model.world, world)
            found = [f"the engines differ at {different[:5]}"] if different else []
            found += [*out_of_range(world), *dangling(world), *people_astray(world, first)]
            if found:
                return [f"month {month} of {model.months}: {one}" for one in found]
        one = engine.outcomes(world, model.months)
        if model.outcomes().tobytes() != one.tobytes():
            return ["the engines' outcomes differ"]
        if not all(math.isfinite(value) for value in one.tolist()):
            return [f"outcomes that are no numbers: {[name for name in one.dtype.names if not math.isfinite(one[name])]}"]
        together = engine.ensemble(build(scenario, seed, 0, Capacity.of(scenario, 500, 500)), p, model.months, [0])
        if together[0].tobytes() != one.tobytes():
            return ["the ensemble's outcomes differ from the single run's"]
    except Exception as error:
        last = error.__traceback__
        while last is not None and last.tb_next is not None:
            last = last.tb_next
        where = f"{last.tb_frame.f_code.co_filename.split('/sim/')[-1]}:{last.tb_lineno}" if last else ""
        return [f"{type(error).__name__} at {where}: {error}"]
    return []


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return 0 if every scenario ran as it should."""
    parser = argparse.ArgumentParser(prog="python -m tests.random_scenarios", description="What check passes, runs.")
    parser.add_argument("--n", type=int, default=2000, help="how many scenarios")
    parser.add_argument("--first", type=int, default=0, help="number of the first")
    parser.add_argument("--only", type=int, help="one number: its scenario is printed, and run")
    parser.add_argument("--no-bounds-checks", action="store_true", help="with the rulebook as it is compiled for use")
    given = parser.parse_args(arguments)
    if not given.no_bounds_checks and os.environ.get("NUMBA_BOUNDSCHECK") != "1":
        # Numba reads it when it is imported, and its cache does not tell code with bounds checks from code without.
        from platformdirs import user_cache_path

        cache = os.environ.get("NUMBA_CACHE_DIR") or str(user_cache_path("dilemma-sim"))
        environment = {**os.environ, "NUMBA_BOUNDSCHECK": "1", "NUMBA_CACHE_DIR": os.path.join(cache, "bounds-checked")}
        os.execve(sys.executable, [sys.executable, "-m", "tests.random_scenarios", *(sys.argv[1:] if arguments is None else arguments)], environment)
    if given.only is not None:
        print(json.dumps(random_scenario(given.only), indent=1, ensure_ascii=False))
    numbers = range(given.first, given.first + given.n) if given.only is None else [given.only]
    begun, failed = time.monotonic(), 0
    for done, number in enumerate(numbers, start=1):
        found = complaints(number)
        failed += bool(found)
        for one in found[:8]:
            print(f"scenario {number}: {one}", flush=True)
        if done % 100 == 0:
            print(f"{done} tried, {failed} failed, {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
    print(f"{len(numbers)} scenarios tried, {failed} failed, {time.monotonic() - begun:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
