"""Events as sentences: every kind has words, and a sentence reads as one."""

from __future__ import annotations

import functools
import re

import numpy as np
import pytest

import sim
from sim.observe.chronicle import chronicle
from sim.observe.sentences import ENDED, MEANS, ended, joined, sentence, span, tell, why
from sim.world import codes
from sim.world.build import identity

WORDS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


@functools.cache
def history(name, seed=1):
    return sim.run(name, seed=seed)


def reads_well(text):
    """What is wrong with a sentence, or nothing."""
    wrong = []
    if not re.match(r"[A-Z0-9{\[]", text) or not text.endswith((".", "}", "]", ")")):
        wrong.append("begins in lower case or does not end")
    if "  " in text or " ," in text or ".." in text or " ." in text:
        wrong.append("is not set well")
    if re.search(r"\b[0-9a-f]{8}\b", re.sub(r"\b\d+\b", "", text)):
        wrong.append("calls somebody by a number")
    if re.search(r"leader of the leader|leader of ([\w -]+), leader of \1|\bthe the\b|\b(\w+ \w+), \2,", text):
        wrong.append("doubles its subject")
    if re.search(r"(rebels|fighters|groups)'s|^(The )?[\w-]+ (rebels|fighters|groups) was\b|\bmen was\b", text):
        wrong.append("has a plural that is told of as one")
    if re.search(r"\bone \w+s (moved|lay|folded|lost|arose|ended)\b|\b(1|one) (months|people|katibas|groups|emirs)\b", text):
        wrong.append("has a plural of one")
    if re.search(r"\b(two|three|\d\d+) (month|katiba|emir|group)\b", text):
        wrong.append("has a singular of several")
    return wrong


@pytest.mark.parametrize("name", sorted(sim.shipped()))
def test_every_event_of_every_shipped_history_reads_well(name):
    for seed in (1, 2):
        h = history(name, seed)
        for text in [*(e.text for e in chronicle(h)), *(tell(h, event) for event in h.log)]:
            assert not reads_well(text), text


def test_the_eye_for_bad_sentences_sees_them():
    bad = (
        "leader of X is lost.",
        "Is lost  twice.",
        "The leader of the leader of X fell.",
        "In May two month passed.",
        "After one months it ended.",
        "The Tuareg rebels was broken by force.",
    )
    assert all(reads_well(text) for text in bad)
    assert not reads_well("In May Dark Kite, leader of GSPC, was lost; Red Fox followed after two months.")


@pytest.mark.parametrize("kind", range(len(codes.EVENTS)), ids=codes.EVENTS)
def test_every_kind_of_event_has_words(kind):
    h = history("aqim")
    of_kind = np.flatnonzero(h.log["kind"] == kind)
    entry = h.log[of_kind[0] if len(of_kind) else 0].copy()
    entry["kind"] = kind
    if not len(of_kind):
        # Whom it concerns are people and organisations of this history; which of them is all one here.
        there = np.flatnonzero(h.tables["organisation"][0]["alive"] == 1)
        entry["organisation"], entry["other"] = h.tables["organisation"][0]["identity"][there[:2]]
        entry["region"], entry["amount"], entry["detail"] = 0, 3.0, 0
    text = tell(h, entry)
    assert not reads_well(text), text
    assert len(text.split()) > 4
    assert codes.EVENTS[kind] + ":" not in text, "told in words, not by the name of its kind"


def test_a_kind_without_words_is_an_error_and_endings_and_means_have_theirs():
    h = history("aqim")
    entry = h.log[0].copy()
    entry["kind"] = len(codes.EVENTS)
    with pytest.raises(ValueError, match="has no words"):
        tell(h, entry)
    assert len(ENDED) == len(codes.ENDINGS)
    assert len(MEANS) == len(codes.MEANS)


def test_how_long_an_office_stood_empty_is_told_as_the_tables_have_it():
    seen = 0
    for seed in (1, 2, 3):
        h = history("aqim", seed)
        o = h.tables["organisation"]
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
                assert empty == (WORDS.index(told[1]) if told[1] in WORDS else int(told[1].replace(",", "")))
            elif "at once" in text:
                assert empty == 0
            elif "since" in text:
                assert t + 1 + empty > h.months
            else:
                assert "before the end" in text
                assert o["alive"][t + 1 + empty, row] == 0
    assert seen > 10


def test_how_long_an_alliance_stood_is_told_in_months_and_from_two_years_on_in_years():
    told = {1: "one month", 23: "23 months", 24: "two years", 25: "more than two years", 33: "nearly three years", 167: "nearly 14 years"}
    assert {months: span(months) for months in told} == told


def test_where_succession_is_off_the_next_leader_follows_at_once():
    h = sim.run("dilemma-101", seed=2, without=("succession",))
    told = [e.text for e in chronicle(h) if e.kind == "succession"]
    assert told
    assert all("followed at once" in text for text in told)


def test_a_dated_death_falls_on_whoever_leads_then():
    died = 0
    for seed in range(1, 9):
        h = history("aqim", seed)
        line = next(e for e in chronicle(h) if "[Sahraoui killed]" in e.text)
        assert "falls on whoever leads GSPC then: in this history on " in line.text or "falls on whoever leads AQIM then" in line.text
        own = h.log[(h.log["organisation"] == identity("organisation", "GSPC")) & (h.log["kind"] == codes.SUCCESSION)]
        struck = own[(own["month"] == line.month) & (own["detail"] == 1)]
        if len(struck):
            died += 1
            assert line.text.endswith(f" on {h.names.told(int(struck[0]['other']), line.month)}.")
        else:
            assert "on nobody, for the office is" in line.text
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
    assert all(text.endswith("it was accepted." if taken else "it was refused.") for text, taken in told)


def test_causes_are_told_as_the_log_has_them():
    entry = history("aqim").log[:1].copy()
    for name in entry.dtype.names:
        if name.startswith("cause_"):
            entry[name] = 0.0
    assert why(entry[0]) == ""
    entry["cause_repression"] = 1.0
    assert why(entry[0]) == "repression alone"
    entry["cause_repression"], entry["cause_beliefs"], entry["cause_agenda"] = 0.6, 0.32, 0.08
    assert why(entry[0]) == "repression 60%, beliefs 32%", "shares of less than a tenth are left to the tables"


def test_words_are_joined_and_begin_with_a_capital():
    assert joined(["a"]) == "a"
    assert joined(["a", "b"]) == "a and b"
    assert joined(["a", "b", "c"]) == "a, b and c"
    assert sentence("the GIA ended") == "The GIA ended."


def test_how_several_ended_is_told_of_several():
    assert ended("the Tuareg rebels", codes.BY_FORCE) == "the Tuareg rebels were broken by force"
    assert ended("the Tuareg rebels", codes.BY_RETURN) == "the Tuareg rebels returned to where they came from"
    assert ended("AIS", codes.BY_FORCE) == "AIS was broken by force"
