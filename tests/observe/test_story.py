"""A history as prose: nothing left out, nothing added, much told at length and little in a line."""

from __future__ import annotations

import functools
import re
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

import sim
from sim.observe.annals import Year, small_groups_told, years_of
from sim.observe.chronicle import told
from sim.observe.nearest import distance
from sim.observe.sentences import number
from sim.observe.story import MONTHS, QUIET, _strength_told
from sim.observe.summary import ending, opening
from sim.observe.weight import of_weight
from sim.scenario.timeline import month_index
from sim.show.output import WIDTH, closing, others, text
from sim.world import codes

ARISING = (codes.FOUNDING, codes.BROKER_GROUP, codes.ENTERED, codes.SPLINTER, codes.AUTONOMY, codes.PLEDGE)


@functools.cache
def history(name, seed=1, replicate=0):
    return sim.run(name, seed=seed, replicate=replicate)


MANY = [(name, seed, 0) for name in sorted(sim.shipped()) for seed in range(5)]
MANY += [("aqim", 0, 14), ("aqim", 0, 58), ("aqim", 9, 28), ("gia-1990s", 9, 24)]
many = pytest.mark.parametrize("which", MANY, ids=lambda which: "-".join(map(str, which)))


def paragraphs(which):
    return [prose for year in history(*which).story for prose in year.prose]


def called(name):
    """Where a group is told of, and not another whose name ends or begins like it."""
    return re.compile(rf"(?<!Second )(?<!Third )(?<!\w){re.escape(name)}(?![\w'])", re.IGNORECASE)


def sentences(prose):
    """Sentences of a paragraph; a full stop within one is followed by no capital."""
    return re.split(r"(?<=\.) (?=\S)", prose)


@pytest.mark.parametrize("name", sorted(sim.shipped()))
def test_every_sentence_begins_with_a_capital_and_ends_with_a_stop(name):
    for seed in (1, 2):
        h = history(name, seed)
        for prose in [opening(h), ending(h), *(p for year in h.story for p in year.prose)]:
            for words in sentences(prose):
                assert re.match(r"[A-Z0-9]", words), words
                assert words.endswith("."), words
                assert "  " not in words, words


@pytest.mark.parametrize("name", ["aqim", "gia-1990s", "northern-mali-2012"])
def test_every_event_that_is_told_stands_in_its_year_with_its_month_and_whom_it_befell(name):
    h = history(name)
    prose = {year.year: " ".join(year.prose) for year in h.story}
    events = h.log[told(h, of_weight(h))]
    assert len(events) > 5
    for event in events:
        t = int(event["month"])
        here = prose[h.date(t)[:4]].lower()
        spans = re.findall(rf"offers from ({'|'.join(MONTHS)}) to ({'|'.join(MONTHS)})", prose[h.date(t)[:4]])
        within = any(MONTHS.index(first) <= int(h.date(t)[5:]) - 1 <= MONTHS.index(last) for first, last in spans)
        assert MONTHS[int(h.date(t)[5:]) - 1].lower() in here or "month" in here or (event["kind"] == codes.OFFER and within)
        for who in (int(event["organisation"]), int(event["other"])):
            if who >= 0 and event["kind"] != codes.BRAND_CHANGE:
                assert h.names.told(who, t).lower() in here


def test_a_year_in_which_much_happens_has_paragraphs_and_a_quiet_one_has_one():
    h = history("aqim")
    weight = of_weight(h)
    one_by_one = told(h, weight) | ((h.log["kind"] == codes.MEANS_CHANGE) & (h.log["organisation"] == h.focus))
    counts = {
        year.date[:4]: int(((h.log["month"] >= year.first) & (h.log["month"] <= year.last) & one_by_one).sum()) for year in years_of(h, one_by_one)
    }
    lengths = {True: [], False: []}
    for year in h.story:
        quiet = counts[year.year] <= QUIET
        assert len(year.prose) <= (1 if quiet else 2)
        lengths[quiet].append(len(" ".join(year.prose)))
    assert all(lengths.values())
    assert np.mean(lengths[True]) < 0.6 * np.mean(lengths[False])


