"""What the page is answered: the same numbers as the command line's, questions checked, policies there and back."""

from __future__ import annotations

import json

import numpy as np
import pytest

from sim.classroom import allotment, frontier, pairs, twin
from sim.classroom.answers import CAVEAT, BadQuestion, Book
from sim.classroom.lesson import load_lesson, shipped_lessons
from sim.classroom.worlds import Stale, mean, run_worlds
from sim.cli import main
from sim.observe.ensemble import outcomes, share
from sim.scenario.errors import ScenarioError
from sim.scenario.load import load_scenario, resolved_parameters, shipped

SETTINGS = {name: s["default"] for name, s in frontier.SLIDERS.items()}


@pytest.fixture(scope="module")
def book():
    return Book([load_lesson(path) for path in shipped_lessons().values()])


def test_the_frontier_is_what_the_command_line_runs():
    settings = {"intelligence": 0.8, "divergence": 1.5, "remoteness": 0.5}
    answer = frontier.frontier(settings, 1)
    count = frontier.PARTS[1]
    assert answer["replicates"] == count
    changes = frontier.changes_of(settings)
    own = outcomes(load_scenario(frontier.SCENARIO, overrides=changes), seed=frontier.SEED, replicates=count)
    held = outcomes(
        load_scenario(frontier.SCENARIO, overrides={**changes, "search_step": 0.0, "organisations.The Front.control": frontier.LEVELS[3]}),
        seed=frontier.SEED, replicates=count,
    )  # fmt: skip
    assert set(held["control"]) == {frontier.LEVELS[3]}  # Held means held, in every month of every run.
    assert answer["strength"][3] == pytest.approx(mean((held["root_strength_mean"] - own["root_strength_mean"]).to_numpy()), abs=1e-5)
    assert answer["survival"][3][0] == pytest.approx(held["root_survived"].mean() - own["root_survived"].mean(), abs=1e-5)
    assert answer["own"]["control"][0] == pytest.approx(own["control"].mean(), abs=1e-5)
    assert answer["exposure"][3][0] == pytest.approx((1.0 - np.exp(-12.0 * held["detection_rate"])).mean(), abs=1e-5)
    meetings = resolved_parameters(load_scenario(frontier.SCENARIO))["meetings"]
    assert answer["meetings"] == pytest.approx([meetings * level for level in frontier.LEVELS], abs=1e-4)


def test_parts_of_an_answer_add_replicates_to_the_same_ones():
    settings = {**SETTINGS, "remoteness": 1.4}
    quick, more = (frontier.frontier(settings, part) for part in (0, 1))
    width = [[high - low for _, low, high in answer["strength"]] for answer in (quick, more)]
    assert sum(width[1]) < sum(width[0])
    assert frontier.frontier(settings, 0) == quick
    assert frontier._Runs().up_to(settings, 1, lambda: True)[2].tobytes() == frontier._runs.up_to(settings, 1, lambda: True)[2].tobytes()


def test_at_its_defaults_the_frontier_is_the_scenario_as_written():
    changed = load_scenario(frontier.SCENARIO, overrides=frontier.changes_of(SETTINGS))
    assert changed == load_scenario(frontier.SCENARIO)


def test_either_end_of_control_costs_something():
    answer = frontier.frontier(SETTINGS, 1)
    loss, exposure = (np.array(answer[name]) for name in ("loss", "exposure"))
    # The whole interval at least control lies above, or below, the whole interval at most.
    assert loss[0, 1] > loss[-1, 2]
    assert exposure[0, 2] < exposure[-1, 1]


@pytest.mark.parametrize("intelligence", [0.25, 0.55])
def test_less_is_left_at_both_ends_of_control_than_between(intelligence):
    """The level is chosen on one half of the replicates and held against the ends on the other, so that choosing it does not flatter it."""
    _, *held = frontier._runs.up_to({**SETTINGS, "intelligence": intelligence}, 2, lambda: True)
    runs = np.array([world["root_strength_mean"] for world in held])
    chosen, held_out = runs[:, 0::2], runs[:, 1::2]
    best = int(chosen.mean(axis=1).argmax())
    falls = [mean(held_out[end] - held_out[best]) for end in (0, -1)]
    assert all(high < 0.0 for _, _, high in falls), (frontier.LEVELS[best], falls)


