"""Whom a history is told of: of a hundred local groups those that matter, by one rule for text and pictures."""

from __future__ import annotations

import functools

import pytest

import sim
from sim.classroom.playback import playback
from sim.observe.chronicle import chronicle, told
from sim.observe.weight import MOST_SHOWN, WEIGHTY, of_weight, shown
from sim.world import codes
from sim.world.build import identity


@functools.cache
def history(name, seed=1):
    return sim.run(name, seed=seed)


@pytest.mark.parametrize("name", sorted(sim.shipped()))
def test_whoever_is_large_named_or_of_the_lineage_has_weight_and_nobody_else_without_dealings_with_it(name):
    h = history(name)
    weighty, fates, events, violence = of_weight(h).all, h.fates(), h.events(), h.violence()
    lineage = set(fates[fates["followed"]]["organisation_id"])
    assert lineage <= of_weight(h).near
    assert not of_weight(h).near & of_weight(h).far
    assert lineage <= weighty
    assert set(fates[fates["peak_strength"] >= WEIGHTY]["organisation_id"]) <= weighty
    assert {o for o in fates["organisation_id"] if h.names.all_names(o)[0] in {x.name for x in h.scenario.organisations}} <= weighty
    met = events[events["event"].isin(["alliance made", "merger", "return"])][["organisation_id", "other_id"]].to_numpy().tolist()
    met += violence[violence["kind"] == "non-state"][["by_id", "against_id"]].to_numpy().tolist()
    dealt = {who for pair in met if set(pair) & lineage for who in pair}
    assert dealt <= weighty
    named = {x.name for x in h.scenario.organisations}
    for fate in fates.to_dict("records"):
        who = fate["organisation_id"]
        by_right = fate["followed"] or fate["peak_strength"] >= WEIGHTY or who in dealt or h.names.all_names(who)[0] in named
        assert (who in weighty) == by_right


@pytest.mark.parametrize("name", sorted(sim.shipped()))
def test_a_picture_shows_families_whole_and_no_more_than_it_has_room_for(name):
    h = history(name)
    rows, last, weighty = shown(h), h.tables["organisation"][-1], of_weight(h).all
    assert len(rows) == len(set(rows)) <= MOST_SHOWN
    assert last["identity"][rows[0]] == h.focus
    named = {h.names.all_names(int(last["identity"][i]))[0] for i in rows}
    assert {o.name for o in h.scenario.organisations if _stood(h, o.name)} <= named
    for k, i in enumerate(rows):
        assert last["parent"][i] < 0 or int(last["parent"][i]) in rows[:k], "parents stand before their children"
    stems = {int(last["parent"][i]) for i in rows}
    assert all(int(last["identity"][i]) in weighty or i in stems for i in rows)
    if len(weighty) <= MOST_SHOWN // 2:
        assert weighty <= {int(last["identity"][i]) for i in rows}, "where there is room, all of weight are shown"


def test_text_and_playback_count_whom_they_do_not_name():
    h = history("aqim")
    ever, rows = h.ever(), shown(h)
    assert len(ever) > 3 * MOST_SHOWN, "a history with many local groups"
    played = playback(h)
    assert len(played["organisations"]) == len(rows) + 1
    assert played["organisations"][-1]["names"] == [f"{len(ever) - len(rows)} other groups"]
    weight = of_weight(h)
    untold = {h.names.of(int(h.tables["organisation"][-1]["identity"][i])) for i in ever} - {h.names.of(who) for who in weight.all}
    page = chronicle(h)
    by_name = [e for e in page if e.kind not in ("world", "record", "year")]
    assert not [e for e in by_name if e.kind in ("founding", "ending", "succession") and any(f" {name} " in f" {e.text} " for name in untold)]
    founded = h.log[h.log["kind"] == codes.FOUNDING]
    arose = sum(_first_number(e.text, "arose") for e in page if e.kind == "year")
    assert arose == (~told(h, weight) & (h.log["kind"] == codes.FOUNDING)).sum()
    assert arose + sum(e.kind == "founding" for e in page) == len(founded), "every founding is told once, by name or by the year"


def _stood(h, name):
    last = h.tables["organisation"][-1]
    return bool((last["peak"][last["identity"] == identity("organisation", name)] > 0).any())


def _first_number(text, verb):
    words = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    for sentence in text.split(". "):
        if verb in sentence:
            first = sentence.split()[0].lower().replace(",", "")
            return words.index(first) if first in words else int(first)
    return 0
