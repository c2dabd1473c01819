import ast
import inspect

import numba
import pytest

from sim.world import decisions

# Append only. A line here is a promise: results drawn under that code stay what they are.
LEDGER = {
    "BARGAIN": 1,
    "BARGAIN_SWING": 2,
    "RAID": 3,
    "RAID_LOSS": 4,
    "RAID_KILL": 5,
    "STRIKE": 6,
    "SEVERITY": 7,
    "RECRUIT": 8,
    "RELOCATE": 9,
    "EXIT": 10,
    "EXIT_KIND": 11,
    "FOLLOW": 12,
    "VOICE": 13,
    "NOISE": 14,
    "LEARN": 15,
    "APPROACH": 16,
    "DORMANT": 17,
    "WAKE": 18,
    "LEADER_RISK": 19,
    "SUCCESSOR": 20,
    "EMIR_SUCCESSOR": 21,
    "KATIBA": 22,
    "REBRAND": 23,
    "ALLY": 24,
    "BREAK": 25,
    "MERGE": 26,
    "COME_BACK": 27,
    "BROKER_DEAL": 28,
    "BROKER_ALLY": 29,
    "BROKER_FOUND": 30,
    "INFIGHT": 31,
    "POLITICS": 32,
    "TAKEN": 33,
    "RELEASE": 34,
    "BLIND": 35,
    "MEET": 36,
    "ACCOUNT": 37,
    "SKIM": 38,
    "STRAY": 39,
    "OUTSIDER": 40,
    "GO_HOME": 41,
    "TAKE_AMNESTY": 42,
    "DISPERSE": 43,
    "BRUTAL": 44,
    "LOSS": 45,
    "RAID_SIZE": 46,
    "TRACED": 47,
    "EMIR_TAKEN": 48,
    "CASCADE": 49,
    "FOUND_LEADER": 50,
    "ARISE": 51,
    "TRAITS": 52,
    "FOLLOWERS": 53,
    "PURGE": 54,
    "CLASH": 55,
    "LOOK": 56,
    "ACCEPT": 57,
    "QUARREL": 58,
}
# Decisions that are no more, with the rules that drew them: their codes stay taken, so that nobody meets an old draw under a new name.
GONE = {"BARGAIN", "BARGAIN_SWING", "RAID_LOSS", "RAID_KILL", "VOICE", "LEARN", "POLITICS", "SKIM", "STRAY", "NOISE"}


def test_no_decision_was_renumbered_renamed_or_left_out_of_the_ledger():
    changed = {name: code for name, code in LEDGER.items() if name not in GONE and decisions.DECISIONS.get(name) != code}
    assert not changed, f"these decisions had these codes, and results rest on them: {changed}"
    unlisted = {name: code for name, code in decisions.DECISIONS.items() if name not in LEDGER}
    assert not unlisted, f"new decisions: append them to LEDGER: {unlisted}"


def test_no_code_is_used_again_once_its_decision_is_gone():
    assert set(LEDGER) >= GONE, "what is gone stays in the ledger"
    assert not GONE & set(decisions.DECISIONS), "what is gone has come back: take it out of GONE, if it is the same decision"
    assert len(set(LEDGER.values())) == len(LEDGER), "two decisions, whether gone or not, have one code"


def test_codes_are_unique_and_written_out_once():
    assert len(set(decisions.DECISIONS.values())) == len(decisions.DECISIONS)
    assigned = [node.target.id for node in ast.parse(inspect.getsource(decisions)).body if isinstance(node, ast.AnnAssign)]
    assert len(assigned) == len(set(assigned))
    assert set(decisions.DECISIONS) <= set(assigned)


def test_two_decisions_with_one_code_are_refused():
    with pytest.raises(ValueError, match="decisions RAID and STRIKE both have code 2; take the next free number, 4 or above"):
        decisions._registry({"RAID": 2, "SPLIT": 3, "STRIKE": 2})


@pytest.mark.parametrize("code", [0, -1, 2**32])
def test_a_code_that_does_not_fit_is_refused(code):
    with pytest.raises(ValueError, match=f"decision RAID has code {code}"):
        decisions._registry({"RAID": code})


def test_the_registry_is_read_only():
    with pytest.raises(TypeError):
        decisions.DECISIONS["RAID"] = 3


def test_a_code_is_a_constant_in_compiled_code():
    raid = decisions.RAID

    @numba.njit
    def code():
        return raid

    assert code() == decisions.DECISIONS["RAID"]
