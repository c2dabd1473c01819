"""Names: nobody goes by a number, nobody bears another's name, and one event more renames nobody."""

from __future__ import annotations

import functools
import re

import numpy as np
import pytest

import sim
from sim.observe.names import Names, given, in_text, ordinal, plural, possessive
from sim.scenario.identities import identities
from sim.world import codes


@functools.cache
def history(name, seed=1):
    return sim.run(name, seed=seed)


def everybody(h):
    """Identities of all who lived: emirs, organisations, and leaders and fallen of whom only the log tells."""
    e = h.tables["emir"]
    found = {int(who) for who in np.unique(e["identity"][e["alive"] == 1])}
    found |= {int(who) for who in np.unique(h.tables["organisation"]["identity"]) if who}
    return found | {int(who) for who in h.log["actor"][h.log["actor"] >= 0]} | {int(x) for x in h.log["other"][h.log["kind"] == codes.SUCCESSION]}


def named(h, log):
    """Names from a log alone."""
    o = h.tables["organisation"][-1]
    return Names(h.scenario, log, (), dict(zip(o["identity"].tolist(), o["kind"].tolist(), strict=True)))


@pytest.mark.parametrize("name", ["aqim", "gia-1990s", "dilemma-101"])
def test_everybody_bears_a_name_of_his_own_in_words(name):
    h = history(name)
    names = [h.names.of(who) for who in everybody(h)]
    assert len(names) > 10
    assert len(set(names)) == len(names)
    from_scenario = set(identities(h.scenario).values()) | {o.renamed for o in h.scenario.organisations}
    arisen = [n for n in names if n not in from_scenario]
    assert arisen
    assert all(re.fullmatch(r"[A-Z][\w '-]+", n) for n in arisen), "no numbers, no brackets"
    assert not [n for n in arisen if re.search(r"\d", n)]


def test_names_that_the_scenario_gives_stay():
    h = history("aqim")
    for who, name in identities(h.scenario).items():
        assert h.names.all_names(who)[0] == name


def test_the_same_birth_bears_the_same_name_in_another_history():
    one, other = history("aqim", 1), sim.run("aqim", seed=1, overrides=("timeline.14.magnitude=0",))
    both = everybody(one) & everybody(other)
    assert len(both) > 100
    assert sum(one.names.of(who) != other.names.of(who) for who in both) <= 2, "but for who shares his words with another"


def test_what_happens_later_renames_nobody():
    h = history("aqim")
    half = named(h, h.log[: len(h.log) // 2])
    whole = named(h, h.log)
    acting = {int(who) for who in h.log["actor"][: len(h.log) // 2] if who >= 0}
    assert len(acting) > 50
    assert [half.all_names(who)[0] for who in acting] == [whole.all_names(who)[0] for who in acting]


@pytest.mark.parametrize("at", [0, 40, 400])
def test_one_event_more_renames_nobody_but_who_would_have_had_the_newcomers_name(at):
    h = history("aqim")
    before, log = named(h, h.log), h.log
    people = [int(who) for who in np.unique(log["actor"]) if who >= 0]
    rng = np.random.default_rng(at)
    for newcomer in [int(x) for x in rng.integers(2**31, 2**32, 5)]:
        more = np.insert(log, at, log[at])
        more[at]["kind"], more[at]["actor"] = codes.VOICE, newcomer
        after = named(h, more)
        assert after.of(newcomer) == given(newcomer) or given(newcomer) in {before.of(who) for who in people}
        renamed = {who for who in people if before.of(who) != after.of(who)}
        assert all(before.of(who) == after.of(newcomer) for who in renamed)


def test_who_cannot_have_his_first_name_takes_his_next():
    h = history("aqim")
    log = h.log[:2].copy()
    # Two identities that share their first words: their difference is a multiple of the number of names.
    one = 2**31
    other = next(k for k in range(one + 1, one + 50_000) if given(k) == given(one))
    log["actor"], log["kind"], log["organisation"] = (one, other), codes.VOICE, -1
    names = named(h, log)
    assert names.of(one) == given(one)
    assert names.of(other) == given(other, 1) != given(one)
    assert len({given(one, n) for n in range(1000)}) == 1000


def test_a_second_group_of_one_founder_is_his_second_and_a_group_says_what_it_is():
    h = history("aqim")
    arose = h.log[h.log["kind"] == codes.FOUNDING]
    log = np.concatenate([arose[:1], arose[:1]])
    log["kind"], log["other"] = codes.SPLINTER, (77, 78)
    names = named(h, log)
    founder = in_text(names.of(int(log[0]["actor"])))
    assert (names.of(77), names.of(78)) == (f"Company of {founder}", f"Second Company of {founder}")
    arose = h.log[h.log["kind"] == codes.FOUNDING]
    kinds = dict(zip(h.tables["organisation"][-1]["identity"].tolist(), h.tables["organisation"][-1]["kind"].tolist(), strict=True))
    words = {kinds[int(e["organisation"])]: h.names.of(int(e["organisation"])).split(" of ")[0].split()[-1] for e in arose}
    assert words.items() <= {codes.JIHADIST: "Band", codes.REBEL: "Movement", codes.MILITIA: "Watch"}.items()
    assert words


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("GSPC", "GSPC"), ("Notable of Gao", "the Notable of Gao"), ("The old guard", "the old guard"), ("Tuareg rebels", "the Tuareg rebels"),
        ("leader of Tuareg rebels", "the leader of the Tuareg rebels"), ("Zouabri's men", "Zouabri's men"), ("IS in Libya", "IS in Libya"),
        ("Ansar al-Sharia", "Ansar al-Sharia"), ("Algiers and coast", "Algiers and coast"), ("Algerian South", "the Algerian South"),
        ("Northern Mali", "Northern Mali"), ("Rebels of Timbuktu and Gao", "the Rebels of Timbuktu and Gao"), ("Dark Kite", "Dark Kite"),
        ("Company of Dark Kite", "the Company of Dark Kite"), ("Uqba Ibn Nafi", "Uqba Ibn Nafi"), ("El-Para", "El-Para"),
    ],
)  # fmt: skip
def test_what_describes_takes_an_article_and_what_names_takes_none(name, told):
    assert in_text(name) == told


@pytest.mark.parametrize(
    ("n", "word"), [(2, "second"), (10, "tenth"), (11, "11th"), (12, "12th"), (13, "13th"), (21, "21st"), (22, "22nd"), (23, "23rd"), (111, "111th")]
)
def test_ordinals(n, word):
    assert ordinal(n) == word


@pytest.mark.parametrize(
    ("name", "several", "whose"),
    [
        ("the Returned fighters", True, "the Returned fighters'"),
        ("the Tuareg rebels", True, "the Tuareg rebels'"),
        ("Rebels of Kidal", True, "Rebels of Kidal's"),
        ("Zouabri's men", True, "Zouabri's men's"),
        ("AIS", False, "AIS's"),
        ("Sharp Rapids", False, "Sharp Rapids's"),
        ("the Band of Silver Moss", False, "the Band of Silver Moss's"),
        ("the pass", False, "the pass's"),
        ("GIA", False, "GIA's"),
    ],
)
def test_a_name_of_several_is_one_in_the_plural(name, several, whose):
    assert plural(name) == several
    assert possessive(name) == whose
