"""Studies for the tests: small, but with a grid, cells that fail, and a list of levels."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def experiment() -> dict[str, Any]:
    """An experiment on the smallest scenario; where both policy shares are large, they add up to more than a budget and the cell fails."""
    return {
        "name": "small",
        "claim": "A study for tests.",
        "scenario": "dilemma-101",
        "seed": 3,
        "set": {"policies.budget": 1.0},
        "factors": {
            "force": {"path": "policies.force", "range": [0.1, 0.7]},
            "amnesty": {"path": "policies.amnesty", "range": [0.1, 0.7]},
            "brokerage": {"values": [True, False]},
        },
        "design": {"kind": "grid", "levels": 3},
        "replicates": 12,
        "outcomes": ["survived", "months_survived", "strength_end", "fragmentations", "control"],
    }
