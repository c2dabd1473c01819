"""Random forests that read a table of the prior: a parameter's posterior from one regression forest, and which rulebook from a forest of classes.

A forest weights the histories of the table by how often they fall into the same leaf as the observed one; the weighted histories are the posterior
(Raynal et al. 2019; Meinshausen 2006). A history of the table is asked of those trees alone that were not grown on it, so it need not be held out.
Rulebooks are told apart as in Pudlo et al. 2016, and the shares of classes in leaves are their probabilities (Malley et al. 2012).

scikit-learn grows the trees, each on rows and from a seed of its own, so threads do not matter; a tree is grown on a few of the rows, drawn without
replacement (Wager & Athey 2018). What it sums are whole numbers (places in the prior, in 65,536ths), so their order does not matter either.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
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
        import sklearn.tree  # noqa: F401
    except ImportError:
        raise NoForestsError("a calibration needs scikit-learn; install it with: pip install 'dilemma-sim[evidence]'") from None


@dataclass(frozen=True)
class Growing:
    """How forests are grown.

    Attributes:
        trees: Trees.
        rows: Rows drawn for a tree, at most; two in three where there are no more, so that some are left out of every tree.
        least_leaf: Rows in a leaf, at least.
        seed: Seed.
    """

    trees: int
    rows: int
    least_leaf: int
    seed: int

    def forest(self, kind: Any, table: _Array, goal: _Array) -> Iterator[tuple[Any, _Array]]:
        """Grow the trees of a forest.

        Args:
            kind: Class of its trees, of scikit-learn.
            table: Statistics, float32, shape (n, statistics).
            goal: What is to be told, shape (n,).

        Yields:
            Each tree with the rows that it was grown on.
        """
        n, columns = table.shape
        for number in range(self.trees):
            rng = np.random.default_rng([self.seed, 13, number])
            rows = rng.choice(n, min(self.rows, 2 * n // 3), replace=False, shuffle=False)
            seed = int(rng.integers(2**31 - 1))
            tree = kind(min_samples_leaf=self.least_leaf, max_features=max(1, columns // 3), random_state=seed)
            yield tree.fit(table[rows], goal[rows]), rows


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


def marginal(units: _Array, statistics: _Array, target: _Array, planted: _Array, growing: Growing, judged: int | None = None) -> Marginal:
    """Grow a forest for one parameter and ask it of the observed history and of planted ones.

    Args:
        units: Places of the parameter in its prior, shape (n,).
        statistics: Statistics, shape (n, statistics).
        target: Statistics of the observed history.
        planted: Rows of the planted histories.
        growing: How it is grown.
        judged: How many of them, the first, tell what it explains and what carries that; all where absent.
    """
    from sklearn.tree import DecisionTreeRegressor

    table = np.ascontiguousarray(statistics, np.float32)
    first = planted[:judged]
    fine = np.minimum(np.floor(units * _FINE), _FINE - 1)
    bins = (fine * BINS / _FINE).astype(np.int64)
    count, m, j = table.shape[1], len(planted), len(first)
    asked = np.concatenate([target.astype(np.float32)[None], table[planted], *_shuffled(table[first], growing.seed)])
    shares, trees = np.zeros((1 + m, BINS)), np.zeros(1 + m)
    told = np.zeros((1 + count, j))
    for tree, sample in growing.forest(DecisionTreeRegressor, table, fine):
        grown = tree.tree_
        leaves = grown.apply(table[sample])
        size = np.bincount(leaves, minlength=grown.node_count)
        within = np.bincount(leaves * BINS + bins[sample], minlength=grown.node_count * BINS).reshape(-1, BINS)
        at = grown.apply(asked)
        unseen = _unseen(len(table), sample, planted)
        mine = at[: 1 + m][unseen]
        shares[unseen] += within[mine] / size[mine][:, None]
        trees[unseen] += 1.0
        of_first = np.concatenate([at[None, 1 : 1 + j], at[1 + m :].reshape(count, j)])
        told += np.where(unseen[1 : 1 + j], grown.value[:, 0, 0][of_first], 0.0)
    known = trees[1 : 1 + j] > 0.0
    told = told[:, known] / trees[1 : 1 + j][known]
    explained = [_explained(fine[first][known], row) for row in told]
    shares = canonical(shares / np.maximum(trees, 1.0)[:, None])
    importances = np.array([explained[0] - other for other in explained[1:]])
    return Marginal(shares[0], shares[1:], float(canonical(np.array(explained[0]))), canonical(importances))


@dataclass(frozen=True)
class Classes:
    """What a forest says of which rulebook a history comes from.

    Attributes:
        votes: Share of trees that vote for each rulebook on the observed history, a torn one in parts, shape (rulebooks,).
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
    from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

    table = np.ascontiguousarray(np.concatenate(tables), np.float32)
    labels = np.concatenate([np.full(len(one), k) for k, one in enumerate(tables)])
    firsts = np.cumsum([0, *(len(one) for one in tables[:-1])])
    asked = np.concatenate([first + np.arange(min(len(one), asked_of_each)) for first, one in zip(firsts, tables, strict=True)])
    queries = np.concatenate([target.astype(np.float32)[None], table[asked]])
    votes, shares = np.zeros((len(queries), len(tables)), np.int64), np.zeros(len(tables))
    # Small leaves tie often, and a tree that is torn gives each an equal part: its whole vote to the first would favour the whole rulebook.
    whole = math.lcm(*range(1, len(tables) + 1))
    for tree, sample in growing.forest(DecisionTreeClassifier, table, labels):
        grown = tree.tree_
        # Shares of the classes that this tree has seen.
        leaf = np.zeros((len(queries), len(tables)))
        leaf[:, tree.classes_] = grown.value[:, 0, :][grown.apply(queries)]
        unseen = _unseen(len(table), sample, asked)
        most = leaf == leaf.max(axis=1, keepdims=True)
        votes += np.where(unseen[:, None] & most, whole // most.sum(axis=1, keepdims=True), 0)
        shares += leaf[0]
    known = votes[1:].sum(axis=1) > 0
    said, true = np.argmax(votes[1:], axis=1)[known], labels[asked][known]
    confusion = np.zeros((len(tables), len(tables)), np.int64)
    np.add.at(confusion, (true, said), 1)
    wrong = growing.forest(DecisionTreeRegressor, table[asked][known], (said != true).astype(float))
    error = np.cumsum([tree.tree_.value[tree.tree_.apply(queries[:1])[0], 0, 0] for tree, _ in wrong])[-1] / growing.trees
    return Classes(
        canonical(votes[0] / (whole * growing.trees)),
        canonical(shares / growing.trees),
        confusion,
        int(np.argmax(votes[0])),
        float(canonical(np.array(1.0 - error))),
    )


def _unseen(rows: int, sample: _Array, asked: _Array) -> _Array:
    """Return whether a tree grown on a sample has not seen the observed history, which none has, and each of the rows asked of."""
    seen = np.zeros(rows, bool)
    seen[sample] = True
    return np.concatenate([[True], ~seen[asked]])


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
