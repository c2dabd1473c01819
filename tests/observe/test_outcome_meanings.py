"""What an outcome means stands alone, wherever people read it."""

from __future__ import annotations

import pytest

from sim.observe.outcome_words import NEVER, in_full
from sim.show.explain import explain
from sim.show.reference import outcomes
from sim.world.outcomes import OUTCOMES, YEARLY

CASES = [*((name, False) for name, _, _ in OUTCOMES), *((name, True) for name, _, _ in YEARLY)]


@pytest.mark.parametrize(("name", "of_a_year"), CASES)
def test_a_meaning_is_a_sentence_that_stands_alone(name, of_a_year):
    meaning = in_full(name, of_a_year)
    assert meaning[0].isupper()
    assert meaning.endswith(".")
    assert "-1" not in meaning
    assert meaning in {entry["meaning"] for entry in explain(name)}
    if of_a_year:
        assert in_full(f"{name}@2006") == f"2006: {meaning}"


@pytest.mark.parametrize("name", NEVER)
def test_what_may_never_happen_is_missing_then(name):
    assert in_full(name).endswith("missing where it never does.")


def test_no_two_outcomes_mean_the_same():
    for of_a_year in (False, True):
        meanings = [in_full(name, of_a_year) for name, year in CASES if year == of_a_year]
        assert len(set(meanings)) == len(meanings)
    assert in_full("nothing") == in_full("nothing@2006") == ""
    assert "or -1" not in outcomes()
    assert "…" not in outcomes()