def test_where_most_is_left_moves_with_what_contact_gives_away():
    """The better informed the state, the lower the best control (Shapiro 2013)."""
    little, much = (frontier.frontier({**SETTINGS, "intelligence": value})["best"] for value in (0.05, 0.65))
    assert min(little["alike"]) > max(much["alike"])


def test_the_best_level_is_told_with_those_that_cannot_be_told_from_it():
    rng = np.random.default_rng(2)
    noise = rng.normal(0.0, 1.0, 40)
    middle = [10.0 + noise + rng.normal(0.0, 0.1, 40) for _ in range(2)]
    # Levels differ by less than runs do, and pairing tells them apart all the same.
    held = [9.0 + noise, middle[0], middle[1], *(9.5 - k + noise for k in range(5))]
    told = frontier.best_of(held)
    assert told["level"] in frontier.LEVELS[1:3]
    assert told["level"] in told["alike"]
    assert set(told["alike"]) <= set(frontier.LEVELS[1:3])
    assert told["interior"]
    assert told["ends"][0][0] == pytest.approx((held[0] - held[frontier.LEVELS.index(told["level"])]).mean(), abs=1e-4)
    flat = frontier.best_of([noise] * 8)
    assert flat["alike"] == list(frontier.LEVELS)
    assert not flat["interior"]
    assert not frontier.best_of([k + noise for k in range(8)])["interior"]


def test_no_divergence_puts_every_emir_on_the_line():
    world = load_scenario(frontier.SCENARIO, overrides=frontier.changes_of({**SETTINGS, "divergence": 0.0}))
    assert len({(e.agenda, e.belief, e.information) for e in world.emirs}) == 1
    assert resolved_parameters(world)["temptation"] == 0.0


def test_an_answer_that_nobody_waits_for_stops_between_worlds():
    asked = []

    def wanted():
        asked.append(1)
        return len(asked) < 3

    with pytest.raises(Stale):
        frontier.frontier({**SETTINGS, "divergence": 0.7}, 0, wanted)
    assert len(asked) < 2 + len(frontier.LEVELS)


def test_worlds_share_their_draws():
    scenario = load_scenario("dilemma-101")
    one, other = run_worlds([scenario, scenario], 3, 7)
    assert one.tobytes() == other.tobytes()
    (rest,) = run_worlds([scenario], 3, 5, first=2)
    assert rest.tobytes() == one[2:].tobytes()


def test_intervals_hold_the_mean_and_have_a_width_where_all_agree():
    rng = np.random.default_rng(1)
    values = rng.normal(3.0, 1.0, 200)
    middle, low, high = mean(values)
    assert low < middle < high
    assert high - low == pytest.approx(2 * 1.96 / np.sqrt(200), rel=0.15)
    assert share(np.ones(40)) == (1.0, pytest.approx(0.912, abs=0.001), 1.0)


def test_every_question_has_an_answer_that_json_can_hold(book):
    for name, question in (
        ("contents", {}), ("frontier", {}), ("history", {"scenario": "dilemma-101"}),
        ("what-if", {"scenario": "dilemma-101"}), ("pairs", {"scenario": "dilemma-101"}), ("weights", {"scenario": "dilemma-101"}),
        ("opening", {"scenario": "dilemma-101"}),
        ("policy", {"scenario": "dilemma-101", "parts": {"force": 10}}),
        ("policy-file", {"group": "A", "parts": {}}), ("lesson", {"name": "brokers"}),
    ):  # fmt: skip
        json.dumps(book.answer(name, question), allow_nan=False)


