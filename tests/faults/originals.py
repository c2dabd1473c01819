"""The stores and the calibration to which faults are done, and what is true of them."""

from __future__ import annotations

import contextlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.evidence.calibration import Calibration, load_calibration
from sim.evidence.posterior import calibrate
from sim.study.plan import Study, load_study
from sim.study.progress import Progress
from sim.study.sweep import InterruptedSweepError, run_sweep

POINTS = "percolation,brokerage\n0.1,on\n0.4,off\n,on\n"
EXPERIMENT: dict[str, Any] = {
    "name": "faults", "claim": "None: faults are done to it.", "scenario": "dilemma-101", "seed": 3, "ablate": ["M7"], "replicates": 2,
    "factors": {"percolation": {"range": [0.03, 0.5]}, "brokerage": {"values": [True, False]}}, "design": {"kind": "list", "file": "points.csv"},
    "outcomes": ["survived", "strength_end", "fragmentations", "control"],
}  # fmt: skip
"""Few runs, of every kind of file that a store may have."""
CALIBRATION: dict[str, Any] = {
    "name": "faults", "claim": "None: faults are done to it.", "scenario": "dilemma-101", "seed": 2, "until": 2002, "particles": 20,
    "generations": 3, "priors": {"recruitment": {"range": [0.1, 5.0], "scale": "log"}, "raid_size": {"range": [2.0, 30.0]}},
    "facts": [{"fact": "Strength in 2002", "series": "strength", "year": 2002, "value": 400.0, "tolerance": 200.0}],
    "later": [],
}  # fmt: skip


@dataclass(frozen=True)
class Originals:
    """What faults are done to copies of.

    Attributes:
        folder: Where they are.
        file: The experiment.
        study: The study.
        whole: Its store, complete.
        half: Its store, stopped half way.
        other: The same sweep from another seed, stopped half way: what is like it and is not it.
        calibration_file: The calibration, as it is written.
        calibration: The calibration.
        calibrated: Its directory, complete.
        other_calibrated: The same from another seed.
    """

    folder: Path
    file: Path
    study: Study
    whole: Path
    half: Path
    other: Path
    calibration_file: Path
    calibration: Calibration
    calibrated: Path
    other_calibrated: Path


def make(folder: Path) -> Originals:
    """Make the originals in a directory."""
    (folder / "points.csv").write_text(POINTS)
    files = [folder / "experiment.yaml", folder / "other.yaml", folder / "calibration.yaml", folder / "other-calibration.yaml"]
    for file, data in zip(files, (EXPERIMENT, {**EXPERIMENT, "seed": 4}, CALIBRATION, {**CALIBRATION, "seed": 4}), strict=True):
        file.write_text(json.dumps(data))
    study, calibration = load_study(files[0]), load_calibration(files[2])
    run_sweep(study, folder / "whole")
    for source, name in ((study, "half"), (load_study(files[1]), "other")):
        with contextlib.suppress(InterruptedSweepError):
            run_sweep(source, folder / name, count=1, watch=_stop)
    calibrate(calibration, folder / "calibrated")
    calibrate(load_calibration(files[3]), folder / "other-calibrated")
    return Originals(
        folder, files[0], study, folder / "whole", folder / "half", folder / "other", files[2], calibration, folder / "calibrated",
        folder / "other-calibrated",
    )  # fmt: skip


def _stop(progress: Progress) -> None:
    progress.stopping = progress.shards_done >= progress.shards // 2


def copied(original: Path, to: Path) -> Path:
    """Return a fresh copy of a store or a calibration; one that was there goes."""
    shutil.rmtree(to, ignore_errors=True)
    return Path(shutil.copytree(original, to))
