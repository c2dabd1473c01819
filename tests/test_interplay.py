"""What the articles insist on between mechanisms and inside a split, on ensembles of histories."""

from __future__ import annotations

import numpy as np
import pytest

from sim.observe.ensemble import clustered_interval
from sim.observe.history import History, run
from sim.world import codes

SCENARIO = "gia-1990s"
"""Where splits with both followers and stayers are many for what a history costs: about one in each."""
HISTORIES = 80


@pytest.fixture(scope="module")
def histories() -> list[History]:
    return [run(SCENARIO, 7, replicate) for replicate in range(HISTORIES)]


def splits(histories: list[History], column: str) -> tuple[np.ndarray, np.ndarray]:
    """Compare those who went along with a split with those who stayed, by a column the month before (``near``: sat where it broke).

    Returns:
        Differences between followers and stayers, one a split that had both, and the history of each.
    """
    differences, clusters = [], []
    for n, history in enumerate(histories):
        e, o = history.tables["emir"], history.tables["organisation"]
        for event in history.log[np.isin(history.log["kind"], (codes.SPLINTER, codes.AUTONOMY, codes.PLEDGE))]:
            t = int(event["month"])
            old = np.flatnonzero(o["identity"][t] == event["organisation"])
            new = np.flatnonzero(o["identity"][t + 1] == event["other"])
            if not len(old) or not len(new):
                continue
            there = (e["alive"][t] == 1) & (e["organisation"][t] == old[0]) & (e["alive"][t + 1] == 1) & (e["identity"][t] != event["actor"])
            went = there & (e["organisation"][t + 1] == new[0])
            stayed = there & (e["organisation"][t + 1] == old[0])
            if went.any() and stayed.any():
                values = (e["region"][t] == event["region"]).astype(float) if column == "near" else e[column][t]
                differences.append(values[went].mean() - values[stayed].mean())
                clusters.append(n)
    return np.array(differences, float), np.array(clusters)


@pytest.mark.parametrize(("column", "sign"), [("divergence", 1), ("faction", 1), ("near", 1)])
def test_a_split_takes_followers_by_what_they_are_not_by_a_coin(histories: list[History], column: str, sign: int) -> None:
    """Those who go along diverge more, stand in the dissident camp more often and sit nearer than those who stay (B; docs/FINDINGS.md)."""
    differences, clusters = splits(histories, column)
    assert len(differences) > 30
    mean, low, high = clustered_interval(differences, clusters)
    assert (low if sign > 0 else -high) > 0.0, f"{column} of followers over stayers: {mean:.3g} [{low:.3g}, {high:.3g}], {len(differences)} splits"


def test_causes_of_a_split_are_shares_and_come_from_what_pushes(histories: list[History]) -> None:
    """Every split carries shares that add up to one; preferences and autonomy weigh more together than hardship and loss of leaders."""
    names = [name for name in histories[0].log.dtype.names or () if name.startswith("cause_")]
    rows = np.concatenate([h.log[np.isin(h.log["kind"], (codes.SPLINTER, codes.AUTONOMY))] for h in histories])
    shares = np.array([[row[name] for name in names] for row in rows])
    assert shares.sum(axis=1) == pytest.approx(np.ones(len(rows)))
    mean = dict(zip(names, shares.mean(axis=0), strict=True))
    assert mean["cause_agenda"] + mean["cause_beliefs"] + mean["cause_autonomy"] > mean["cause_hardship"] + mean["cause_leadership_loss"]
