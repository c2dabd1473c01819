"""Gates: that their arithmetic is what they say, on tables made by hand, and that a gate that misses says so and goes on."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.cli import main
from sim.evidence.contrasts import World
from sim.evidence.gates import ablation, control, embedding, events, places, same_people, turns
from sim.evidence.gates.battery import GATES, gates
from sim.evidence.gates.gate import HEADLINE, HISTORIES, Number, numbers_of, standardised
from sim.evidence.gates.runs import Runs
from sim.scenario.load import load_scenario
from sim.scenario.mechanisms import MECHANISMS
from sim.scenario.numbers import estimate
from sim.scenario.timeline import month_index
from sim.show.gates_figure import text, write
from sim.world import codes
from sim.world.build import Capacity, build
from sim.world.outcomes import outcome_dtype

N = 40


class Made(Runs):
    """Tables made by hand instead of runs."""

    def __init__(self, make: Callable[[World], np.ndarray[Any, Any]], readings: Callable[[World], list[Any]] | None = None) -> None:
        self.make, self.readings = make, readings

    def of(self, world: World) -> np.ndarray[Any, Any]:
        return self.make(world)

    def of_scenario(self, scenario: Any) -> np.ndarray[Any, Any]:
        return self.make(World(scenario.name))

    def read(self, world: World, reading: Any) -> list[Any]:
        assert self.readings is not None
        return self.readings(world)


def table(**columns: Any) -> np.ndarray[Any, Any]:
    """Return outcomes in which what is not named is zero."""
    made = np.zeros(N, outcome_dtype())
    for name, values in columns.items():
        made[name] = values
    return made


def test_every_gate_is_there_and_looks_at_outcomes_that_exist():
    assert list(GATES) == [f"G{n}" for n in range(1, 10)]
    assert set(HEADLINE) <= set(outcome_dtype().names)
    assert all(load_scenario(name).name == name for name in HISTORIES)


def test_g1_divides_the_same_people():
    for n in same_people.KATIBAS:
        world = same_people.divided(n)
        assert len(world.emirs) == n
        assert sum(e.strength for e in world.emirs) == pytest.approx(same_people.PEOPLE)
        assert len({e.model_copy(update={"name": ""}).model_dump_json() for e in world.emirs}) == 1


@pytest.mark.parametrize(("recruits", "survive", "verdict"), [(100.0, 20, "met"), (124.0, 25, "met"), (126.0, 20, "missed"), (100.0, 27, "missed")])
def test_g1_is_met_where_the_same_people_do_the_same(recruits, survive, verdict):
    def make(world):
        alone = world.scenario == "katibas-1"
        return table(recruits=100.0 if alone else recruits, attacks=10.0, root_survived=np.arange(N) < (20 if alone else survive))

    assert same_people.same_people(Made(make)).verdict == verdict


def half(share: float) -> np.ndarray[Any, Any]:
    return (np.arange(N) < share * N).astype(float)


def test_g2_counts_histories_and_mechanisms():
    moving = set(list(MECHANISMS)[:8])

    def make(world, gone=None):
        if world.without and world.without[0] in moving:
            return table(root_survived=half(0.0 if world.without[0] == gone else 0.2))
        return table(root_survived=half(0.5))

    gate = ablation.stakes(Made(make))
    assert gate.verdict == "met"
    assert gate.found.startswith("open in 7 of 7 histories; 8 mechanisms move it (M1, M2, ")
    assert ablation.stakes(Made(lambda w: make(w, next(iter(MECHANISMS))))).verdict == "missed"
    moving.remove(next(iter(MECHANISMS)))
    assert ablation.stakes(Made(make)).verdict == "missed"
    assert ablation.stakes(Made(lambda world: table(root_survived=1.0))).found.startswith("open in 0 of 7 histories; 0 mechanisms")


def test_g9_has_every_mechanism_on_every_outcome_and_contrary_signs_first():
    assert set(ablation.PREDICTED) <= set(MECHANISMS)
    assert all(set(signs) <= set(HEADLINE) and set(signs.values()) <= {-1, 1} for signs in ablation.PREDICTED.values())
    fragmentations = np.tile([1.0, 3.0], N // 2)

    def make(world):
        return table(fragmentations=fragmentations + (2.0 if world.without == ("competition",) else 0.0))

    found = ablation.ablations(Made(make))
    assert len(found) == len(MECHANISMS) * len(HISTORIES) * len(HEADLINE)
    contrary = [e for e in found if e.contrary]
    assert [(e.mechanism, e.history, e.outcome) for e in contrary] == [("competition", history, "fragmentations") for history in HISTORIES]
    assert contrary[0].number.value == pytest.approx(-2.0 / fragmentations.std(ddof=1))
    gate = ablation.ablation(Made(make))
    assert gate.verdict == "reported"
    assert "0 are shown and 7 contrary" in gate.found
    lines = text([gate]).splitlines()
    assert "off zero, and not as wanted" in lines[2]
    assert all(f"M11 competition on fragmentations in {history}" in line for history, line in zip(HISTORIES, lines[3:10], strict=True))
    assert sum(line.strip().startswith("M11 competition ") and "*" in line for line in lines[10:]) == len(HISTORIES)


def test_a_difference_is_told_in_standard_deviations_of_the_base():
    base = np.tile([0.0, 2.0], 20)
    assert standardised("x", base + 1.0, base).value == pytest.approx(1.0 / base.std(ddof=1))
    one, other = np.ones(40), np.zeros(40)
    assert standardised("x", one, other).value == pytest.approx(1.0 / np.concatenate([one, other]).std(ddof=1))
    assert np.isnan(standardised("x", one, one).value)


def test_g3_predicts_events_that_are_in_the_history():
    labels = [e.label for e in load_scenario("aqim").timeline]
    assert len(events.PREDICTED) == 10
    assert all(label in labels and sign in (-1, 1) and why for label, _, sign, why in events.PREDICTED)


def test_g3_is_met_where_five_outcomes_move():
    wave = np.tile([0.0, 2.0], N // 2)

    def make(world, moved=5):
        bare = len(world.changes) > 1
        return table(**{name: wave + (1.0 if bare and k < moved else 0.0) for k, name in enumerate(HEADLINE)})

    assert events.events(Made(make)).verdict == "met"
    missed = events.events(Made(lambda w: make(w, 4)))
    assert missed.verdict == "missed"
    assert missed.found.startswith("4 of 8 outcomes change by more than 0.5 sd without any event; 0 of 10")


def test_g4_reads_a_state_from_a_finished_history():
    scenario = load_scenario("aqim")
    rows = {s.name: n for n, s in enumerate(scenario.states)}
    world = build(scenario, capacity=Capacity(60, 90, 40, 10))
    algeria, mali = (places.in_state(world, rows[name]) for name in ("Algeria", "Mali"))
    assert algeria.own == sum(e.strength for e in scenario.emirs if e.organisation == "GSPC")
    assert algeria.armed == algeria.own + sum(e.strength for e in scenario.emirs if e.organisation == "GIA")
    assert (mali.own, mali.katibas, mali.organisations) == (0.0, 0, 0)
    kidal = [r.name for r in scenario.regions].index("Kidal")
    for row in range(2):
        world.log["kind"][row], world.log["region"][row] = codes.NEW_KATIBA, kidal
    world.clock["logged"] = 1
    row = len(scenario.organisations)
    o = world.organisation
    o["identity"][row], o["born"][row], o["origin"][row], o["home"][row] = 7, 30, codes.FOUNDED, kidal
    assert (places.in_state(world, rows["Mali"]).katibas, places.in_state(world, rows["Mali"]).organisations) == (1, 1)
    assert places.in_state(world, rows["Algeria"]).organisations == 0


def test_g4_needs_strength_place_and_growth():
    def make(world):
        fourfold = any(v == 16000.0 for v in world.changes.values())
        return table(strength_mean=np.arange(N) + (-50.0 if fourfold else 0.0), attacks_outside=0.2)

    def readings(world, grown=3):
        zero = any(v == 0.0 for path, v in world.changes.items() if "French" not in path)
        fourfold = any(v == 16000.0 for v in world.changes.values())
        return [places.Place(5.0 + 90.0 * fourfold, 10.0, 0 if zero else grown, 0) for _ in range(N)]

    assert places.places(Made(make, readings)).verdict == "met"
    assert places.places(Made(make, lambda w: readings(w, 0))).verdict == "missed"
    assert places.places(Made(lambda w: table(), readings)).verdict == "missed"


def test_g5_reads_the_turns_of_the_followed_lineage_alone():
    scenario = load_scenario("aqim")
    world = build(scenario, capacity=Capacity(60, 90, 40, 10))
    gspc, gia = world.organisation["identity"][:2]
    rows = [(codes.SPLINTER, gspc, 160), (codes.SPLINTER, gia, 161), (codes.PLEDGE, gspc, 200), (codes.SPLINTER, gspc, 170)]
    for n, (kind, who, month) in enumerate(rows):
        world.log["kind"][n], world.log["organisation"][n], world.log["month"][n] = kind, who, month
    world.clock["logged"] = 3
    assert turns.months_of_kind(world, codes.SPLINTER).tolist() == [160]
    assert turns.months_of_kind(world, codes.PLEDGE).tolist() == [200]


@pytest.mark.parametrize(("two", "joined", "verdict"), [(20, 16, "met"), (19, 16, "missed"), (20, 15, "missed")])
def test_g5_wants_half_and_four_in_ten(two, joined, verdict):
    def readings(world):
        return [[k < two, False, k < two, False, k < joined] for k in range(N)]

    assert turns.turns(Made(lambda world: table(), readings)).verdict == verdict


def test_g5_looks_at_the_years_of_the_sources():
    found: list[Any] = []
    scenario = load_scenario("aqim")
    world = build(scenario, capacity=Capacity(60, 90, 40, 10))
    identity = world.organisation["identity"][0]
    for n, (kind, date) in enumerate(
        [(codes.DEPARTURE, "2007-12"), (codes.SPLINTER, "2009-12"), (codes.AUTONOMY, "2012-01"), (codes.PLEDGE, "2016-01")]
    ):
        world.log["kind"][n], world.log["organisation"][n], world.log["month"][n] = kind, identity, month_index(scenario, date)
    world.clock["logged"] = 4
    world.measure["brand_joined"] = float(month_index(scenario, "2008-12"))

    class Reads(Made):
        def read(self, changed: World, reading: Any) -> list[Any]:
            found.append(reading(world))
            return found * N

    turns.turns(Reads(lambda w: table()))
    assert found == [[True, False, True, False, True]]


def test_g6_sliders_at_rest_change_nothing():
    base = load_scenario("dilemma-101")
    slid = load_scenario("dilemma-101", overrides=control.slid())
    for at_rest, emir in zip(slid.emirs, base.emirs, strict=True):
        assert [at_rest.agenda, at_rest.belief, at_rest.information] == pytest.approx([emir.agenda, emir.belief, emir.information])
    assert slid.regions == base.regions
    agreed = load_scenario("dilemma-101", overrides=control.slid(divergence=0.0))
    assert len({(e.agenda, e.belief, e.information) for e in agreed.emirs}) == 1
    assert all(r.remoteness == 0.0 for r in load_scenario("dilemma-101", overrides=control.slid(remoteness=0.0)).regions)


def test_g6_luck_in_choosing_is_no_fall():
    rng = np.random.default_rng(2)
    nothing = rng.normal(0.0, 1.0, (len(control.LEVELS), 60))
    _, sides = control.falls("x", nothing)
    assert not any(n.met for n in sides)
    hill = nothing - 40.0 * (np.array(control.LEVELS)[:, None] - 0.5) ** 2
    hill[0] = 1000.0  # Zero contact is never chosen.
    top, sides = control.falls("x", hill)
    assert abs(control.LEVELS[top] - 0.5) <= 0.125
    assert all(n.met for n in sides)


def test_g6_is_met_by_an_optimum_that_moves_down():
    luck = (np.arange(N) * 7 % N + 0.5) / N

    def make(world, moves=True):
        intelligence = world.changes["forces.National force.intelligence"]
        level = world.changes.get("organisations.The Front.control", 0.4)
        best = 0.6 - 0.6 * intelligence if moves else 0.4
        chance = 1.05 - intelligence - 6.0 * (level - best) ** 2
        return table(root_survived=luck < chance, strength_mean=100.0 * chance + luck)

    assert control.control(Made(make)).verdict == "met"
    assert control.control(Made(lambda w: make(w, False))).verdict == "missed"
    assert control.control(Made(lambda w: table(root_survived=1.0, strength_mean=5.0))).verdict == "missed"


def test_g8_finds_an_effect_at_equal_size_and_none_where_it_is_size_alone():
    rng = np.random.default_rng(4)
    x = np.array([0.1, 0.35, 0.6])
    z = 5.0 * x[:, None] + rng.normal(0.0, 1.0, (3, 300))
    noise = rng.normal(0.0, 0.5, (3, 300))
    slope, low, high = embedding.within(2.0 * z + noise, x, z)
    assert low < 0.0 < high
    assert abs(slope) < 0.5
    slope, low, high = embedding.within(2.0 * z + 3.0 * x[:, None] + noise, x, z)
    assert low < 3.0 < high
    assert low > 1.5
    # Size that never varies within a replicate leaves the plain slope.
    assert embedding.within(np.tile(3.0 * x[:, None], (1, 5)), x, np.ones((3, 5)))[0] == pytest.approx(3.0)


def test_g8_matches_only_what_is_near():
    y, other = np.array([1.0, 2.0, 3.0]), np.array([0.0, 5.0])
    z, z_other = np.array([1.0, 10.0, 4.0]), np.array([1.1, 10.0])
    assert embedding.matched(y, other, z, z_other).tolist() == [1.0, -3.0]


def test_gates_run_in_order_and_are_told_in_full(tmp_path: Path):
    told: list[tuple[int, int]] = []
    made = Made(lambda world: table(root_survived=half(0.5), fragmentations=np.arange(N)), lambda world: [[True] * 5] * N)
    found = gates(made, ["G5", "G2", "G9"], lambda done, of: told.append((done, of)))
    assert [g.id for g in found] == ["G5", "G2", "G9"]
    assert told == [(1, 3), (2, 3), (3, 3)]
    said = text(found)
    assert said.splitlines()[0].startswith("G5  MET")
    first = found[0].numbers[0]
    assert f"{first.words}: {estimate(first.value, first.low, first.high)}" in said
    assert said.splitlines()[-1] == "3 gates: 1 met, 1 missed, 1 reported"
    assert all(f"{m.id} {m.key}" in said for m in MECHANISMS.values())
    paths = write(found, tmp_path)
    assert all(path.stat().st_size > 1000 for path in paths)
    assert len(pd.read_csv(paths[0])) == len(numbers_of(found)) == sum(len(g.numbers) for g in found)


def test_an_interval_off_zero():
    assert Number("x", 1.0, 0.5, 2.0).is_off_zero
    assert Number("x", -1.0, -2.0, -0.5).is_off_zero
    assert not Number("x", 0.1, -0.5, 0.5).is_off_zero
    assert not Number("x", np.nan, np.nan, np.nan).is_off_zero


def test_the_command_prints_gates_and_refuses_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["patterns", "--gates", "G1", "G5", "--replicates", "3", "--json", "--out", str(tmp_path)]) == 0
    said = json.loads(capsys.readouterr().out)
    assert [g["gate"] for g in said["gates"]] == ["G1", "G5"]
    assert {n["gate"] for n in said["numbers"]} == {"G1", "G5"}
    assert (tmp_path / "gates.csv").exists()
    assert main(["patterns", "--gates", "G1", "--replicates", "3"]) == 0
    assert capsys.readouterr().out.rstrip().splitlines()[-1].startswith("1 gates: ")
    assert main(["patterns", "--gates", "G11"]) == 2
    assert "there is no gate 'G11'; gates are G1, G2" in capsys.readouterr().err
