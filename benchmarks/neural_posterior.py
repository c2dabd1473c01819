"""Neural posterior estimation against the readers of a calibration: same table, same planted histories.

Run: pip install sbi; python benchmarks/neural_posterior.py NAME OUT [--model nsf] [--threads N]

NAME is a calibration whose results lie in OUT. A conditional density estimator (sbi; Cranmer, Brehmer & Louppe 2020; neural spline flows, Durkan et
al. 2019) is trained on the histories of OUT/table but the planted ones, which it is then asked of. For each parameter and reader: how much narrower
than the prior its 90 % intervals are on average, how many planted values lie in them, and at how many points the ranks leave their band. What decides
nothing in the package may hang on the machine, so the figures of the network differ a little from one to the next.
"""

from __future__ import annotations

import argparse
import contextlib
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from sim.evidence.calibration import load_calibration
from sim.evidence.inference import FOREST, REGRESSION, planted_in, read_table
from sim.evidence.ranks import calibrated

EDGE = 1e-4
"""How near to an end of its prior a parameter is told apart from it: as in the regression."""
SAMPLES = 1000
"""Points of each posterior that are drawn from the network."""


def main() -> None:
    """Train, ask, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("name", help="the calibration")
    parser.add_argument("out", type=Path, help="where its results lie")
    parser.add_argument("--model", default="nsf", help="density estimator of sbi (nsf)")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=200, help="most passes over the table (200); it stops after ten that do not improve")
    given = parser.parse_args()
    import torch
    from sbi.inference import NPE

    torch.set_num_threads(given.threads)
    torch.manual_seed(0)
    calibration = load_calibration(given.name)
    table = read_table(calibration, given.out / "table", calibration.spec.seed)
    planted, _ = planted_in(calibration, len(table.units))
    rest = np.setdiff1d(np.arange(len(table.units)), planted)
    inside = np.clip(table.units, EDGE, 1.0 - EDGE)
    theta = torch.tensor(np.log(inside / (1.0 - inside)), dtype=torch.float32)
    x = torch.tensor(table.statistics, dtype=torch.float32)
    began = time.process_time()
    # It keeps a diary where it stands.
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        learner = NPE(prior=None, density_estimator=given.model, show_progress_bars=False)
        network = learner.append_simulations(theta[rest], x[rest]).train(training_batch_size=1000, max_num_epochs=given.epochs, stop_after_epochs=10)
    took = time.process_time() - began
    with torch.no_grad():
        drawn = torch.cat([network.sample((SAMPLES,), condition=x[part]) for part in torch.tensor(planted).split(100)], dim=1)
    units = 1.0 / (1.0 + np.exp(-drawn.numpy().astype(float)))
    ranks = (units < table.units[planted]).mean(axis=0)
    low, high = np.quantile(units, [0.05, 0.95], axis=0)
    narrowed = 1.0 - (high - low).mean(axis=0) / 0.9
    read = pd.read_csv(given.out / "posterior.csv").set_index(["parameter", "reader"])
    epochs = len(learner.summary["validation_loss"])
    print(f"{given.model}, {len(rest):,} histories, {epochs} passes, {took:,.0f} s of processor time; {len(planted):,} planted")
    print(f"{'':<20}{'narrower than the prior':^33}{'in 90 %':^30}{'ranks outside':^30}")
    print(f"{'parameter':<20}" + f"{'network':>11}{'forest':>10}{'regression':>12}" * 3)
    for k, factor in enumerate(calibration.factors):
        mine = calibrated(ranks[:, k])
        rows = [read.loc[(factor.name, reader)] for reader in (FOREST, REGRESSION)]
        line = [f"{narrowed[k]:>11.1%}", *(f"{row.narrowed_mean:>{w}.1%}" for row, w in zip(rows, (10, 12), strict=True))]
        line += [f"{mine.covered_90:>11.1%}", *(f"{row.covered_90:>{w}.1%}" for row, w in zip(rows, (10, 12), strict=True))]
        line += [f"{mine.outside:>11}", *(f"{int(row.ranks_outside):>{w}}" for row, w in zip(rows, (10, 12), strict=True))]
        print(f"{factor.name:<20}{''.join(line)}")
    means = [float(narrowed.mean()), *(float(read.xs(reader, level="reader").narrowed_mean.mean()) for reader in (FOREST, REGRESSION))]
    print(f"{'mean':<20}" + "".join(f"{m:>{w}.1%}" for m, w in zip(means, (11, 10, 12), strict=True)))


if __name__ == "__main__":
    main()
