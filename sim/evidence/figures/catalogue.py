"""The studies by name: what each asks, what its size counts, how many by default and how many in full."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.evidence.figures.backfire import backfire
from sim.evidence.figures.causes import causes
from sim.evidence.figures.channels import channels
from sim.evidence.figures.contingency import contingency
from sim.evidence.figures.decapitation import decapitation
from sim.evidence.figures.embedding import embedding
from sim.evidence.figures.extinction import extinction
from sim.evidence.figures.study import Ask

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Study:
    """A study and its sizes.

    Attributes:
        says: What it asks.
        counts: What its size counts.
        quick: Size by default: about a minute on two cores.
        full: Size at which intervals are narrow.
        run: Makes its table.
    """

    says: str
    counts: str
    quick: int
    full: int
    run: Callable[[Ask], pd.DataFrame]


STUDIES: dict[str, Study] = {
    "extinction": Study("Who dies out: reproduction number, embedding and force ratio", "replicates of each cell", 100, 1000, extinction),
    "embedding": Study("What embedding does to fragmentation and survival, at equal size", "replicates of each world", 300, 2000, embedding),
    "channels": Study("Survival split into recruits, haven and money", "replicates of each world", 300, 2000, channels),
    "contingency": Study("How often one event decides the lineage's fate", "histories with each event removed", 100, 300, contingency),
    "causes": Study("Whether what is written down as a split's cause brings it about", "histories", 60, 1000, causes),
    "backfire": Study("When twice the force brings more recruits", "pairs in each cell", 100, 1000, backfire),
    "decapitation": Study("What killing a leader does, by age and size", "pairs", 1000, 10_000, decapitation),
}