def test_what_is_counted_by_the_year_is_all_that_is_not_told_one_by_one():
    h = history("aqim")
    one_by_one = told(h, of_weight(h))
    years = list(years_of(h, one_by_one))
    assert sum(y.arose for y in years) == (~one_by_one & (h.log["kind"] == codes.FOUNDING)).sum()
    assert sum(y.ended + y.brief for y in years) == (~one_by_one & (h.log["kind"] == codes.ENDING)).sum()
    assert [y.first for y in years][1:] == [y.last + 1 for y in years][:-1]
    assert years[0].first == 0
    assert years[-1].last == h.months - 1


@pytest.mark.parametrize(
    ("arose", "brief", "ended", "words"),
    [
        (3, 3, 0, "Three small local groups arose and were gone within the year."),
        (1, 1, 0, "One small local group arose and was gone within the year."),
        (3, 1, 2, "Three small local groups arose, one of them gone within the year, and two older ones ended."),
        (2, 0, 1, "Two small local groups arose and one older one ended."),
        (0, 0, 1, "One small local group ended."),
        (0, 0, 0, ""),
    ],
)
def test_small_groups_are_summed_up(arose, brief, ended, words):
    assert small_groups_told(Year("2001-12", 0, 11, 10.0, 1, 0, Counter(), arose, brief, ended)) == words


def test_the_opening_and_the_end_say_what_the_tables_have():
    fates = set()
    for name, seeds in (("aqim", range(1, 4)), ("gia-1990s", range(1, 9))):
        for seed in seeds:
            h = history(name, seed)
            first, last = opening(h), ending(h)
            e, o = h.tables["emir"], h.tables["organisation"]
            here = [(e[t]["alive"] == 1) & (o[t]["lineage"][e[t]["organisation"]] == h.focus) for t in (0, -1)]
            start, end = (float(e[t]["strength"][mine].sum()) for t, mine in zip((0, -1), here, strict=True))
            assert f"stood with {start:,.0f} people" in first
            assert f"ended with {number(round(end)) if end > 0.0 else 'none'}" in last
            root = o[-1][o[-1]["identity"] == h.focus][0]
            survived, stands = bool(h.outcomes["survived"]), bool(root["alive"])
            fates.add((survived, stands))
            assert ("still stood" in last) == stands
            assert ("and of a lineage that went on without it" in first) == (survived and not stands)
            own = o[-1]["identity"][(o[-1]["lineage"] == h.focus) & (o[-1]["peak"] > 0.0)]
            splits = int((np.isin(h.log["kind"], (codes.SPLINTER, codes.AUTONOMY, codes.PLEDGE)) & np.isin(h.log["organisation"], own)).sum())
            assert ("roups broke from it by" in last) == (splits > 1)
            assert ("ne group broke from it, a " in last) == (splits == 1)
            assert f"its distance is {distance(h).value:.2f}" in last
    assert len(fates) > 1, "there are histories of several kinds among these"


def test_where_there_is_no_record_no_distance_is_told():
    assert "distance" not in ending(history("dilemma-101"))


def test_the_page_is_wrapped_marks_what_is_given_and_what_the_sources_say_and_has_every_fact_and_event():
    h = history("aqim")
    page = text(h)
    assert all(len(line) <= WIDTH for line in page.splitlines())
    flat = re.sub(r"\s+", " ", page)
    assert all(fact.what.rstrip(".") in flat for fact in h.scenario.record)
    assert all(entry.label in flat for entry in h.scenario.timeline)
    assert flat.count("{Record: ") == len({fact.date[:4] for fact in h.scenario.record})
    assert flat.count("[Given: ") == len({entry.date[:4] for entry in h.scenario.timeline})


