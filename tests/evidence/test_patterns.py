"""The battery of claims: that it covers every mechanism, that each contrast compares what it says, and that verdicts follow from intervals."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.cli import main
from sim.evidence.claims import CLAIMS, LESSON
from sim.evidence.contrasts import Claim, Contrast, changed, more, off
from sim.evidence.patterns import DERIVED, Pattern, adjusted, battery, run
from sim.scenario.load import load_scenario, scenario_hash
from sim.scenario.mechanisms import MECHANISMS
from sim.scenario.numbers import estimate
from sim.show.patterns_figure import text
from sim.world.outcomes import OUTCOMES

CONTRASTS = [(claim, contrast) for claim in CLAIMS for contrast in claim.contrasts]


def test_every_mechanism_has_a_claim() -> None:
    assert [c.id for c in CLAIMS if c.id.startswith("M")] == [m.id for m in MECHANISMS.values()]
    assert len({c.id for c in CLAIMS}) == len(CLAIMS)
    assert all(c.contrasts and c.source and c.through for c in CLAIMS)
    assert all(date.fromisoformat(c.written) <= datetime.now(tz=UTC).date() for c in CLAIMS)


@pytest.mark.parametrize(("claim", "contrast"), CONTRASTS, ids=[f"{c.id}-{k}" for k, (c, _) in enumerate(CONTRASTS)])
def test_a_contrast_compares_worlds_that_differ(claim: Claim, contrast: Contrast) -> None:
    """Its worlds can be loaded, no two of them are the same world, it can come out at zero, and it is not about any descendant."""
    known = {name for name, _, _ in OUTCOMES} | set(DERIVED)
    assert all(name in known for _, name, _ in contrast.terms)
    assert contrast.sign in (-1, 1)
    assert not contrast.given or contrast.given in known
    worlds = {world.key(): world for _, _, world in contrast.terms}
    loaded = [load_scenario(w.scenario, overrides=dict(w.changes), without=w.without) for w in worlds.values()]
    assert len({scenario_hash(s) for s in loaded}) == len(worlds)
    weights = sum(weight for weight, _, _ in contrast.terms)
    assert contrast.constant != 0.0 or weights == 0.0, "without a constant, what is compared must cancel where nothing differs"
    # One thing differs: never a mechanism and a parameter at once.
    if len(worlds) == 2 and contrast.constant == 0.0:
        one, other = worlds.values()
        assert (one.changes == other.changes) or (one.without == other.without)


def claim(*contrasts: Contrast) -> Claim:
    return Claim("M3", "A claim.", "B", "2026-11-21", "a rule → another", contrasts)


def test_verdicts_follow_from_signs_and_intervals() -> None:
    same = changed(LESSON, {"title": "The same under another name"})
    none, many = ({"forces.National force.strength": strength} for strength in (0.0, 60000.0))
    stronger = more("strength_end", 1, "no force against a large one", none, many, LESSON)
    upside_down = Contrast(stronger.words, stronger.terms, -1)
    nothing = Contrast("a world against itself, all but", ((1.0, "mergers", LESSON), (-1.0, "mergers", same)), 1)
    found = battery([claim(stronger), claim(upside_down), claim(nothing), claim(stronger, nothing), claim(stronger, upside_down, nothing)], 40)
    assert [p.verdict for p in found] == ["shown", "contrary", "not shown", "not shown", "contrary"]
    assert found[0].effects[0].effect == found[1].effects[0].effect > 0.0


def test_effects_are_paired_means(capsys: pytest.CaptureFixture[str]) -> None:
    contrast = off("M7", "strength_end", 1, "with ties against without", LESSON)
    (pattern,) = battery([claim(contrast)], 30, seed=5)
    on, without = (run(world, 30, 5)["strength_end"] for _, _, world in contrast.terms)
    assert pattern.effects[0].effect == pytest.approx((on - without).mean())
    assert pattern.effects[0].low < pattern.effects[0].effect < pattern.effects[0].high
    assert pattern.effects[0].scale == pytest.approx(on.std(ddof=1))
    about = estimate(pattern.effects[0].effect, pattern.effects[0].low, pattern.effects[0].high, sign=True)
    assert f"with ties against without: predicted +, {about}" in text([pattern])


def test_threads_do_not_matter() -> None:
    few = [c for c in CLAIMS if c.id in ("M3", "M22")]
    one, two = battery(few, 10, threads=1), battery(few, 10, threads=2)
    assert [p.effects for p in one] == [p.effects for p in two]


def test_derived_outcomes() -> None:
    table = run(LESSON, 5, 0)
    assert DERIVED["reunion_rate"](table).tolist() == ((table["mergers"] + table["returns"]) / (table["fragmentations"] + 1)).tolist()
    assert set(DERIVED["joined"](table)) | set(DERIVED["residue"](table)) <= {0.0, 1.0}
    assert np.isfinite([f(table) for f in DERIVED.values()]).all()


def test_the_command_prints_writes_and_refuses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["patterns", "M3", "--replicates", "20", "--out", str(tmp_path), "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["contrasts"]
    asked = next(c for c in CLAIMS if c.id == "M3")
    assert [r["claim"] for r in rows] == ["M3"] * len(asked.contrasts)
    assert {(r["written"], r["through"]) for r in rows} == {(asked.written, asked.through)}
    assert len(pd.read_csv(tmp_path / "patterns.csv")) == len(asked.contrasts)
    assert (tmp_path / "patterns.png").stat().st_size > 10_000
    assert main(["patterns", "M3", "--replicates", "20"]) == 0
    said = capsys.readouterr().out
    assert "M3" in said
    assert said.rstrip().splitlines()[-1].startswith("1 claims: ")
    assert main(["patterns", "M33"]) == 2
    assert "there is no claim 'M33'; claims are M1, M2" in capsys.readouterr().err


def test_a_claim_is_as_good_as_its_worst_contrast() -> None:
    effects = battery([claim(off("M7", "strength_end", 1, "x", LESSON))], 10)[0].effects
    assert Pattern(claim(), effects).verdict == effects[0].verdict


def test_what_differs_only_in_size_does_not_differ_at_equal_size() -> None:
    rng = np.random.default_rng(3)
    small, large = rng.normal(4.0, 1.0, 200), rng.normal(5.0, 1.0, 200)
    noise = rng.normal(0.0, 0.3, (2, 200))
    by_size = [2.0 * large + noise[0], 2.0 * small + noise[1]]
    raw = by_size[0].mean() - by_size[1].mean()
    assert raw > 1.5
    effect, low, high = adjusted(by_size, [large, small], [1.0, -1.0])
    assert low < 0.0 < high
    assert abs(effect) < 0.1
    effect, low, high = adjusted([by_size[0] + 0.5, by_size[1]], [large, small], [1.0, -1.0])
    assert low < 0.5 < high
    assert low > 0.2
    # Where size never varies within a world, nothing can be taken out.
    assert adjusted([np.array([1.0, 3.0]), np.zeros(2)], [np.ones(2), np.zeros(2)], [1.0, -1.0])[0] == 2.0
