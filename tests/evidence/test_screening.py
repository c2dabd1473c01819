"""Screening: what is moved moves something, what is inert says so of its least value too."""

from sim.evidence import screening


def test_what_moves_nothing_is_tried_at_its_least_and_stands_first(monkeypatch):
    monkeypatch.setattr(screening, "HISTORIES", ("dilemma-101",))
    inert, bought, strong = screening.screen(("raid_size", "policy_force_gain", "release_rate"), replicates=60)
    assert (inert.name, inert.moved, inert.least, inert.beyond) == ("release_rate", 0, True, True)
    assert (bought.name, bought.least, bought.beyond) == ("policy_force_gain", True, True), "no policy, no headline outcome"
    assert bought.history == "dilemma-101 with policies"
    assert (strong.name, strong.least, strong.history) == ("raid_size", False, "dilemma-101")
    assert strong.moved > 0
    assert strong.effect != 0.0
