"""Building a world from a scenario: identities from names, and rows in an order of which nothing hangs on how the file is written.

Rows act one after another, and a few rules draw a neighbour or a community by its number; so those are put in the order of their identities.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.scenario.identities import identity, shared
from sim.scenario.mechanisms import MECHANISMS
from sim.scenario.parameters import PARAMETERS
from sim.scenario.schema import TARGET_OF, CommunitySpec, EmirSpec, Scenario
from sim.scenario.timeline import month_count, month_index
from sim.world import codes
from sim.world.layout import TIES_PER_EMIR, dtype_of
from sim.world.world import World

POLICIES = ("force", "amnesty", "services", "anti_corruption", "dialogue", "horizon")


@dataclass(frozen=True, slots=True)
class Capacity:
    """How many rows the tables of those who come and go have.

    A founding that finds its table full is refused, and counted in ``clock.refused``; a run warns if any was.
    """

    organisations: int
    emirs: int
    alliances: int
    log: int
    violence: int = 1

    @classmethod
    def of(cls, scenario: Scenario, log: int = 1, violence: int = 1) -> Capacity:
        """Return room for six times the katibas and a hundred more, and for a local group a community in five years beside those of the start."""
        organisations, years = len(scenario.organisations), month_count(scenario) / 12.0
        founded = 100 + organisations // 2 + round(len(scenario.communities) * years / 5.0)
        return cls(organisations + founded, 6 * len(scenario.emirs) + 100, 2 * organisations + 40, log, violence)


def communities_by_row(scenario: Scenario) -> list[CommunitySpec]:
    """Return the communities in the order of their rows: those of one region stand together, so that a region reads them as a slice."""
    regions = {r.name: i for i, r in enumerate(scenario.regions)}
    return sorted(scenario.communities, key=lambda c: (regions[c.region], identity("community", c.name)))


def emirs_by_row(scenario: Scenario) -> list[EmirSpec]:
    """Return the emirs in the order of their rows."""
    return sorted(scenario.emirs, key=lambda e: identity("emir", e.name))


def parameters(scenario: Scenario) -> np.ndarray[Any, Any]:
    """Return the rulebook's parameters, mechanism switches (``on_…``) and policies as a structured array with one row."""
    names: list[tuple[str, Any]] = [(name, np.float64) for name in PARAMETERS]
    names += [("policy_budget", np.float64), *((f"policy_{p}", np.float64) for p in POLICIES)]
    names += [("policy_start", np.int64), ("policy_end", np.int64), *((f"on_{key}", np.int64) for key in MECHANISMS)]
    row = np.zeros(1, np.dtype(names))
    for name, parameter in PARAMETERS.items():
        row[name] = scenario.parameters.get(name, parameter.default)
    for key in MECHANISMS:
        row[f"on_{key}"] = scenario.mechanisms.get(key, True)
    policy = scenario.policies
    row["policy_budget"] = policy.budget
    for name in POLICIES:
        row[f"policy_{name}"] = getattr(policy, name)
    row["policy_start"] = month_index(scenario, policy.start or scenario.start)
    row["policy_end"] = month_index(scenario, policy.end or scenario.end)
    return row


