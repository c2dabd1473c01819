"""Random forests that read a table of the prior: a parameter's posterior from one regression forest, and which rulebook from a forest of classes.

A forest weights the histories of the table by how often they fall into the same leaf as the observed one; the weighted histories are the posterior
(Raynal et al. 2019; Meinshausen 2006). A history of the table is asked of those trees alone that were not grown on it, so it need not be held out.
Rulebooks are told apart as in Pudlo et al. 2016, and the shares of classes in leaves are their probabilities (Malley et al. 2012).

scikit-learn grows the trees, each from a seed of its own, so threads do not matter. What it sums are whole numbers (places in the prior, in
65,536ths), so their order does not either.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.evidence.statistics import canonical

_Array = np.ndarray[Any, Any]
BINS = 128
"""Parts into which a prior is cut where a posterior is kept as shares."""
_FINE = 65_536


class NoForestsError(ImportError):
    """scikit-learn is not installed."""


def require() -> None:
    """Refuse to begin where forests cannot be grown.

    Raises:
        NoForestsError: If scikit-learn is not installed; the message says how to get it.
    """
    try:
        import sklearn.ensemble  # noqa: F401
    except ImportError:
        raise NoForestsError("a calibration needs scikit-learn; install it with: pip install 'dilemma-sim[evidence]'") from None


@dataclass(frozen=True)
class Growing:
    """How forests are grown.

    Attributes:
        trees: Trees.
        rows: Rows drawn for a tree, at most.
        least_leaf: Rows in a leaf, at least.
        seed: Seed.
    """

    trees: int
    rows: int
    least_leaf: int
    seed: int

    def options(self, rows: int, columns: int) -> dict[str, Any]:
        """Return what scikit-learn is told for a table of so many rows and columns."""
        return {
            "n_estimators": self.trees,
            "min_samples_leaf": self.least_leaf,
            "max_features": max(1, columns // 3),
            "max_samples": min(self.rows, rows),
            "bootstrap": True,
            "random_state": self.seed,
            "n_jobs": 1,
        }


@dataclass(frozen=True)
class Marginal:
    """What a forest says of one parameter.

    Attributes:
        observed: Posterior of the observed history: shares of :data:`BINS` parts of the prior, shape (bins,).
        planted: The same of each planted history, out of bag, shape (planted, bins).
        explained: Share of the variance of the planted ones' places that the forest explains, out of bag; 0 where it knows nothing.
        importances: How much of that share is lost when a statistic is shuffled, shape (statistics,).
    """

    observed: _Array
    planted: _Array
    explained: float
    importances: _Array


def marginal(units: _Array, statistics: _Array, target: _Array, planted: _Array, growing: Growing) -> Marginal:
    """Grow a forest for one parameter and ask it of the observed history and of planted ones.

    Args:
        units: Places of the parameter in its prior, shape (n,).
        statistics: Statistics, shape (n, statistics).
        target: Statistics of the observed history.
        planted: Rows of the planted histories.
        growing: How it is grown.
    """
    from sklearn.ensemble import RandomForestRegressor

    table = np.ascontiguousarray(statistics, np.float32)
    fine = np.minimum(np.floor(units * _FINE), _FINE - 1)
    bins = (fine * BINS / _FINE).astype(np.int64)
    forest = RandomForestRegressor(**growing.options(*table.shape)).fit(table, fine)
    count, m = table.shape[1], len(planted)
    asked = np.concatenate([target.astype(np.float32)[None], table[planted], *_shuffled(table[planted], growing.seed)])
    shares, trees = np.zeros((1 + m, BINS)), np.zeros(1 + m)
    told = np.zeros((1 + count, m))
    for tree, sample in zip(forest.estimators_, forest.estimators_samples_, strict=True):
        grown = tree.tree_
        leaves = grown.apply(table[sample])
        size = np.bincount(leaves, minlength=grown.node_count)
        within = np.bincount(leaves * BINS + bins[sample], minlength=grown.node_count * BINS).reshape(-1, BINS)
        at = grown.apply(asked)
        unseen = np.concatenate([[True], ~np.isin(planted, sample)])
        mine = at[: 1 + m][unseen]
        shares[unseen] += within[mine] / size[mine][:, None]
        trees[unseen] += 1.0
        told += np.where(unseen[1:], grown.value[:, 0, 0][at[1:].reshape(1 + count, m)], 0.0)
    known = trees[1:] > 0.0
    told = told[:, known] / trees[1:][known]
    explained = [_explained(fine[planted][known], row) for row in told]
    shares = canonical(shares / np.maximum(trees, 1.0)[:, None])
    importances = np.array([explained[0] - other for other in explained[1:]])
    return Marginal(shares[0], shares[1:], float(canonical(np.array(explained[0]))), canonical(importances))


@dataclass(frozen=True)
class Classes:
    """What a forest says of which rulebook a history comes from.

    Attributes:
        votes: Share of trees that vote for each rulebook on the observed history, shape (rulebooks,).
        probabilities: Shares of rulebooks in its leaves, shape (rulebooks,).
        confusion: Of the histories of each rulebook (rows), how many trees that were not grown on them give to each (columns), by majority.
        chosen: The rulebook with most votes.
        confidence: Probability that the choice is right: 1 less the error of the forest where the observed history stands.
    """

    votes: _Array
    probabilities: _Array
    confusion: _Array
    chosen: int
    confidence: float


def classes(tables: list[_Array], target: _Array, growing: Growing, asked_of_each: int = 2000) -> Classes:
    """Tell rulebooks apart.

    Args:
        tables: Statistics of histories of each rulebook, shapes (n, statistics).
        target: Statistics of the observed history.
        growing: How forests are grown.
        asked_of_each: Histories of each rulebook that the forest is asked of, at most.
    """
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

    table = np.ascontiguousarray(np.concatenate(tables), np.float32)
    labels = np.concatenate([np.full(len(one), k) for k, one in enumerate(tables)])
    firsts = np.cumsum([0, *(len(one) for one in tables[:-1])])
    asked = np.concatenate([first + np.arange(min(len(one), asked_of_each)) for first, one in zip(firsts, tables, strict=True)])
    forest = RandomForestClassifier(**growing.options(*table.shape)).fit(table, labels)
    queries = np.concatenate([target.astype(np.float32)[None], table[asked]])
    votes, shares = np.zeros((len(queries), len(tables)), np.int64), np.zeros(len(tables))
    for tree, sample in zip(forest.estimators_, forest.estimators_samples_, strict=True):
        grown = tree.tree_
        # Shares of the classes that this tree has seen, in the order of its own list of them.
        leaf = np.zeros((len(queries), len(tables)))
        leaf[:, forest.classes_[tree.classes_.astype(int)]] = grown.value[:, 0, :][grown.apply(queries)]
        unseen = np.concatenate([[True], ~np.isin(asked, sample)])
        votes[np.flatnonzero(unseen), np.argmax(leaf, axis=1)[unseen]] += 1
        shares += leaf[0]
    known = votes[1:].sum(axis=1) > 0
    said, true = np.argmax(votes[1:], axis=1)[known], labels[asked][known]
    confusion = np.zeros((len(tables), len(tables)), np.int64)
    np.add.at(confusion, (true, said), 1)
    wrong = RandomForestRegressor(**growing.options(int(known.sum()), table.shape[1])).fit(table[asked][known], (said != true).astype(float))
    error = np.add.reduce([tree.tree_.value[tree.tree_.apply(queries[:1]), 0, 0] for tree in wrong.estimators_])[0] / growing.trees
    return Classes(
        canonical(votes[0] / growing.trees),
        canonical(shares / growing.trees),
        confusion,
        int(np.argmax(votes[0])),
        float(canonical(np.array(1.0 - error))),
    )


def _shuffled(planted: _Array, seed: int) -> list[_Array]:
    """Return the planted histories once for each statistic, with that statistic shuffled among them."""
    found = []
    for j in range(planted.shape[1]):
        other = planted.copy()
        other[:, j] = planted[np.random.default_rng([seed, 11, j]).permutation(len(planted)), j]
        found.append(other)
    return found


def _explained(true: _Array, told: _Array) -> float:
    """Return the share of variance explained; both are places in the prior, in whole parts of it or means of such."""
    mean = float(np.add.reduce(true)) / len(true)
    spread = float(np.add.reduce((true - mean) ** 2))
    return 1.0 - float(np.add.reduce((true - told) ** 2)) / spread if spread > 0.0 else 0.0
