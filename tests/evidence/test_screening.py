"""Screening: what is moved moves something, what is inert says so of its least value too."""

from sim.evidence import screening


def test_what_moves_nothing_is_tried_at_its_least_and_stands_first(monkeypatch):
    monkeypatch.setattr(screening, "HISTORIES", ("dilemma-101",))
    inert, strong = screening.screen(("raid_size", "policy_force_gain"), replicates=60)
    assert (inert.name, inert.moved, inert.least) == ("policy_force_gain", 0, True), "no policy, no effect"
    assert (strong.name, strong.least, strong.history) == ("raid_size", False, "dilemma-101")
    assert strong.moved > 0
    assert strong.effect != 0.0
