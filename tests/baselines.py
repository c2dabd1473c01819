"""Golden baselines: digests of the seven histories, of three sweeps and of a posterior. They move only together with a line of the changelog.

``python -m tests.baselines`` says what they are now, and ``--write`` writes them down. A short mark of them all stands in CHANGELOG.md behind the
words that say why results moved; the test holds the two together, so that nobody changes a result without saying so.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from sim import engine
from sim.evidence.gates.gate import HISTORIES
from sim.scenario.load import load_scenario
from sim.scenario.timeline import month_count
from sim.study.plan import load_study
from sim.study.result import SweepResult
from sim.study.sweep import run_sweep
from sim.world.build import build, parameters

FILE = Path(__file__).with_name("baselines.json")
CHANGELOG = Path(__file__).parents[1] / "CHANGELOG.md"
SEED, REPLICATES = 1, 4
"""Of every history."""
MARK = 12
"""Letters of the mark."""

_STUDY: dict[str, Any] = {"claim": "None: a baseline.", "scenario": "dilemma-101", "seed": 5, "replicates": 2}
_FACTORS: dict[str, Any] = {"percolation": {"range": [0.03, 0.5]}, "brokerage": {"values": [True, False]}}
SWEEPS: dict[str, dict[str, Any]] = {
    "latin hypercube": {**_STUDY, "name": "lhs", "factors": _FACTORS, "design": {"kind": "lhs", "points": 6}},
    "one at a time": {**_STUDY, "name": "oat", "factors": _FACTORS, "design": {"kind": "one-at-a-time"}, "ablate": ["M5", "M7"]},
    "policies": {**_STUDY, "name": "policies", "policies": {"force": {"budget": 2, "force": 1}, "mix": {"budget": 2, "force": 0.5, "services": 0.5}}},
}
CALIBRATION: dict[str, Any] = {
    "name": "baseline", "claim": "None: a baseline.", "scenario": "dilemma-101", "seed": 2, "until": 2003, "histories": 240,
    "priors": {"recruitment": {"range": [0.1, 3.0], "scale": "log"}, "raid_size": {"range": [2.0, 30.0]}},
    "facts": [{"fact": "Strength in 2003", "of": ["strength"], "year": 2003, "value": 60.0, "scale": "log", "error": 0.1}],
    "nearest": 0.4, "planted": 20, "predicted": 10, "forest": {"trees": 10, "rows": 150, "least_leaf": 10},
}  # fmt: skip


def digest(data: bytes) -> str:
    """Return the SHA-256 of bytes, cut to what two results will never share."""
    return hashlib.sha256(data).hexdigest()[:32]


def found() -> dict[str, str]:
    """Return every baseline by name, as the code at hand has it."""
    digests = {}
    for name in HISTORIES:
        scenario = load_scenario(name)
        outcomes = engine.ensemble(build(scenario, SEED), parameters(scenario), month_count(scenario), range(REPLICATES))
        digests[f"history: {name}"] = digest(outcomes.tobytes())
    with tempfile.TemporaryDirectory() as folder:
        for name, spec in SWEEPS.items():
            store = Path(folder) / str(spec["name"])
            run_sweep(load_study(spec), store, count=1)
            frame = SweepResult(store).to_pandas()
            digests[f"sweep: {name}"] = digest(frame.to_csv(index=False).encode())
        digests["posterior"] = digest(_posterior(Path(folder)).encode())
    return digests


def _posterior(folder: Path) -> str:
    from sim.evidence.calibration import load_calibration
    from sim.evidence.inference import infer, posterior_table, read_table

    file = folder / "baseline.yaml"
    file.write_text(json.dumps(CALIBRATION))
    calibration = load_calibration(file)
    run_sweep(calibration.table(), folder / "table", count=1)
    return posterior_table(calibration, infer(calibration, read_table(calibration, folder / "table", calibration.spec.seed))).to_csv(index=False)


def mark(digests: dict[str, str]) -> str:
    """Return the mark of all baselines, which stands in the changelog."""
    return digest(json.dumps(digests, sort_keys=True).encode())[:MARK]


def main() -> None:
    """Say what the baselines are, and write them down if asked to."""
    digests = found()
    for name, one in digests.items():
        print(f"{name:<34}{one}")
    print(f"mark for CHANGELOG.md: {mark(digests)}")
    if "--write" in sys.argv[1:]:
        FILE.write_text(json.dumps(digests, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
