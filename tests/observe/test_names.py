"""Names and sentences: nobody goes by a number, nobody bears another's name, and a sentence reads as one."""

from __future__ import annotations

import functools
import re

import numpy as np
import pytest

import sim
from sim.observe.chronicle import chronicle, tell
from sim.observe.names import given, ordinal
from sim.observe.weight import of_weight
from sim.show.output import closing
from sim.world import codes
from sim.world.build import identity


@functools.cache
def history(name, seed=1):
    return sim.run(name, seed=seed)


@pytest.mark.parametrize("name", sorted(sim.shipped()))
def test_sentences_begin_with_a_capital_and_nobody_goes_by_a_number(name):
    for seed in (1, 2):
        h = history(name, seed)
        page = chronicle(h)
        assert not [e.text for e in page if e.text[0].islower()]
        told = " ".join([*(e.text for e in page), *(tell(h, event) for event in h.log)])
        assert not re.search(r"\b[0-9a-f]{8}\b", re.sub(r"\b\d+\b", "", told))
        assert "leader of leader of" not in told
        assert not re.search(r"leader of ([\w -]+), leader of \1", told)
        assert not re.search(r"\bone \w+ (have|were|lost their)\b|\b1 \w+ lost their\b", told)


@pytest.mark.parametrize("name", ["aqim", "gia-1990s"])
def test_everybody_bears_a_name_of_his_own(name):
    h = history(name)
    e = h.tables["emir"]
    everybody = {int(who) for who in np.unique(e["identity"][e["alive"] == 1])}
    everybody |= {int(who) for who in np.unique(h.tables["organisation"]["identity"]) if who} | {
        int(who) for who in h.log["actor"][h.log["kind"] == codes.SUCCESSION]
    }
    names = [h.names.of(who) for who in everybody]
    assert len(names) > 50
    assert len(set(names)) == len(names)


def test_whoever_appears_in_two_histories_is_called_alike():
    one, other = history("aqim", 1), sim.run("aqim", seed=1, overrides=("timeline.14.magnitude=0",))
    months = [int(e["month"]) for e in (one.log[one.log["kind"] == codes.FOUNDING])]
    assert months
    both = set(one.log["organisation"][one.log["kind"] == codes.FOUNDING]) & set(other.log["organisation"][other.log["kind"] == codes.FOUNDING])
    assert both
    alike = [one.names.of(int(who)) == other.names.of(int(who)) for who in both]
    assert np.mean(alike) > 0.8, "but for those who share their two words with another"
    assert given(12345) == given(12345) != given(12346)


def test_how_long_an_office_stood_empty_is_told_as_the_tables_have_it():
    seen = 0
    for seed in (1, 2, 3):
        h = history("aqim", seed)
        o = h.tables["organisation"]
        words = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
        for event in h.log[h.log["kind"] == codes.SUCCESSION]:
            row = np.flatnonzero(o[-1]["identity"] == event["organisation"])[0]
            t = int(event["month"])
            empty = 0
            while t + 1 + empty <= h.months and o["vacant"][t + 1 + empty, row] == 1 and o["alive"][t + 1 + empty, row] == 1:
                empty += 1
            text = tell(h, event)
            told = re.search(r"followed after ([\w,]+) months?\.", text)
            if told:
                seen += 1
                assert empty == (words.index(told[1]) if told[1] in words else int(told[1].replace(",", "")))
            elif "at once" in text:
                assert empty == 0
            elif "since" in text:
                assert t + 1 + empty > h.months
            else:
                assert "before the end" in text
                assert o["alive"][t + 1 + empty, row] == 0
    assert seen > 10


def test_where_succession_is_off_the_next_leader_follows_at_once():
    h = sim.run("dilemma-101", seed=1, without=("succession",))
    told = [e.text for e in chronicle(h) if e.kind == "succession"]
    assert told
    assert all("followed at once" in text for text in told)


def test_a_dated_death_says_whom_this_history_lost_by_it():
    died = 0
    for seed in range(1, 9):
        h = history("aqim", seed)
        line = next(e for e in chronicle(h) if "[Sahraoui killed]" in e.text)
        own = h.log[(h.log["organisation"] == identity("organisation", "GSPC")) & (h.log["kind"] == codes.SUCCESSION)]
        struck = own[(own["month"] == line.month) & (own["detail"] == 1)]
        if len(struck):
            died += 1
            assert ("later leader" in line.text) == bool((own["month"] < line.month).any())
        else:
            assert line.text.endswith("then.")
            assert "leader then" in line.text or "there was no GSPC" in line.text
    assert died


def test_what_is_switched_off_is_not_told():
    off = sim.run("aqim", seed=1, overrides=("timeline.0.magnitude=0",))
    label = off.scenario.timeline[0].label
    assert label
    assert any(label in e.text for e in chronicle(history("aqim")) if e.kind == "world")
    assert not any(label in e.text for e in chronicle(off) if e.kind == "world")


def test_an_offer_is_told_with_its_answer():
    told = []
    for name in ("northern-mali-2012", "aqim", "libya-platform", "tunisia-chaambi"):
        for seed in (1, 2, 3):
            h = history(name, seed)
            told += [(tell(h, event), int(event["detail"])) for event in h.log[h.log["kind"] == codes.OFFER]]
    assert told
    assert all(text.endswith("took it." if taken else "refused it.") for text, taken in told)


def test_the_closing_lines_count_small_groups():
    h = history("aqim")
    page = closing(h)
    assert re.search(r"\d+ smaller groups: \d+ stand, \d+ are gone", page)
    assert len(page.splitlines()) == len(of_weight(h).all) + 3 < len(h.ever())


@pytest.mark.parametrize(
    ("n", "word"), [(2, "second"), (10, "tenth"), (11, "11th"), (12, "12th"), (13, "13th"), (21, "21st"), (22, "22nd"), (23, "23rd"), (111, "111th")]
)
def test_ordinals(n, word):
    assert ordinal(n) == word
