"""Statistics of a history: each kind by hand, errors with addresses, and rounding that takes a last bit away."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from sim.evidence.statistics import StatisticSpec, canonical, measured, needs, observed, statistic

YEARS = {
    "strength@2000": np.array([100.0, 0.0]), "strength@2001": np.array([80.0, 0.0]),
    "attacks@2000": np.array([4.0, 0.0]), "attacks@2001": np.array([9.0, 0.0]),
    "attacks_outside@2000": np.array([1.0, 0.0]), "attacks_outside@2001": np.array([3.0, 0.0]),
}  # fmt: skip


def spec(**more: Any) -> StatisticSpec:
    return StatisticSpec(**{"fact": "f", "of": ["attacks"], "year": 2001, "value": 0.0, **more})


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ({"of": ["strength"]}, [80.0, 0.0]),
        ({"of": ["strength", "attacks"]}, [89.0, 0.0]),
        ({"of": ["strength"], "scale": "log"}, [math.log(81.0), 0.0]),
        ({"kind": "sum", "since": 2000}, [13.0, 0.0]),
        ({"kind": "share", "of": ["attacks_outside"], "over": ["attacks"], "since": 2000}, [4.0 / 13.0, 0.0]),
        ({"kind": "ratio", "against": [2000, 2000]}, [2.0, 1.0]),
        ({"kind": "ratio", "against": [2000, 2000], "scale": "log"}, [math.log(2.0), 0.0]),
        ({"kind": "years", "since": 2000, "least": 5}, [1.0, 0.0]),
    ],
)
def test_each_kind(more: dict[str, Any], found: list[float]) -> None:
    assert needs(spec(**more)) == []
    assert statistic(spec(**more), YEARS).tolist() == pytest.approx(found, abs=1e-5)


def test_what_was_observed_is_on_the_same_scale() -> None:
    values = observed([spec(value=80.0, scale="log"), spec(kind="ratio", against=[2000, 2000], value=2.0, scale="log"), spec(value=3.0)])
    assert values.tolist() == pytest.approx([math.log(81.0), math.log(2.0), 3.0], abs=1e-5)


def test_a_statistic_says_what_it_looks_at() -> None:
    one = spec(kind="share", of=["attacks_outside"], over=["attacks"], since=2000)
    assert set(one.columns) == {"attacks_outside@2000", "attacks@2000", "attacks_outside@2001", "attacks@2001"}
    assert spec(kind="ratio", against=[1998, 1999]).years == [2001, 1998, 1999]


def test_what_a_kind_needs_is_told() -> None:
    assert [key for key, _ in needs(spec(kind="share"))] == ["over"]
    assert [key for key, _ in needs(spec(since=2000))] == ["since"]
    assert [key for key, _ in needs(spec(kind="sum", least=3.0))] == ["least"]
    assert [key for key, _ in needs(spec(kind="ratio", against=[2001, 2000]))] == ["against"]


def test_errors_are_those_of_the_history_and_the_fact() -> None:
    facts = [spec(error=0.5), spec(fact="g", of=["strength"], error=2.0)]
    both = measured(facts, YEARS, np.array([0, 7]), seed=3)
    alone = measured(facts[1:], {k: v[1:] for k, v in YEARS.items()}, np.array([7]), seed=3)
    assert alone[0, 0] == both[1, 1]
    many = {k: np.full(4000, v[0]) for k, v in YEARS.items()}
    errors = measured(facts, many, np.arange(4000), seed=3) - [9.0, 80.0]
    assert errors.std(axis=0) == pytest.approx([0.5, 2.0], rel=0.05)
    assert abs(np.corrcoef(errors.T)[0, 1]) < 0.06


def test_a_last_bit_is_rounded_away() -> None:
    x = np.array([0.1, 123.456, -7e-9, 0.0])
    assert (canonical(np.nextafter(x, np.inf)) == canonical(x))[:3].all()
    assert np.abs(canonical(x) - x).max() < 1e-4