@pytest.mark.parametrize(
    ("name", "question", "message"),
    [
        ("weather", {}, "there is no question 'weather'"),
        ("frontier", {"intelligence": 2}, "intelligence is '2'; a number from 0.05 to 0.95 is wanted"),
        ("frontier", {"intelligence": float("nan")}, "a number from"),
        ("frontier", {"divergence": True}, "a number from"),
        ("history", {"scenario": "../../etc/passwd"}, "there is no scenario '../../etc/passwd'; scenarios are"),
        ("history", {"seed": -1}, "seed is '-1'; a whole number from 0 to 4294967295 is wanted"),
        ("history", {"seed": 1.5}, "a whole number"),
        ("what-if", {"scenario": "dilemma-101", "event": 7}, "dilemma-101 has no eighth event; it has 1"),
        ("what-if", {"scenario": "dilemma-101", "event": 0, "shift": 100}, "would leave 2000-01 to 2009-12"),
        ("policy", {"parts": {"force": 11}}, "force is '11'"),
        ("policy", {"parts": {"force": 6, "dialogue": 6}}, "a budget has 10"),
        ("policy", {"parts": {"bribes": 1}}, "there is no policy 'bribes'"),
        ("policy", {"parts": [1]}, "parts are a mapping"),
        ("rule", {"name": "../cli"}, "there is no rule '../cli' to show; rules are control"),
        ("policy-back", {"text": 7}, "text is not a text"),
        ("lesson", {"name": "algebra"}, "there is no lesson 'algebra'; lessons are dilemma"),
    ],
)
def test_what_cannot_be_answered_is_said(book, name, question, message):
    with pytest.raises(BadQuestion) as error:
        book.answer(name, question)
    assert message in str(error.value)


def test_an_allotment_is_the_scenario_file_that_it_is_saved_as(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    parts = {"force": 3, "amnesty": 1, "services": 0, "anti_corruption": 2, "dialogue": 4, "horizon": 0}
    name, text = allotment.scenario_file("dilemma-101", "Gruppe Größe: 1; «2»", parts)
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert main(["check", name]) == 0
    assert main(["run", name, "--replicates", "3", "--json"]) == 0
    assert "dilemma-101-gruppe-groe-1-2" in capsys.readouterr().out
    told = allotment.allotment("dilemma-101", parts, 20)
    runs = outcomes(load_scenario(str(tmp_path / name)), seed=allotment.SEED, replicates=20)
    for outcome in told["outcomes"]:
        assert outcome["with"][0] == pytest.approx(runs[outcome["name"]].mean())
    assert allotment.read_back(text, name) == {"scenario": "dilemma-101", "group": "Gruppe Größe: 1; «2»", "parts": parts}


def test_differences_are_paired_with_the_same_replicates():
    told = allotment.allotment("dilemma-101", {"dialogue": 10}, 30)
    with_, none = (
        outcomes(load_scenario("dilemma-101", overrides=change), seed=allotment.SEED, replicates=30)
        for change in ({"policies": {"budget": 1.0, "dialogue": 1.0}}, {})
    )
    assert told["outcomes"][0]["difference"] == mean((with_["strength_end"] - none["strength_end"]).to_numpy())


def test_nothing_given_out_changes_nothing():
    for outcome in allotment.allotment("dilemma-101", {}, 10)["outcomes"]:
        assert outcome["difference"] == [0.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name: x\n", "f.yaml:1:1: extends: the page reads files that extend a shipped scenario"),
        ("extends: aqim\nname: x\npolicies: {budget: 1, forse: 0.2}\n", "f.yaml:3:23: policies.forse: unknown key 'forse'"),
        ("extends: aqim\nname: x\npolicies: {budget: 3, force: 0.2}\n", "f.yaml:3:11: policies: the page divides a budget of 1 into 10 parts"),
        ("extends: aqim\nname: x\npolicies: {budget: 1, force: 0.25}\n", "into 10 parts"),
        ("extends: aqim\nname: [", "f.yaml:"),
        ("extends: /etc/passwd\nname: x\n", "the page reads files that extend a shipped scenario"),
    ],
)
def test_a_file_that_is_no_allotment_is_told_where_it_is_wrong(text, message):
    with pytest.raises(ScenarioError) as error:
        allotment.read_back(text, "f.yaml")
    assert message in str(error.value)