def test_the_closing_lines_tell_every_organisation_of_weight_and_count_small_groups():
    h = history("aqim")
    lines = closing(h).splitlines()
    rows = lines[lines.index("What became of them:") + 1 :]
    assert re.search(r"\d+ other groups: \d+ stand, \d+ are gone", rows[-1])
    assert len(rows) == len(of_weight(h).all) + 1 < len(h.ever())
    for row in h.lineages().to_dict("records"):
        mine = [line for line in rows if line.startswith(f"  {row['organisation']} (")]
        if mine and not row["end"]:
            assert f"stands with {row['strength_end']:,.0f};" in mine[0]


def test_a_trend_that_goes_on_is_not_told_in_the_same_words():
    h = history("dilemma-101")
    shrinking = [Year(f"{2001 + k}-12", 12 * k, 12 * k + 11, 100.0 * 0.9 ** (k + 1), 3, 0, Counter(), 0, 0, 0) for k in range(4)]
    told = [_strength_told(h, year, year.strength / 0.9, k) for k, year in enumerate(shrinking)]
    assert [words.partition(",")[0] for words in told] == ["The lineage shrank a little", "The lineage went on shrinking"] * 2
    assert "90 in three katibas" in told[0]
    assert "down from 100" in _strength_told(h, shrinking[-1], 100.0, 0)
    gone = Year("2009-12", 108, 119, 0.0, 0, 0, Counter(), 0, 0, 0)
    assert _strength_told(h, gone, 10.0, 0) == "At the year's end nothing of the lineage stood."
    assert _strength_told(h, gone, 0.0, 0) == ""


@many
def test_no_sentence_leaves_open_whom_it_is_about(which):
    for prose in paragraphs(which):
        assert not re.search(r"(^|[.:] )(It|Its|They|Their)\b", prose), prose


def test_after_a_sentence_about_another_group_the_followed_one_is_named():
    prose = " ".join(paragraphs(("aqim", 4, 0)))
    assert re.search(r"the Self-defence groups took up arms around Central Mali, 300 strong\. The lineage of (GSPC|AQIM) ", prose)


@many
def test_time_does_not_run_backwards_within_a_paragraph(which):
    for prose in paragraphs(which):
        months = [MONTHS.index(month) for month in re.findall(rf"\b({'|'.join(MONTHS)})\b", prose)]
        assert months == sorted(months), prose


@many
def test_nothing_is_told_of_a_group_before_it_arises(which):
    h = history(*which)
    prose = " ".join(paragraphs(which))
    for event in h.log[told(h, of_weight(h)) & np.isin(h.log["kind"], ARISING)]:
        new = int(event["organisation"] if event["kind"] in ARISING[:3] else event["other"])
        first = called(h.names.told(new, int(event["month"]))).search(prose)
        sentence = prose[prose.rfind(". ", 0, first.start()) + 1 : first.end() + 60]
        assert re.search(r"arose|raised a group|took up arms|founded the|claimed autonomy|pledged", sentence), sentence


@many
def test_more_is_heard_of_whom_it_is_promised(which):
    prose = " ".join(paragraphs(which))
    for promise in re.finditer(r"of which more was to be heard: ([^.]*)\.", prose):
        for name in re.findall(r"the ((?:\w+ )?(?:Band|Movement|Watch) of (?:the )?\w+ \w+) among", promise[1]):
            assert called(name).search(prose, promise.end()), name


def test_the_promise_is_made_where_it_is_true():
    assert any("more was to be heard" in prose for seed in range(5) for prose in paragraphs(("aqim", seed, 0)))


@many
def test_every_year_is_covered_and_quiet_ones_share_a_line(which):
    h = history(*which)
    covered = []
    for year in history(*which).story:
        first, _, last = year.year.partition("-")
        assert year.prose
        covered += range(int(first), int(last or first) + 1)
        assert not last or not (year.given or year.record)
    assert covered == list(range(int(h.scenario.start[:4]), int(h.scenario.end[:4]) + 1))


