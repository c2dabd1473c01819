"""The codes of the decisions that draw on chance: one part of the address of every draw (see :mod:`sim.world.draws`).

A code is written out, never counted: results depend on it, so a new decision takes the next free number, and nobody
else's draws move. A code is never changed, and never used again once its decision is gone. Two kinds of agent never
share a decision unless their identities cannot coincide, since agents with the same identity, month, decision and index
share a draw.

The codes are plain integers and not an ``IntEnum``: both cost nothing in compiled code, but Numba takes 6.6 µs to
recognise an enumeration's member in a call from Python, thirty times as long as the call itself (0.2 µs).

To add one: a line here, and the same line in the ledger of ``tests/world/test_decisions.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

RAID: Final = 3
STRIKE: Final = 6
SEVERITY: Final = 7
RECRUIT: Final = 8
RELOCATE: Final = 9
EXIT: Final = 10
EXIT_KIND: Final = 11
FOLLOW: Final = 12
APPROACH: Final = 16
DORMANT: Final = 17
WAKE: Final = 18
LEADER_RISK: Final = 19
SUCCESSOR: Final = 20
EMIR_SUCCESSOR: Final = 21
KATIBA: Final = 22
REBRAND: Final = 23
ALLY: Final = 24
BREAK: Final = 25
MERGE: Final = 26
COME_BACK: Final = 27
BROKER_DEAL: Final = 28
BROKER_ALLY: Final = 29
BROKER_FOUND: Final = 30
INFIGHT: Final = 31
TAKEN: Final = 33
RELEASE: Final = 34
BLIND: Final = 35
MEET: Final = 36
ACCOUNT: Final = 37
OUTSIDER: Final = 40
GO_HOME: Final = 41
TAKE_AMNESTY: Final = 42
DISPERSE: Final = 43
BRUTAL: Final = 44
LOSS: Final = 45
RAID_SIZE: Final = 46
TRACED: Final = 47
EMIR_TAKEN: Final = 48
CASCADE: Final = 49
FOUND_LEADER: Final = 50
ARISE: Final = 51
TRAITS: Final = 52
FOLLOWERS: Final = 53
PURGE: Final = 54
CLASH: Final = 55
LOOK: Final = 56
QUARREL: Final = 58
ACCEPT: Final = 57


def _registry(names: Mapping[str, object]) -> Mapping[str, int]:
    """Gather the upper-case integers of a module; two decisions with one code would share their draws, so that is refused.

    Args:
        names: A module's globals.

    Returns:
        Read-only mapping from name to code.

    Raises:
        ValueError: If a code is used twice or does not fit in 32 bits.
    """
    codes: dict[str, int] = {}
    owner: dict[int, str] = {}
    for name, code in names.items():
        if not name.isupper() or name.startswith("_") or not isinstance(code, int):
            continue
        if not 1 <= code < 2**32:
            raise ValueError(f"decision {name} has code {code}; a code lies in 1 .. 2**32 - 1")
        if code in owner:
            raise ValueError(f"decisions {owner[code]} and {name} both have code {code}; take the next free number, {max(owner) + 1} or above")
        owner[code] = name
        codes[name] = code
    return MappingProxyType(codes)


DECISIONS: Final = _registry(globals())
"""Every decision's code by its name."""
