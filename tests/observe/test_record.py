"""The record: shown beside what the model does, never read by it."""

from __future__ import annotations

import pytest

import sim
from sim.observe.chronicle import as_json, chronicle
from sim.observe.history import KEPT

FACTS = [
    {"date": "2006-01", "what": "The leader dies.", "event": "succession", "source": "Third book"},
    {"date": "2003-02", "until": "2003-05", "what": "It breaks.", "event": "splinter", "who": "The Front", "source": "First book"},
    {"date": "2003-02", "what": "The Front is seen in the Hills.", "who": "The Front", "source": "Second book"},
]


@pytest.fixture(scope="module")
def two():
    return [sim.run(sim.load("dilemma-101", overrides={"record": facts}), seed=1) for facts in (FACTS, [])]


def test_no_rule_reads_it(two):
    known, unknown = two
    for table in KEPT:
        assert known.tables[table].tobytes() == unknown.tables[table].tobytes()
    assert known.log.tobytes() == unknown.log.tobytes()
    assert known.provenance == unknown.provenance


def test_the_chronicle_tells_it_in_braces_in_order_of_time_and_the_rest_as_without_it(two):
    known, unknown = (chronicle(history) for history in two)
    told = [entry for entry in known if entry.kind == "record"]
    assert [(entry.date, entry.text) for entry in told] == [
        ("2003-02", "{What happened to The Front between then and 2003-05: It breaks. (First book)}"),
        ("2003-02", "{What happened: The Front is seen in the Hills. (Second book)}"),
        ("2006-01", "{What happened: The leader dies. (Third book)}"),
    ]
    assert [entry for entry in known if entry.kind != "record"] == unknown
    assert [entry.month for entry in known] == sorted(entry.month for entry in known)
    order = [entry.kind for entry in known if entry.date == "2006-01"]
    assert order.index("record") == sum(kind == "world" for kind in order), "after the world's events, before the group's"


def test_plain_data_hold_it(two):
    data = as_json(two[0])
    assert [fact["source"] for fact in data["record"]] == ["Third book", "First book", "Second book"]
    assert data["record"][1] == {**FACTS[1], "strength": None}
    assert sum(entry["kind"] == "record" for entry in data["chronicle"]) == 3