@many
def test_a_policy_is_told_once_until_it_turns_or_has_rested(which):
    told_last = {}
    for year in history(*which).story:
        for prose in year.prose:
            for word, what in re.findall(r"(quieter|bolder|local|global|looser|tighter) (posture|rhetoric|rein) \(", prose):
                before, when = told_last.get(what, ("", 0))
                assert before != word or int(year.year) - when >= 2, prose
                told_last[what] = word, int(year.year)


@many
def test_sentences_of_one_month_share_it(which):
    for prose in paragraphs(which):
        begun = re.findall(rf"(?:^|\. )In ({'|'.join(MONTHS)}) (?!too)", prose)
        assert all(a != b for a, b in pairwise(begun)), prose


@many
def test_the_end_counts_everybody_who_joined_the_global_brand(which):
    h = history(*which)
    last = ending(h)
    words = re.search(r"[^.]*global brand[^.]*\.", last)[0]
    joined = 0
    for part in words.split(";"):
        several = re.search(r"(\w+) (?:organisations joined|groups \()", part)
        count = ["four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
        if several:
            joined += count.index(several[1]) + 4 if several[1] in count else int(several[1])
        else:
            joined += len(re.findall(rf"\((?:{'|'.join(MONTHS)}) \d{{4}}\)", part))
    assert joined == (h.log["kind"] == codes.BRAND_CHANGE).sum()


def test_what_is_given_to_a_group_that_is_gone_finds_nobody():
    missed = 0
    for seed in range(5):
        h = history("gia-1990s", seed)
        given = " ".join(words for year in history("gia-1990s", seed).story for words in year.given)
        ais = next(row for row in h.lineages().to_dict("records") if row["organisation"] == "AIS")
        for entry in h.scenario.timeline:
            if "the AIS" in entry.label:
                gone = ais["end"] != "" and month_index(h.scenario, ais["end"]) < month_index(h.scenario, entry.date)
                said = re.search(rf"{entry.label} \([^)]*\)\.( It finds nobody of AIS any more: in this history AIS )?", given)
                assert bool(said[1]) == gone
                missed += gone
    assert missed > 1


def test_an_organisation_without_a_leader_has_no_leadership_that_chooses():
    for year in history("aqim", 0, 58).story[:1]:
        assert "nobody followed before the end" in year.prose[0]
        assert "leadership of" not in year.prose[0]
        assert "and it was accepted" in year.prose[0]


def test_a_fall_is_told_with_what_the_tables_have_of_it():
    h = history("gia-1990s", 0)
    prose = next(year for year in history("gia-1990s", 0).story if year.year == "1994").prose[0]
    o = h.tables["organisation"]
    row = np.flatnonzero(o["identity"][-1] == h.focus)[0]
    split = h.log[(h.log["kind"] == codes.SPLINTER) & (h.log["organisation"] == h.focus) & (h.log["month"] == 18)][0]
    # Nobody had left of late, so that the tally is what the month brought.
    assert o["lost_to_exit"][18, row] == 0.0
    home = round(float(o["lost_to_exit"][19, row]) - float(split["amount"]))
    assert home > 2000
    assert f"nine more katibas went over, but {home:,} of the people of GIA went home" in prose
    assert re.search(r"down from 2,911 \(lost: \d+% in splits and departures, \d+% by going home\)", prose)


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        ([""], "1 other group, which stands; at most 3"),
        (["2001-02"], "1 other group, which is gone; at most 3"),
        (["", ""], "2 other groups: all stand; the largest of these had at most 3"),
        (["2001-02"] * 3, "3 other groups: all are gone; the largest of these had at most 3"),
        (["", "2001-02", "2001-02"], "3 other groups: 1 stands, 2 are gone; the largest of these had at most 3"),
        (["", "", "2001-02"], "3 other groups: 2 stand, 1 is gone; the largest of these had at most 3"),
    ],
)
def test_the_others_are_counted_in_number_and_without_nothing(ends, words):
    assert others([{"end": end, "peak_strength": 3.0} for end in ends]) == words
