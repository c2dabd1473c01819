"""Claims under other numbers: what is lost is said, with the move that lost it."""

from sim.evidence.claims import CLAIMS
from sim.evidence.contrasts import Claim, Contrast, World
from sim.evidence.patterns import outcome, run
from sim.evidence.robustness import OTHERWISE, moved, recounted, robustness
from sim.world.outcomes import OUTCOMES

LESSON = World("dilemma-101")


def above_itself():
    """A claim that holds as long as more people die than at the defaults: it hangs on how often people strike."""
    now = float(outcome(run(LESSON, 60, 0), "own_deaths").mean())
    contrast = Contrast("more die than would", ((1.0, "own_deaths", LESSON),), 1, constant=-0.999 * now)
    return Claim("X1", "more die", "nobody", "2026-11-21", "strikes", (contrast,))


def test_what_a_move_loses_is_said_and_a_number_of_nothing_loses_nothing():
    claim = above_itself()
    found = robustness(claim, ("strike_rate", "policy_force_gain"), replicates=60)
    assert (found.moves, found.kept, found.lost) == (4, 3, (("strike_rate", 0.6),))
    assert found.contrary == (("strike_rate", 0.6),)


def test_what_a_world_sets_itself_is_left_alone():
    claim = above_itself()
    world = World("dilemma-101", {"strike_rate": 0.02})
    fixed = Claim("X2", "", "", "", "", (Contrast("", ((1.0, "own_deaths", world),), 1),))
    assert moved(fixed, "strike_rate", 1.4) is None
    other = moved(claim, "strike_rate", 1.4)
    assert other is not None
    assert other.contrasts[0].terms[0][2].changes.keys() == {"strike_rate"}


def test_counted_otherwise_the_worlds_and_signs_are_the_same_and_the_outcome_is_another():
    assert set(OTHERWISE) | {other for others in OTHERWISE.values() for other in others} <= {name for name, _, _ in OUTCOMES}
    (m23,) = (claim for claim in CLAIMS if claim.id == "M23")
    tried = recounted(m23)
    assert [(outcome, other) for outcome, other, _ in tried] == [
        ("root_survived", "survived"), ("root_survived", "root_months"), ("armed_end", "strength_end"),
    ]  # fmt: skip
    for (_, other, claim), contrast in zip(tried, [m23.contrasts[0]] * 2 + [m23.contrasts[1]], strict=True):
        (found,) = claim.contrasts
        assert [(w, world) for w, _, world in found.terms] == [(w, world) for w, _, world in contrast.terms]
        assert {outcome for _, outcome, _ in found.terms} == {other}
        assert found.sign == contrast.sign