@pytest.mark.parametrize("scenario", shipped())
def test_an_event_of_magnitude_nought_is_as_good_as_taken_out(scenario):
    from sim.observe.history import run

    written = load_scenario(scenario)
    # Of a long timeline every third: each costs two histories.
    for n in range(0, len(written.timeline), 3 if len(written.timeline) > 8 else 1):
        nought = run(load_scenario(scenario, overrides=(twin.change_of(scenario, n, None),)), 1)
        without = written.model_copy(update={"timeline": [e for k, e in enumerate(written.timeline) if k != n]})
        gone = run(without, 1)
        for table in nought.tables:
            assert nought.tables[table].tobytes() == gone.tables[table].tobytes(), (n, table)


def test_the_page_is_told_what_is_wrong_with_a_file(book):
    assert "f.yaml:1:1: extends" in book.answer("policy-back", {"text": "name: x\n", "file": "f.yaml"})["problem"]


def test_what_if_tells_the_first_difference_and_the_command():
    found = twin.twin("dilemma-101", 0, None, 3, 0)
    first = found["first"]
    assert first is not None
    before, after = found["before"]["lineage"]["strength"], found["after"]["lineage"]["strength"]
    assert before[:first] == after[:first]
    assert found["command"] == "dilemma whatif dilemma-101 --seed 3 --replicate 0 --change timeline.0.magnitude=0"
    assert found["where"]
    moved = twin.twin("dilemma-101", 0, -12, 3, 0)
    assert moved["command"].endswith("--change timeline.0.date=2004-06")
    changed = twin.twin("aqim", 3, None, 1, 0)["changed"]
    assert changed, "some event of both has another size"
    assert all("(now " in event["text"] or "(no longer)" in event["text"] for event in changed)


def test_pairs_are_counted_under_the_same_draws():
    told = pairs.pairs("dilemma-101", 0, None)
    with_, without = (
        outcomes(load_scenario("dilemma-101", overrides=change), seed=pairs.SEED, replicates=pairs.PAIRS)
        for change in ({}, {"timeline.0.magnitude": 0.0})
    )
    for o in told["outcomes"]:
        difference = (without[o["name"]] - with_[o["name"]]).to_numpy()
        assert o["difference"] == pytest.approx(mean(difference.astype(float)), rel=1e-6, abs=1e-9)
        assert (o["more"], o["less"]) == ((difference > 1e-9).sum(), (difference < -1e-9).sum())
    assert told["changed"] >= max(o["more"] + o["less"] for o in told["outcomes"])
    # The pair that is drawn is the middle-sized of those in which there is something to be seen.
    change = (without["strength_mean"] - with_["strength_mean"]).abs().to_numpy()
    assert told["moved"] == (change > 1e-9).sum() > 0
    assert change[told["typical"]] == sorted(change[change > 1e-9])[told["moved"] // 2]
    found = twin.twin("dilemma-101", 0, None, pairs.SEED, told["typical"])
    assert found["first"] is not None
    before, after = (sum(found[name]["lineage"]["strength"][1:]) / found[name]["months"] for name in ("before", "after"))
    assert abs(after - before) == pytest.approx(change[told["typical"]], abs=1.0)


def test_the_weight_of_an_event_is_nought_where_it_changes_nothing(tmp_path):
    path = tmp_path / "mine.yaml"
    event = "{date: 2003-01, event: leader_death, target: The Front, magnitude: 0, label: Nothing}"
    timeline = f"{{replace: [{event}, {event.replace('magnitude: 0, ', '')}]}}"
    path.write_text(f"extends: dilemma-101\nname: mine\ntimeline: {timeline}\n", encoding="utf-8")
    some, none = pairs.weights(str(path))["events"]
    assert none["label"] == "Nothing"
    assert (none["index"], none["weight"], none["changed"]) == (0, 0.0, 0)
    assert some["changed"] > 0
    assert pairs.pairs(str(path), 0, None)["changed"] == 0


def test_an_instructors_own_scenario_is_shown_by_its_name(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("extends: dilemma-101\nname: mine\ntitle: My world\n", encoding="utf-8")
    book = Book([], str(path))
    contents = book.answer("contents", {})
    assert contents["first"] == "mine"
    assert contents["caveat"] == CAVEAT
    assert "My world" in [s["title"] for s in contents["scenarios"]]
    assert book.answer("history", {"scenario": "mine"})["title"] == "My world"