def build(scenario: Scenario, seed: int = 0, replicate: int = 0, capacity: Capacity | None = None) -> World:
    """Return the world at the start of a scenario.

    Args:
        scenario: A checked scenario: every name it refers to exists.
        seed: Seed, 0 to 2**32 - 1.
        replicate: Replicate number, 0 to 2**32 - 1.
        capacity: Rows for those who come and go; :meth:`Capacity.of` the scenario where absent.

    Returns:
        Tables of :mod:`sim.world.layout`; the month counts from 0.

    Raises:
        ValueError: If seed or replicate is out of range, or two names share an identity.
    """
    for name, number in (("seed", seed), ("replicate", replicate)):
        if not 0 <= number < 2**32:
            raise ValueError(f"{name} is {number}; a {name} is a whole number from 0 to {2**32 - 1}")
    for two in shared(scenario):
        raise ValueError(str(two))
    room = capacity or Capacity.of(scenario)
    states = {s.name: i for i, s in enumerate(scenario.states)}
    regions = {r.name: i for i, r in enumerate(scenario.regions)}
    communities = communities_by_row(scenario)
    organisations = {o.name: i for i, o in enumerate(scenario.organisations)}
    forces = {f.name: i for i, f in enumerate(scenario.forces)}
    rows = {"states": states, "regions": regions, "organisations": organisations, "forces": forces, "none": {}}

    region, edge = _regions(scenario, states, communities)
    community = _table("community", communities, "community")
    community["region"] = [regions[c.region] for c in communities]
    for name in ("grievance", "trust", "norm", "cleavage", "neglect"):
        community[f"{name}_start"] = community[name]
    community["reached_month"] = -1
    community["people"] = np.rint(1000.0 * community["population"])
    emir, tie = _emirs(scenario, regions, organisations, communities, room)
    present = np.repeat(emir["alive"] == 1, TIES_PER_EMIR)
    np.add.at(community["armed"], tie["community"][present & (tie["fighters"] > 0)], tie["fighters"][present & (tie["fighters"] > 0)])
    tied = tie["matrimonial"] + tie["pragmatic"] + tie["economic"] > 0
    community["reached"][tie["community"][tied]] = 1
    community["reached_month"][community["reached"] == 1] = 0
    organisation = _organisations(scenario, regions, emir, room)
    elite = _table("elite", scenario.states, "elite")
    elite["horizon_start"] = elite["horizon"]
    elite["share_start"] = elite["share"]
    force, posting = _forces(scenario, states, regions)
    smuggler = _table("smuggler", scenario.smugglers, "smuggler")
    smuggler["region"] = [regions[s.region] for s in scenario.smugglers]
    smuggler["backs"] = -1
    broker = _table("broker", scenario.brokers, "broker")
    broker["region"] = [regions[b.region] for b in scenario.brokers]
    broker["group"] = -1
    clock = np.zeros(1, dtype_of("clock"))
    clock["seed"], clock["replicate"] = seed, replicate
    clock["first_month"] = int(scenario.start[5:]) - 1
    clock["focus"] = identity("organisation", scenario.focus)
    began = next(o.home for o in scenario.organisations if o.name == scenario.focus)
    clock["home"] = states[scenario.regions[regions[began]].state]
    clock["next_organisation"] = len(scenario.organisations)
    clock["next_emir"] = len(scenario.emirs)
    measure = np.zeros(1, dtype_of("measure"))
    measure["brand_joined"] = -1.0
    measure["outsiders"] = emir["outsiders"][emir["alive"] == 1].sum()
    return World(
        clock, elite, region, edge, community, organisation, emir, tie, smuggler, broker, force, posting,
        np.zeros(room.alliances, dtype_of("alliance")), _timeline(scenario, rows), np.zeros(max(1, room.log), dtype_of("log")),
        np.zeros(max(1, room.violence), dtype_of("violence")), np.zeros(len(codes.EVENTS), dtype_of("tally")), measure,
    )  # fmt: skip


def _table(name: str, specs: list[Any], kind: str | None = None, rows: int = 0) -> np.ndarray[Any, Any]:
    """Return a table with the columns that the specs set, and identities from their names."""
    table = np.zeros(max(rows, len(specs)), dtype_of(name))
    for column in table.dtype.names or ():
        if specs and isinstance(getattr(specs[0], column, None), int | float):
            table[column][: len(specs)] = [getattr(spec, column) for spec in specs]
    if kind is not None:
        table["identity"][: len(specs)] = [identity(kind, spec.name) for spec in specs]
    return table


