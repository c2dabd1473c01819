"""Stylised facts: verdicts by their rules, tails planted and found, every fact told once it can be, and the command that tells them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.image import imread

from sim.cli import main
from sim.evidence.following import ATTACK_DEATHS, Followed, follow
from sim.evidence.levels import OBSERVED, read_levels
from sim.evidence.life_courses import STARTS, Population
from sim.evidence.sampling import Sampling, Spread
from sim.evidence.stylised import Fact, _severity, _x_min, facts, levels_of, sampling
from sim.evidence.trials import Trials, trials
from sim.show.population_figure import figure, groups, tables, text

SMALL = Population(settings=6, years=32, burn_in=8)


@pytest.fixture(scope="module")
def followed() -> Followed:
    return follow(SMALL, (0, 1), threads=2)


@pytest.fixture(scope="module")
def tried() -> Trials:
    return trials(SMALL, 10, threads=1)


def spread(low: float, high: float) -> Spread:
    return Spread((low + high) / 2.0, low, high, low, high, np.zeros(1))


@pytest.mark.parametrize(
    ("fact", "verdict"),
    [
        (Fact(1, "", spread(0.1, 0.2), "1", gate=True), "shown"),
        (Fact(1, "", spread(-0.2, -0.1), "1", gate=True), "contrary"),
        (Fact(1, "", spread(-0.1, 0.2), "1", gate=True), "not shown"),
        (Fact(1, "", spread(0.1, 0.2), "1"), "reported"),
        (Fact(1, "", spread(0.1, 0.2), "1", observed=(0.2, 0.3)), "met"),
        (Fact(1, "", spread(0.1, 0.2), "1", observed=(0.21, 0.3)), "missed"),
        (Fact(1, "", Spread(0.1, 0.1, 0.1, 0.0, 0.25, np.zeros(1)), "1", observed=(0.2, 0.3)), "met"),
        (Fact(1, "", spread(np.nan, np.nan), "1", gate=True), "not shown"),
    ],
)
def test_a_verdict_follows_from_interval_and_range(fact: Fact, verdict: str) -> None:
    assert fact.verdict == verdict


def attacks(deaths: np.ndarray) -> Followed:
    """Return a population of ten settings whose groups made these attacks, and of which nothing else is known."""
    known = np.minimum(deaths, ATTACK_DEATHS).astype(int)
    parts = [np.bincount(part, minlength=ATTACK_DEATHS + 1) for part in np.array_split(known, 10)]
    return Followed(None, 1, None, None, None, None, np.stack(parts), None, None, {})  # type: ignore[arg-type]


def test_a_planted_power_law_is_found_and_told_from_a_geometric_law() -> None:
    rng = np.random.default_rng(3)
    body, tail = rng.integers(0, 6, 30_000), np.floor(5.5 * rng.random(20_000) ** (-1.0 / 1.6) + 0.5)
    heavy = attacks(np.concatenate([body, tail[tail < 500]]))
    assert 5 <= _x_min(heavy.attacks.sum(axis=0)) <= 8
    exponent, better = list(_severity(heavy, Sampling(10, 1, 10)))
    # The cut at five hundred deaths makes it a little steeper.
    assert exponent.spread.value == pytest.approx(2.6, abs=0.15)
    assert better.spread.low > 0.0
    _, light = list(_severity(attacks(rng.geometric(0.05, 40_000)), Sampling(10, 1, 10)))
    assert light.spread.high < 0.0


def test_every_fact_that_a_population_can_tell_is_told(followed: Followed, tried: Trials) -> None:
    found = facts(followed, tried, sampling(followed))
    assert [f.number for f in found] == sorted(f.number for f in found)
    assert {f.number for f in found} == {*range(1, 18)} - {8}
    assert {f.number for f in found if f.observed is not None} == {1, 3, 5}
    assert len({f.says for f in found}) == len(found)
    for fact in found:
        if np.isfinite(fact.spread.low):
            assert fact.spread.low - 1e-9 <= fact.spread.value <= fact.spread.high + 1e-9 or fact.number in (3, 16)


def test_levels_are_those_that_are_read_without_following(followed: Followed) -> None:
    found = levels_of(followed, sampling(followed))
    assert list(found) == list(STARTS)
    for rule in STARTS:
        for level in read_levels(followed.courses, rule):
            assert found[rule][level.name].value == pytest.approx(level.value, nan_ok=True)


def test_figure_text_and_tables_hold_every_fact(followed: Followed, tried: Trials) -> None:
    s = sampling(followed)
    levels, found = levels_of(followed, s), facts(followed, tried, s)
    drawn = figure(followed, s, levels, found)
    assert [len(part.axes) for part in drawn.subfigs] == [3, 1]
    told = text(followed, found, len(tried.removals.age))
    assert all(fact.says in told for fact in found)
    # Headings, what they mean, and numbers as people write them.
    assert all(word in told for word in ("verdict  ", "reported: ", "shown, contrary, not shown: ", "value", "95 % interval", "observed"))
    lines = told.splitlines()[-len(found) :]
    assert [int(line.split()[0]) for line in lines] == [fact.number for fact in found]
    assert not re.search(r"\de[+-]\d|\+\d|-0\.?0*\b[^.\d]", "\n".join(line[:90] for line in lines))
    by_rule, by_fact = tables(levels, found)
    assert len(by_rule) == len(STARTS) * len(OBSERVED)
    assert len(by_fact) == len(found)
    assert {"seed_0", "seed_1"} <= set(by_rule.columns)
    assert len(groups(followed)) == len(followed.courses.born)
    assert by_fact["verdict"].tolist() == [fact.verdict for fact in found]


def test_the_command_tells_and_writes_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small = ["--settings", "2", "--seeds", "2", "--pairs", "3", "--years", "24", "--burn-in", "2", "--replicates", "2"]
    assert main(["population", *small, "--json", "--out", str(tmp_path)]) == 0
    said = capsys.readouterr()
    told = json.loads(said.out)
    assert {row["fact"] for row in told["facts"]} == set(range(1, 18))
    assert told["provenance"]["seeds"] == [0, 1]
    assert "4 of 4 settings" in said.err
    names = ("facts.csv", "groups.parquet", "levels.csv", "population.png", "population.svg", "population.txt", "provenance.json")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names)
    assert imread(tmp_path / "population.png").std() > 0.05
    assert len(pd.read_csv(tmp_path / "facts.csv")) == len(told["facts"])
    assert json.loads((tmp_path / "provenance.json").read_text(encoding="utf-8")) == told["provenance"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--years", "30"], "leaves 15 after a burn-in of 15; survival to the twentieth year needs 22"),
        (["--set", "founding_rat=0.1"], "did you mean 'founding_rate'?"),
        (["--set", "founding_rate=much"], "a number from"),
        (["--set", "founding_rate=1e9"], "allowed is"),
        (["--seeds", "0"], "--seeds"),
    ],
)
def test_the_command_refuses_what_it_cannot_use(options: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["population", *options]) == 2
    assert said in capsys.readouterr().err
