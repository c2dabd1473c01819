"""A history as the browser gets it: nothing lost, nothing invented, the same for both engines."""

from __future__ import annotations

import json

import numpy as np
import pytest

from sim.classroom.playback import map_of, playback
from sim.observe.chronicle import chronicle
from sim.observe.history import run
from sim.scenario.load import load_scenario, shipped


@pytest.fixture(scope="module", params=shipped())
def history(request):
    return run(request.param, seed=1)


@pytest.fixture(scope="module")
def played(history):
    return playback(history)


def series(entry, months, name="strength"):
    values = np.zeros(months + 1)
    values[entry["first"] : entry["first"] + len(entry[name])] = entry[name]
    return values


def test_strength_by_region_and_by_organisation_is_what_the_history_has(history, played):
    e = history.tables["emir"]
    total = np.where(e["alive"] == 1, e["strength"], 0.0).sum(axis=1)
    by_organisation = sum(series(x, played["months"]) for x in played["organisations"])
    by_region = sum(series(x, played["months"]) for x in played["presence"])
    # Rounding, and the half fighter below which nobody is drawn.
    assert np.abs(by_organisation - total).max() <= 0.5 * len(played["organisations"]) + 1e-9
    assert np.abs(by_region - total).max() <= 0.5 * len(played["presence"]) + 1e-9


def test_every_entry_of_the_chronicle_is_there_with_all_its_causes(history, played):
    entries = chronicle(history)
    assert [e["text"] for e in played["chronicle"]] == [e.text for e in entries]
    assert [e["month"] for e in played["chronicle"]] == sorted(e["month"] for e in played["chronicle"])
    assert all(1 <= e["month"] <= played["months"] for e in played["chronicle"])
    for e in played["chronicle"]:
        if e["causes"]:
            assert sum(share for _, share in e["causes"]) == pytest.approx(100, abs=len(e["causes"]))


def test_families_are_whole(played):
    organisations = played["organisations"]
    for k, o in enumerate(organisations):
        assert -1 <= o["parent"] < k  # Parents stand before their children.
        assert -1 <= o["heir"] < len(organisations)
        assert o["first"] + len(o["strength"]) <= played["months"] + 1
    assert organisations[0]["names"][0] == played["focus"]


def test_alliances_and_ties_lie_within_the_history(played):
    for a in played["alliances"]:
        assert 0 <= a["first"] <= a["last"] <= played["months"]
        assert a["one"] != a["other"]
    for tie in played["ties"]:
        assert tie["first"] + len(tie["tie"]) <= played["months"] + 1
        assert 0 < max(tie["tie"]) <= 100
    assert all(len(r["haven"]) == played["months"] + 1 and min(r["haven"]) >= 0 and max(r["haven"]) <= 100 for r in played["regions"])


def test_it_is_small_and_plain(played):
    text = json.dumps(played, allow_nan=False)
    assert len(text) < 1_000_000  # Sent once, and two dozen of them in an exported file.


@pytest.mark.parametrize("name", shipped())
def test_no_two_regions_lie_on_each_other(name):
    places = list(map_of(load_scenario(name)).values())
    for k, one in enumerate(places):
        assert all(0.0 <= x <= 1.0 for x in one)
        assert all(np.hypot(one[0] - other[0], one[1] - other[1]) > 0.03 for other in places[:k])


def test_what_happened_is_played_beside_the_model():
    facts = [
        {"date": "2004-03", "until": "2004-06", "what": "The Front breaks.", "source": "A book"},
        {"date": "2000-01", "what": "The Front begins.", "source": "Another book"},
    ]
    played = playback(run(load_scenario("dilemma-101", overrides={"record": facts}), 1))
    assert played["record"] == [
        {"month": 1, "until": 1, "text": "The Front begins.", "source": "Another book"},
        {"month": 51, "until": 54, "text": "The Front breaks.", "source": "A book"},
    ]
    told = [(e["month"], e["text"]) for e in played["chronicle"] if e["kind"] == "record"]
    assert [month for month, _ in told] == [1, 51]
    assert all("What happened" in text for _, text in told)
    without = playback(run(load_scenario("dilemma-101", overrides={"record": []}), 1))
    assert without["record"] == []
    assert [e for e in played["chronicle"] if e["kind"] != "record"] == without["chronicle"]


def test_both_engines_play_alike():
    assert playback(run("dilemma-101", 2)) == playback(run("dilemma-101", 2, engine="mesa"))