def _regions(scenario: Scenario, states: dict[str, int], communities: list[Any]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return regions with their communities and the edges of the graph, each way, sorted by where they start."""
    region = _table("region", scenario.regions)
    region["elite"] = [states[r.state] for r in scenario.regions]
    region["reach_start"] = region["reach"]
    region["first_group"] = region["second_group"] = region["first_emir"] = region["main_force"] = -1
    index = {r.name: i for i, r in enumerate(scenario.regions)}
    members = np.bincount([index[c.region] for c in communities], minlength=len(index))
    region["communities"] = members
    region["first_community"] = np.cumsum(members) - members
    ways: dict[tuple[int, int], float] = {}
    for r in scenario.regions:
        for other, ease in r.neighbours.items():
            ways[index[r.name], index[other]] = ways[index[other], index[r.name]] = ease
    edge = np.zeros(len(ways), dtype_of("edge"))
    names = [identity("region", r.name) for r in scenario.regions]
    for row, ((_, to), ease) in enumerate(sorted(ways.items(), key=lambda way: (way[0][0], names[way[0][1]]))):
        edge["to"][row], edge["ease"][row] = to, ease
    counts = np.bincount([a for a, _ in ways], minlength=len(index)) if ways else np.zeros(len(index), int)
    region["edges"] = counts
    region["first_edge"] = np.cumsum(counts) - counts
    return region, edge


def _emirs(
    scenario: Scenario, regions: dict[str, int], organisations: dict[str, int], communities: list[CommunitySpec], room: Capacity
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return katibas and their ties; those of organisations yet to enter are held back."""
    absent = {o.name for o in scenario.organisations if o.absent}
    with_ties = scenario.mechanisms.get("embedding", True)
    emirs = emirs_by_row(scenario)
    emir = _table("emir", emirs, "emir", room.emirs)
    tie = np.zeros(room.emirs * TIES_PER_EMIR, dtype_of("tie"))
    tie["community"] = -1
    n = len(scenario.emirs)
    emir["katiba"][:n] = emir["identity"][:n]
    emir["born"] = -1
    emir["deterrence"][:n] = 0.5
    row_of = {c.name: k for k, c in enumerate(communities)}
    at_home: dict[str, list[int]] = {}
    for k, c in enumerate(communities):
        at_home.setdefault(c.region, []).append(k)
    spare = [round(1000.0 * c.population) for c in communities]
    for i, spec in enumerate(emirs):
        emir["alive"][i] = spec.organisation not in absent
        emir["organisation"][i] = organisations[spec.organisation]
        emir["region"][i] = regions[spec.region]
        slots = [row_of[bond.community] for bond in spec.ties]
        tied_here = [k for k in slots if communities[k].region == spec.region]
        # Whoever has ties where he is has his people from there, the others from whoever lives there, the largest first.
        origin = tied_here or sorted(at_home.get(spec.region, []), key=lambda k: (-communities[k].population, k))[: TIES_PER_EMIR - len(slots)]
        slots += [k for k in origin if k not in slots]
        own = _allotted(max(1, round(spec.strength)), [communities[k].population for k in origin], [spare[k] for k in origin])
        here = slice(i * TIES_PER_EMIR, i * TIES_PER_EMIR + len(slots))
        tie["community"][here] = slots
        emir["places"][i] = len(slots)
        # How a katiba is seen at the start: what the model's channels lead to where people are so aggrieved, so distrustful, so taught.
        tie["lesser_evil"][here] = [communities[k].grievance * (1.0 - communities[k].trust) for k in slots]
        tie["conviction"][here] = [communities[k].socialisation for k in slots]
        if with_ties:
            for slot, bond in enumerate(spec.ties, start=i * TIES_PER_EMIR):
                tie["matrimonial"][slot], tie["pragmatic"][slot], tie["economic"][slot] = bond.matrimonial, bond.pragmatic, bond.economic
        for k, fighters in zip(origin, own, strict=True):
            tie["fighters"][i * TIES_PER_EMIR + slots.index(k)] = fighters
            spare[k] -= fighters
        emir["strength"][i] = max(1, round(spec.strength))
        emir["outsiders"][i] = emir["strength"][i] - sum(own)
        emir["counted"][i] = emir["strength"][i]
    return emir, tie


def _allotted(people: int, weights: list[float], most: list[int]) -> list[int]:
    """Return whole numbers of people by weight, none above what there are; what finds no place is not allotted (they are outsiders)."""
    total = sum(weights)
    if not weights or total <= 0.0:
        return [0] * len(weights)
    share = [people * weight / total for weight in weights]
    whole = [int(x) for x in share]
    # The largest remainders first, so that everybody is somewhere.
    for k in sorted(range(len(share)), key=lambda k: (whole[k] - share[k], k))[: people - sum(whole)]:
        whole[k] += 1
    return [min(x, limit) for x, limit in zip(whole, most, strict=True)]


def _organisations(scenario: Scenario, regions: dict[str, int], emir: np.ndarray[Any, Any], room: Capacity) -> np.ndarray[Any, Any]:
    """Return organisations; a leadership stands at the start where its own emirs stand, weighted by strength."""
    table = _table("organisation", scenario.organisations, "organisation", room.organisations)
    missing = ("parent", "heir", "ally_1", "ally_2", "ally_3", "ally_4", "largest_region", "breakaway", "entry", "ended", "dissident")
    for column in (*missing, "first_attack", "last_attack", "first_25"):
        table[column] = -1
    for i, spec in enumerate(scenario.organisations):
        mine = emir["organisation"][: len(scenario.emirs)] == i
        strength = emir["strength"][: len(scenario.emirs)][mine]
        table["alive"][i] = not spec.absent
        table["kind"][i] = codes.ORGANISATION_KINDS.index(spec.kind)
        table["brand"][i] = codes.BRANDS.index(spec.brand)
        table["home"][i] = table["seat"][i] = regions[spec.home]
        table["born"][i] = min(-1, month_index(scenario, spec.founded)) if spec.founded else -1
        table["lineage"][i] = table["identity"][i]
        table["leader"][i] = identity("leader", spec.name)
        table["tenure"][i] = -table["born"][i]
        table["cohesion"][i] = table["morale"][i] = 1.0
        table["posture_told"][i] = spec.posture
        if not scenario.mechanisms.get("institutions", True):
            table["institutions"][i] = 0.5
        total = strength.sum()
        table["strength"][i] = table["strength_before"][i] = table["peak"][i] = 0.0 if spec.absent else total
        table["katibas"][i] = mine.sum()
        if total > 0.0:
            table["agenda_line"][i] = (strength * emir["agenda"][: len(scenario.emirs)][mine]).sum() / total
            table["information_line"][i] = (strength * emir["information"][: len(scenario.emirs)][mine]).sum() / total
    return table


def _forces(scenario: Scenario, states: dict[str, int], regions: dict[str, int]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return security forces and where they can be posted."""
    force = _table("force", scenario.forces, "force")
    posting = np.zeros(sum(len(f.regions) for f in scenario.forces), dtype_of("posting"))
    first = 0
    for i, spec in enumerate(scenario.forces):
        force["kind"][i] = codes.FORCE_KINDS.index(spec.kind)
        force["elite"][i] = states[spec.state]
        force["recruits_from"][i] = regions[spec.recruits_from]
        force["first_posting"][i], force["postings"][i] = first, len(spec.regions)
        posting["region"][first : first + len(spec.regions)] = [regions[name] for name in spec.regions]
        first += len(spec.regions)
    force["morale_start"], force["division_start"] = force["morale"], force["division"]
    return force, posting


def _timeline(scenario: Scenario, rows: dict[str, dict[str, int]]) -> np.ndarray[Any, Any]:
    """Return the timeline in the order of the scenario."""
    table = np.zeros(len(scenario.timeline), dtype_of("timeline"))
    for i, entry in enumerate(scenario.timeline):
        table["month"][i] = month_index(scenario, entry.date)
        table["kind"][i] = codes.EXOGENOUS.index(entry.event)
        table["target"][i] = rows[TARGET_OF[entry.event]].get(entry.target, -1)
        table["magnitude"][i] = entry.magnitude
        table["months"][i] = entry.months
    return table
