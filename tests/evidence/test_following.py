"""Groups followed: the same life courses as without following, moments as by hand, a run that stops when it is told."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from sim.evidence.following import _BEFELL, Followed, _happened, _moments, follow
from sim.evidence.life_courses import Population, life_courses
from sim.world import codes
from sim.world.layout import dtype_of

SMALL = Population(settings=4, years=24, burn_in=2)


@pytest.fixture(scope="module")
def followed() -> Followed:
    return follow(SMALL, (0, 1), threads=2)


def test_following_changes_nothing_of_what_is_followed(followed: Followed) -> None:
    alone = life_courses(SMALL)
    first = followed.courses.setting < SMALL.settings
    for name in ("setting", "born", "first_attack", "last_attack", "first_25", "ended", "road", "breakaway"):
        assert (getattr(followed.courses, name)[first] == getattr(alone, name)).all()
    assert (followed.courses.settings, followed.courses.first, followed.courses.last) == (8, 24, 288)


def test_the_result_does_not_depend_on_threads(followed: Followed) -> None:
    again = follow(SMALL, (0, 1), threads=1)
    for name in ("januaries", "losses", "breaks"):
        for one, other in zip(vars(getattr(followed, name)).values(), vars(getattr(again, name)).values(), strict=True):
            assert one.tobytes() == other.tobytes()
    assert followed.attacks.tobytes() == again.attacks.tobytes()


def test_what_befell_a_population_is_counted(followed: Followed) -> None:
    assert tuple(followed.befell) == _BEFELL
    assert all(values.shape == (8,) for values in followed.befell.values())
    assert followed.befell["foundings"].sum() > 0
    assert followed.befell["coup"].sum() > 0
    assert followed.causes[:, 3].sum() == followed.befell["breaks"].sum()
    # Every loss of a group that had struck is one of those that befell.
    assert len(followed.losses.age) <= followed.befell["leaders lost"].sum()
    assert (followed.losses.recent_loss == 1.0).all()


def test_a_moment_is_read_before_it_and_what_came_of_it_after() -> None:
    months, first = 60, 10
    table = np.zeros(3, dtype_of("organisation"))
    table["identity"] = (7, 5, 9)
    table["first_attack"], table["ended"] = (0, 20, -1), (40, -1, -1)
    log = np.zeros(3, dtype_of("log"))
    log["kind"], log["organisation"], log["month"] = (codes.SUCCESSION, codes.SPLINTER, codes.SUCCESSION), (7, 5, 7), (30, 36, 12)
    happened = {name: _happened(log, (kind,), table, months) for name, kind in (("losses", codes.SUCCESSION), ("breaks", codes.SPLINTER))}
    assert np.argwhere(happened["losses"]).tolist() == [[12, 0], [30, 0]]
    kept = np.zeros((5, months + 1, 3))
    kept[0] = np.arange(months + 1)[:, None] * (1, 10, 100)
    kept[4, 31] = 0.5

    def at(month: int, row: int) -> list[float]:
        return _moments(np.array([month]), np.array([row]), table, kept, happened, first, months).T.tolist()

    # Age and size before it; openness in it; a leader lost in it; it ended ten months later, with no break, 29 months before the end.
    assert at(30, 0) == [[30.0, 30.0, 0.0, 0.0, 0.0, 0.5, 1.0, 0.0, 10.0, 0.0, 29.0]]
    assert at(31, 1) == [[11.0, 310.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, -1.0, 1.0, 28.0]]
    # The break of month 36 is recent in it and for two years, and comes of no month but those before it.
    assert [at(month, 1)[0][7] for month in (35, 36, 59)] == [0.0, 1.0, 1.0]
    assert [at(month, 1)[0][9] for month in (35, 36)] == [1.0, 0.0]
    # Before the window, before its first attack, or after its end, a group is at no moment; nor is one that never struck before.
    assert at(9, 0) == at(20, 1) == at(41, 0) == []
    assert at(21, 1)[0][0] == 1.0


def test_it_stops_when_it_is_told_and_leaves_no_thread_behind() -> None:
    before, told = threading.active_count(), []

    def watch(done: int, total: int) -> None:
        told.append((done, total))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        follow(Population(settings=500, years=24, burn_in=2), (0,), threads=2, watch=watch)
    assert told == [(1, 500)]
    assert threading.active_count() == before
