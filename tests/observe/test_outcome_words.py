"""What outcomes are called."""

from __future__ import annotations

from sim.observe.outcome_words import LABELS, label_of, named_in
from sim.world.outcomes import OUTCOMES

NAMES = [name for name, _, _ in OUTCOMES]


def test_every_label_is_of_an_outcome_and_no_two_are_the_same():
    assert set(LABELS) <= set(NAMES)
    assert len({label_of(name) for name in NAMES}) == len(NAMES)
    assert not [label_of(name) for name in NAMES if "_" in label_of(name) or not label_of(name)[0].isupper()]
    assert label_of("capture_end") == "Capture at the end"


def test_a_claim_names_what_it_speaks_of():
    assert named_in(
        "Survival is carried by embedding, fragmentation by losses of agency.", ["survived", "fragmentations", "agency_loss", "control"]
    ) == [
        "survived",
        "fragmentations",
        "agency_loss",
    ]
    assert named_in("The strength of a lineage over all months", ["strength_mean", "months_survived", "root_months"]) == ["strength_mean"]
    assert named_in("", NAMES) == []
