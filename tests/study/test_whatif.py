"""What if: the same draws with one thing changed."""

from __future__ import annotations

import json

import numpy as np
import pytest

from sim.cli import main
from sim.observe.chronicle import Entry, told
from sim.observe.weight import of_weight
from sim.scenario.load import load_scenario
from sim.study.whatif import NEAR, _side_by_side, both, what_if


def test_nothing_differs_before_the_change_matters():
    found = what_if("aqim", ("timeline.6.magnitude=0",), seed=2)
    entry = found.before.scenario.timeline[6]
    month = (int(entry.date[:4]) - 1998) * 12 + int(entry.date[5:]) - 1
    assert found.first is not None
    assert found.first >= month
    for table, rows in found.before.tables.items():
        # A table ends with the last row that anybody was born into, in either history later on.
        shared = min(rows.shape[1], found.after.tables[table].shape[1])
        assert rows[: found.first + 1, :shared].tobytes() == found.after.tables[table][: found.first + 1, :shared].tobytes()
    assert all(e.month >= found.first for e in (*found.gone, *found.new))


def test_a_row_that_somebody_is_born_into_in_one_history_only_is_set_beside_nobody():
    few, many = np.zeros((2, 1), [("identity", int)]), np.zeros((2, 2), [("identity", int)])
    many["identity"] = [[0, -1], [0, 5]]  # A row of nobody is not nought.
    one, other = _side_by_side(few, many, 1)
    assert one["identity"].tolist() == [0, -1]
    assert other["identity"].tolist() == [0, 5]
    assert [found["identity"].tolist() for found in _side_by_side(many, few, 0)] == [[0, -1], [0, -1]]


@pytest.mark.parametrize("table", ["smuggler", "broker", "emir"])
def test_who_there_is_at_the_start_may_not_change(table):
    kept = [{"name": e.name, "region": e.region, "organisation": e.organisation} for e in load_scenario("dilemma-101").emirs[:-1]]
    change = f"{table}s={json.dumps(kept) if table == 'emir' else '[]'}"
    with pytest.raises(ValueError, match=f"alters how many rows {table} has"):
        what_if("dilemma-101", (change,))


def test_a_change_that_changes_nothing_is_told():
    found = what_if("dilemma-101", ("title=Another",), seed=2)
    assert found.first is None
    assert not found.columns
    assert not found.gone
    assert not found.new
    assert found.outcomes().empty


def test_what_is_gone_and_what_is_new_add_up():
    gone = set()
    for seed in range(4):
        found = what_if("aqim", without=("exit_voice_loyalty",), seed=seed)
        gone |= {e.kind for e in found.gone}
        assert not any(e.kind in ("splinter", "departure", "pledge", "autonomy") for e in found.new)
        assert found.outcomes().loc["fragmentations", "after"] == 0
    # Not every history has one by a group of weight.
    assert gone >= {"splinter", "departure"}


def test_every_major_event_is_in_both_gone_new_or_moved():
    for scenario, change in (
        ("aqim", "organisations.GSPC.control=0.95"),
        ("gia-1990s", "timeline.0.magnitude=0"),
        ("dilemma-101", "percolation=0.9"),
    ):
        found = what_if(scenario, (change,), seed=1)
        weight = of_weight(found.before) | of_weight(found.after)
        before, after = (int(told(h, weight).sum()) for h in (found.before, found.after))
        assert before - len(found.gone) == after - len(found.new) >= len(found.moved)
        assert all(0 < abs(one.month - other.month) <= NEAR and one.kind == other.kind for one, other in found.moved)
        months = [e.month for e in found.new]
        assert months == sorted(months)


def test_a_leader_who_dies_at_another_time_dies_at_another_time():
    found = what_if("dilemma-101", ("timeline.0.date=2005-01",), seed=3)
    (death,) = [pair for pair in found.moved if pair[0].kind == "succession"]
    assert [entry.date for entry in death] == ["2005-06", "2005-01"]


def test_either_engine_tells_the_same():
    one = what_if("dilemma-101", ("percolation=0.9",), seed=3)
    other = what_if("dilemma-101", ("percolation=0.9",), seed=3, engine="mesa")
    assert (one.first, one.columns, one.gone, one.new, one.moved) == (other.first, other.columns, other.gone, other.new, other.moved)


def test_spans_that_differ_cannot_be_set_side_by_side():
    with pytest.raises(ValueError, match="side by side"):
        what_if("dilemma-101", ("end=2008-12",))


def test_the_verb(capsys):
    assert main(["whatif", "aqim", "--seed", "1", "--change", "organisations.GSPC.control=0.95"]) == 0
    text = capsys.readouterr().out
    assert "first differ in 1998-01" in text
    assert main(["whatif", "aqim"]) == 2
    assert "--change" in capsys.readouterr().err


def test_an_event_of_both_in_another_size_is_told_once():
    found = what_if("aqim", without=("war-in-iraq",), seed=1)
    ended = [pair for pair in found.changed if pair[0].kind == "ending"]
    assert ended, "this history has one, by another leader elsewhere"
    for one, other in found.changed:
        assert (one.month, one.kind) == (other.month, other.kind)
        assert one.text != other.text
        assert one not in found.gone
        assert other not in found.new
    # Nobody ends twice: who ends in both in one month is neither gone nor new.
    ends = [{(e.month, e.text.partition(" ended")[0]) for e in entries if e.kind == "ending"} for entries in (found.gone, found.new)]
    assert not ends[0] & ends[1]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("The Watch ended in politics, once 43 strong.", "The Watch ended in politics, once 50 strong.", "once 43 (now 50) strong."),
        ("It ended, once 43.", "It ended, once 50.", "once 43. (now 50.)"),
        ("Four went along.", "Four went along gladly.", "Four went along. (now along gladly.)"),
        ("A and B and C.", "A and C.", "A and B and (no longer) C."),
    ],
)
def test_what_differs_in_an_event_stands_beside_what_was(before, after, told):
    assert both(Entry("2000-01", 0, "ending", before), Entry("2000-01", 0, "ending", after)).endswith(told)
