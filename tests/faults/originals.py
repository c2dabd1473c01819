"""The stores and the calibration to which faults are done, and what is true of them."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.cli import main
from sim.evidence import kept
from sim.evidence.forests import NoForestsError, require
from sim.show import calibration_text
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
    "name": "faults", "claim": "None: faults are done to it.", "scenario": "dilemma-101", "seed": 2, "until": 2001, "histories": 50,
    "priors": {"recruitment": {"range": [0.1, 3.0], "scale": "log"}, "raid_size": {"range": [2.0, 30.0]}},
    "facts": [{"fact": "Strength in 2001", "of": ["strength"], "year": 2001, "value": 60.0, "scale": "log", "error": 0.1}],
    "nearest": 0.5, "planted": 10, "predicted": 20, "forest": {"trees": 10, "rows": 40, "least_leaf": 5},
    "rulebooks": {"histories": 20, "without": {"exit": ["M5"]}},
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
        calibrated: Its directory, complete; None where scikit-learn is not installed.
    """

    folder: Path
    file: Path
    study: Study
    whole: Path
    half: Path
    other: Path
    calibration_file: Path
    calibrated: Path | None


def make(folder: Path) -> Originals:
    """Make the originals in a directory."""
    (folder / "points.csv").write_text(POINTS)
    files = [folder / "experiment.yaml", folder / "other.yaml", folder / "calibration.yaml"]
    for file, data in zip(files, (EXPERIMENT, {**EXPERIMENT, "seed": 4}, CALIBRATION), strict=True):
        file.write_text(json.dumps(data))
    study = load_study(files[0])
    run_sweep(study, folder / "whole")
    for source, name in ((study, "half"), (load_study(files[1]), "other")):
        with contextlib.suppress(InterruptedSweepError):
            run_sweep(source, folder / name, count=1, watch=_stop)
    calibrated = folder / "calibrated" if _can_calibrate() else None
    if calibrated is not None:
        code, said = calibrate(files[2], calibrated)
        if code:
            raise RuntimeError(f"undisturbed, it ended in {code}: {said}")
    return Originals(folder, files[0], study, folder / "whole", folder / "half", folder / "other", files[2], calibrated)


def calibrate(file: Path, out: Path) -> tuple[int, str]:
    """Calibrate by the command, or go on with what is there, without its figures; return its exit code and what it said on standard error."""
    said, drawn = io.StringIO(), calibration_text.write_figures
    calibration_text.write_figures = lambda found, folder: []
    try:
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
            code = main(["calibrate", str(file), "--out", str(out), "--workers", "1", "--resume"])
    finally:
        calibration_text.write_figures = drawn
    return code, said.getvalue()


def results(folder: Path) -> dict[str, bytes]:
    """Return what a calibration came to, by name: its files, and the tables of its stores."""
    files = [*(folder / name for name in kept.READ), *folder.glob("*/runs.parquet"), *folder.glob("*/design.parquet")]
    return {str(file.relative_to(folder)): file.read_bytes() for file in files if file.is_file()}


def _can_calibrate() -> bool:
    try:
        require()
    except NoForestsError:
        return False
    return True


def _stop(progress: Progress) -> None:
    progress.stopping = progress.shards_done >= progress.shards // 2


def copied(original: Path, to: Path) -> Path:
    """Return a fresh copy of a store or a calibration; one that was there goes."""
    shutil.rmtree(to, ignore_errors=True)
    return Path(shutil.copytree(original, to))
