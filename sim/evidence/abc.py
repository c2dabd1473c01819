r"""Approximate Bayesian computation by sequential Monte Carlo: parameters whose histories come near the dated facts.

Generation 0 is drawn from the prior. Every later one draws a parent :math:`\theta_j` of the one before by its weight, moves it by a normal kernel
with twice the weighted covariance, runs **one** history (there was one), and accepts it if its distance beats :math:`\epsilon_g`, the given
quantile of the distances before. Weights are :math:`w_i \propto 1 / \sum_j w_j K(\theta_i \mid \theta_j)` (the prior is uniform on the unit cube).

Every proposal has an address (seed, generation, number), is computed wherever there is a free thread, and is accepted in the order of its number:
the result does not depend on how many threads there are. That is why this is not pyABC, which draws from NumPy's global state and keeps whatever is
ready first, so that its results cannot be made again.

Sources: Toni et al. 2009; Beaumont et al. 2009 (kernel); Drovandi & Pettitt 2011 (quantiles).
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.evidence.calibration import Calibration, distances, simulate

if TYPE_CHECKING:
    import pandas as pd

BATCH = 128
"""Proposals computed together; also how many are looked at before it is seen that too few are accepted."""
REPLICATES = 10_000_000
"""Replicate numbers set apart for each generation."""

Distance = Callable[[np.ndarray[Any, Any], int], float]


@dataclass(frozen=True)
class Generation:
    """A population of particles.

    Attributes:
        number: From 0.
        epsilon: Distance that had to be beaten.
        units: Particles on the unit cube, shape (particles, priors).
        weights: Their weights, adding up to 1.
        distances: Their distances.
        replicates: Replicate number of the history of each.
        proposals: Proposals that were run.
    """

    number: int
    epsilon: float
    units: np.ndarray[Any, Any]
    weights: np.ndarray[Any, Any]
    distances: np.ndarray[Any, Any]
    replicates: np.ndarray[Any, Any]
    proposals: int

    def __repr__(self) -> str:
        particles, priors = self.units.shape
        found = f"{particles} particles of {priors} priors, distance below {self.epsilon:.3g}, {self.acceptance:.1%} of proposals accepted"
        return f"<Generation {self.number}: {found}, as good as {self.effective:.0f} of equal weight>"

    def _repr_html_(self) -> str:
        import html

        means = np.average(self.units, axis=0, weights=self.weights)
        lows, highs = (np.array([weighted_quantile(column, self.weights, q) for column in self.units.T]) for q in (0.05, 0.95))
        rows = "".join(
            f"<tr><td>{k}</td><td>{mean:.3f}</td><td>{low:.3f} to {high:.3f}</td></tr>"
            for k, (mean, low, high) in enumerate(zip(means, lows, highs, strict=True))
        )
        head = "<tr><th>prior</th><th>mean</th><th>90 % interval, on the unit cube</th></tr>"
        return f"<p><b>{html.escape(repr(self)[1:-1])}</b></p><table>{head}{rows}</table>"

    @property
    def acceptance(self) -> float:
        """Share of proposals accepted."""
        return len(self.units) / self.proposals

    @property
    def effective(self) -> float:
        """Effective sample size."""
        return float(1.0 / np.sum(self.weights**2))

    def to_pandas(self, calibration: Calibration) -> pd.DataFrame:
        """Return the particles as a table: values, weight, distance, replicate."""
        import pandas as pd

        frame = pd.DataFrame({f.name: f.coded(self.units[:, k]) for k, f in enumerate(calibration.factors)})
        return frame.assign(weight=self.weights, distance=self.distances, replicate=self.replicates)


def distance_to_facts(calibration: Calibration) -> Distance:
    """Return the function from a point of the unit cube and a replicate number to the distance of its history from the facts."""

    def distance(unit: np.ndarray[Any, Any], replicate: int) -> float:
        return float(distances(calibration, simulate(calibration, unit, replicate))[0])

    return distance


def first_generation(distance: Distance, d: int, particles: int, seed: int, pool: ThreadPoolExecutor) -> Generation:
    """Draw generation 0 from the prior."""
    units = np.array([np.random.default_rng([seed, 0, n]).random(d) for n in range(particles)])
    found = np.array(list(pool.map(distance, units, range(particles))))
    return Generation(0, np.inf, units, np.full(particles, 1.0 / particles), found, np.arange(particles), particles)


def next_generation(
    distance: Distance,
    last: Generation,
    quantile: float,
    seed: int,
    pool: ThreadPoolExecutor,
    most: int,
    watch: Callable[[int, int], None] | None = None,
) -> Generation | None:
    """Draw the next generation, or return None if more than ``most`` proposals would be needed.

    Args:
        distance: Distance of a history.
        last: The generation before.
        quantile: Share of its distances that must be beaten.
        seed: Seed.
        pool: Threads.
        most: Proposals at most.
        watch: Told how many particles and proposals there are.
    """
    from scipy.stats import multivariate_normal

    number, (particles, d) = last.number + 1, last.units.shape
    epsilon = float(np.quantile(last.distances, quantile))
    covariance = 2.0 * np.cov(last.units.T, aweights=last.weights).reshape(d, d) + 1e-10 * np.eye(d)
    root, cumulated = np.linalg.cholesky(covariance), np.cumsum(last.weights)
    units: list[np.ndarray[Any, Any]] = []
    kept: list[tuple[float, int]] = []
    proposals = 0
    while len(units) < particles:
        if proposals >= most:
            return None
        batch = []
        for n in range(proposals, proposals + BATCH):
            rng = np.random.default_rng([seed, number, n])
            while True:
                parent = min(int(np.searchsorted(cumulated, rng.random())), particles - 1)
                unit = last.units[parent] + root @ rng.standard_normal(d)
                if ((unit >= 0.0) & (unit <= 1.0)).all():
                    break
            batch.append((unit, number * REPLICATES + n))
        for (unit, replicate), found in zip(batch, pool.map(lambda one: distance(*one), batch), strict=True):
            proposals += 1
            if found <= epsilon:
                units.append(unit)
                kept.append((found, replicate))
                if len(units) == particles:
                    break
        if watch is not None:
            watch(len(units), proposals)
    theta = np.array(units)
    kernel = multivariate_normal(np.zeros(d), covariance)
    weights = np.array([1.0 / float(last.weights @ np.atleast_1d(kernel.pdf(one - last.units))) for one in theta])
    distances_, replicates = np.array([k[0] for k in kept]), np.array([k[1] for k in kept])
    return Generation(number, epsilon, theta, weights / weights.sum(), distances_, replicates, proposals)


def sampled(generation: Generation, count: int, seed: int) -> np.ndarray[Any, Any]:
    """Return particles drawn by weight, systematically, shape (count, priors)."""
    rng = np.random.default_rng([seed, 1_000_003])
    places = (np.arange(count) + rng.random()) / count
    picked = np.minimum(np.searchsorted(np.cumsum(generation.weights), places), len(generation.units) - 1)
    return generation.units[rng.permutation(picked)]


def weighted_quantile(values: np.ndarray[Any, Any], weights: np.ndarray[Any, Any], q: float) -> float:
    """Return a quantile of a weighted sample."""
    order = np.argsort(values)
    return float(values[order][min(int(np.searchsorted(np.cumsum(weights[order]), q * weights.sum())), len(values) - 1)])
