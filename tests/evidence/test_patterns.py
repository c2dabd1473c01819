"""The battery of claims: that it covers every mechanism, that each contrast compares what it says, and that verdicts follow from intervals."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.cli import main
from sim.evidence.claims import CLAIMS, LESSON, Claim, Contrast, changed, more, off
from sim.evidence.patterns import DERIVED, Pattern, battery, run
from sim.scenario.load import load_scenario, scenario_hash
from sim.scenario.mechanisms import MECHANISMS
from sim.world.outcomes import OUTCOMES

CONTRASTS = [(claim, contrast) for claim in CLAIMS for contrast in claim.contrasts]


def test_every_mechanism_has_a_claim() -> None:
    assert [c.id for c in CLAIMS if c.id.startswith("M")] == [m.id for m in MECHANISMS.values()]
    assert len({c.id for c in CLAIMS}) == len(CLAIMS)
    assert all(c.contrasts and c.source for c in CLAIMS)


@pytest.mark.parametrize(("claim", "contrast"), CONTRASTS, ids=[f"{c.id}-{k}" for k, (c, _) in enumerate(CONTRASTS)])
def test_a_contrast_compares_worlds_that_differ(claim: Claim, contrast: Contrast) -> None:
    """Its worlds can be loaded, no two of them are the same world, and it can come out at zero."""
    known = {name for name, _, _ in OUTCOMES} | set(DERIVED)
    assert all(name in known for _, name, _ in contrast.terms)
    assert contrast.sign in (-1, 1)
    worlds = {world.key(): world for _, _, world in contrast.terms}
    loaded = [load_scenario(w.scenario, overrides=dict(w.changes), without=w.without) for w in worlds.values()]
    assert len({scenario_hash(s) for s in loaded}) == len(worlds)
    weights = sum(weight for weight, _, _ in contrast.terms)
    assert contrast.constant != 0.0 or abs(weights) < 0.2, "without a constant, what is compared must cancel where nothing differs"
    # One thing differs: never a mechanism and a parameter at once.
    if len(worlds) == 2 and contrast.constant == 0.0:
        one, other = worlds.values()
        assert (one.changes == other.changes) or (one.without == other.without)


def claim(*contrasts: Contrast) -> Claim:
    return Claim("M3", "A claim.", "B", contrasts)


def test_verdicts_follow_from_signs_and_intervals() -> None:
    same = changed(LESSON, {"contact_exposure": 0.4})
    stronger = more("strength_end", 1, "recruiting much against little", {"recruitment_rate": 0.12}, {"recruitment_rate": 0.03}, LESSON)
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


def test_threads_do_not_matter() -> None:
    few = [c for c in CLAIMS if c.id in ("M3", "M22")]
    one, two = battery(few, 10, threads=1), battery(few, 10, threads=2)
    assert [p.effects for p in one] == [p.effects for p in two]


def test_derived_outcomes() -> None:
    table = run(LESSON, 5, 0)
    assert DERIVED["reunions"](table).tolist() == (table["mergers"] + table["returns"]).tolist()
    assert set(DERIVED["joined"](table)) <= {0.0, 1.0}
    assert np.isfinite([f(table) for f in DERIVED.values()]).all()


def test_the_command_prints_writes_and_refuses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["patterns", "M3", "--replicates", "20", "--out", str(tmp_path), "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["contrasts"]
    assert [r["claim"] for r in rows] == ["M3"] * 4
    assert rows[0]["verdict"] == "shown"
    assert len(pd.read_csv(tmp_path / "patterns.csv")) == 4
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
