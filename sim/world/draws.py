"""Addressed draws: chance as a pure function of where in the model it is asked for.

Every draw has an address: ``(seed, replicate, month, identity, decision, index)``. The first two are the key and the
last four the counter of Philox 4x32-10 (Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2,
3"), a generator without a state. So the same world asked twice answers alike, in any order, on any number of threads,
under either engine; and a world with one thing changed keeps every other draw, which is what makes paired comparison
exact. Every distribution is the inverse CDF of one addressed uniform, and therefore monotone in it: the same address
under a higher mean or probability never gives less.

The functions are compiled scalars, called alike from compiled code (about 10 ns a uniform) and from plain Python (about
0.3 µs), so the interpreted and the compiled engine get the same bits. Each part of an address is an integer of which
the low 32 bits count: whoever takes a seed from a user refuses what does not fit, or two seeds would be one. A float in
an integer's place is cut, not refused, by compiled code.

Each function has one explicit signature, so there is one specialisation and no compilation in mid-run. The generator's
products need all 64 bits without a sign: signed overflow is undefined in Numba (it promises LLVM that there is none,
and LLVM acts on it once a call is inlined). Inside ``philox`` everything is therefore uint64, constants included,
because Numba turns a mixture of uint64 and int64 into float64; outside it everything is int64, as integers from Python
are.

Compiled callers carry a copy of this code in their own cache, which Numba does not renew when only this file changes.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final, TypeVar, cast

import numba
import numpy as np
import numpy.typing as npt

_Function = TypeVar("_Function", bound=Callable[..., object])

POISSON_MEAN_MAX: Final = 10_000.0
"""Largest mean that :func:`poisson_quantile` accepts; its time grows with the mean (about 2 ns a unit)."""

_MASK: Final = 0xFFFFFFFF
_TWO_TO_MINUS_52: Final = 2.0**-52

# Philox 4x32 multipliers and the Weyl increments of its key (Salmon et al. 2011).
_MULTIPLIER_0: Final = np.uint64(0xD2511F53)
_MULTIPLIER_1: Final = np.uint64(0xCD9E8D57)
_WEYL_0: Final = np.uint64(0x9E3779B9)
_WEYL_1: Final = np.uint64(0xBB67AE85)
_LOW_WORD: Final = np.uint64(_MASK)
_WORD: Final = np.uint64(32)

# The key under which identities of the newborn are made: "chil", "dren" in ASCII. Any constant would do; it must only never change.
_CHILD_KEY_0: Final = 0x6368696C
_CHILD_KEY_1: Final = 0x6472656E
_BORN: Final = 0x80000000

# e**-512 is far from underflow, and so is a probability scaled by it.
_BLOCK: Final = 512.0
_EXP_MINUS_BLOCK: Final = math.exp(-_BLOCK)
_UPPER_TAIL: Final = 1.0 - 2.0**-20
_NEGLIGIBLE: Final = 2.0**-110

_ADDRESS: Final = "int64, int64, int64, int64, int64, int64"


def _compiled(signature: object) -> Callable[[_Function], _Function]:
    """Compile for one signature; no ``fastmath``, which would let the two engines differ in the last bit."""
    return cast("Callable[[_Function], _Function]", numba.njit(signature, cache=True, nogil=True, error_model="numpy"))


@_compiled("UniTuple(int64, 4)(int64, int64, int64, int64, int64, int64)")
def philox(c0: int, c1: int, c2: int, c3: int, k0: int, k1: int) -> tuple[int, int, int, int]:
    """Four random 32-bit words from a counter and a key: Philox 4x32-10.

    Args:
        c0: Counter, first word (as of all six, the low 32 bits count).
        c1: Counter, second word.
        c2: Counter, third word.
        c3: Counter, fourth word.
        k0: Key, first word.
        k1: Key, second word.

    Returns:
        Four integers in 0 .. 2**32 - 1.
    """
    x0, x1, x2, x3 = np.uint64(c0 & _MASK), np.uint64(c1 & _MASK), np.uint64(c2 & _MASK), np.uint64(c3 & _MASK)
    key0, key1 = np.uint64(k0 & _MASK), np.uint64(k1 & _MASK)
    for _ in range(10):
        product0 = _MULTIPLIER_0 * x0
        product1 = _MULTIPLIER_1 * x2
        x0, x1, x2, x3 = (product1 >> _WORD) ^ x1 ^ key0, product1 & _LOW_WORD, (product0 >> _WORD) ^ x3 ^ key1, product0 & _LOW_WORD
        key0 = (key0 + _WEYL_0) & _LOW_WORD
        key1 = (key1 + _WEYL_1) & _LOW_WORD
    return int(x0), int(x1), int(x2), int(x3)


@_compiled(f"float64({_ADDRESS})")
def uniform(seed: int, replicate: int, month: int, identity: int, decision: int, index: int) -> float:
    """The uniform draw at an address, in the open interval (0, 1).

    Args:
        seed: The study's seed, 0 .. 2**32 - 1.
        replicate: Which history under that seed.
        month: Month of the run.
        identity: Who draws; unique among all agents that make this decision.
        decision: What is decided: a code of :mod:`sim.world.decisions`.
        index: Which of several draws for one decision.

    Returns:
        ``(k + 1/2) / 2**52`` with ``k`` of 52 random bits: exact, as ``1 - u`` is, and never 0 or 1.
    """
    w0, w1, _, _ = philox(month, identity, decision, index, seed, replicate)
    return (((w0 << 20) | (w1 >> 12)) + 0.5) * _TWO_TO_MINUS_52


@_compiled("float64(float64)")
def normal_quantile(u: float) -> float:
    """Quantile of the standard normal distribution: Wichura's algorithm AS 241, PPND16 (1988), good to about 1 part in 10**16.

    Args:
        u: Probability, in the open interval (0, 1).

    Returns:
        The ``x`` with ``Phi(x) = u``.

    Raises:
        ValueError: If ``u`` is not strictly between 0 and 1.
    """
    if not 0.0 < u < 1.0:
        raise ValueError("normal_quantile: u must lie strictly between 0 and 1")
    q = u - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        above = 2.5090809287301226727e3
        above = above * r + 3.3430575583588128105e4
        above = above * r + 6.7265770927008700853e4
        above = above * r + 4.5921953931549871457e4
        above = above * r + 1.3731693765509461125e4
        above = above * r + 1.9715909503065514427e3
        above = above * r + 1.3314166789178437745e2
        above = above * r + 3.3871328727963666080e0
        below = 5.2264952788528545610e3
        below = below * r + 2.8729085735721942674e4
        below = below * r + 3.9307895800092710610e4
        below = below * r + 2.1213794301586595867e4
        below = below * r + 5.3941960214247511077e3
        below = below * r + 6.8718700749205790830e2
        below = below * r + 4.2313330701600911252e1
        below = below * r + 1.0
        return q * above / below
    r = math.sqrt(-math.log(u if q < 0.0 else 1.0 - u))
    if r <= 5.0:
        r -= 1.6
        above = 7.74545014278341407640e-4
        above = above * r + 2.27238449892691845833e-2
        above = above * r + 2.41780725177450611770e-1
        above = above * r + 1.27045825245236838258e0
        above = above * r + 3.64784832476320460504e0
        above = above * r + 5.76949722146069140550e0
        above = above * r + 4.63033784615654529590e0
        above = above * r + 1.42343711074968357734e0
        below = 1.05075007164441684324e-9
        below = below * r + 5.47593808499534494600e-4
        below = below * r + 1.51986665636164571966e-2
        below = below * r + 1.48103976427480074590e-1
        below = below * r + 6.89767334985100004550e-1
        below = below * r + 1.67638483018380384940e0
        below = below * r + 2.05319162663775882187e0
        below = below * r + 1.0
    else:
        r -= 5.0
        above = 2.01033439929228813265e-7
        above = above * r + 2.71155556874348757815e-5
        above = above * r + 1.24266094738807843860e-3
        above = above * r + 2.65321895265761230930e-2
        above = above * r + 2.96560571828504891230e-1
        above = above * r + 1.78482653991729133580e0
        above = above * r + 5.46378491116411436990e0
        above = above * r + 6.65790464350110377720e0
        below = 2.04426310338993978564e-15
        below = below * r + 1.42151175831644588870e-7
        below = below * r + 1.84631831751005468180e-5
        below = below * r + 7.86869131145613259100e-4
        below = below * r + 1.48753612908506148525e-2
        below = below * r + 1.36929880922735805310e-1
        below = below * r + 5.99832206555887937690e-1
        below = below * r + 1.0
    return -above / below if q < 0.0 else above / below


@_compiled(f"float64({_ADDRESS})")
def normal(seed: int, replicate: int, month: int, identity: int, decision: int, index: int) -> float:
    """The standard normal draw at an address (see :func:`uniform` for its parts)."""
    return normal_quantile(uniform(seed, replicate, month, identity, decision, index))


@_compiled("int64(float64, float64)")
def poisson_quantile(u: float, mean: float) -> int:
    """Quantile of the Poisson distribution by summing its probabilities, with no approximation but rounding.

    The sum runs upward from zero. Within 2**-20 of certainty, where such a sum cannot tell one value from the next, it runs downward from
    where nothing is left, against ``1 - u``. Either way an answer other than the true one needs a ``u`` within rounding of a step of the CDF.

    Args:
        u: Probability, in (0, 1); from 1e-200 on the answer is exact as said, which every addressed uniform is well above.
        mean: The distribution's mean, 0 .. :data:`POISSON_MEAN_MAX`.

    Returns:
        The smallest ``k`` with ``P(X <= k) >= u``; 0 if the mean is 0. But for rounding, it never decreases as ``u`` or the mean grows.

    Raises:
        ValueError: If ``u`` or ``mean`` is outside its range, or not a number.
    """
    if not 0.0 < u < 1.0:
        raise ValueError("poisson_quantile: u must lie strictly between 0 and 1")
    if not 0.0 <= mean <= POISSON_MEAN_MAX:
        raise ValueError("poisson_quantile: mean must lie in 0 .. 10000")
    if mean == 0.0:
        return 0
    # exp(-mean) would underflow for a large mean, so whole blocks of it are held back until the terms have grown; while any is held back,
    # the true sum is below 1e-200.
    held_back = math.floor(mean / _BLOCK)
    term = math.exp(held_back * _BLOCK - mean)
    total = term
    k = 0
    upper_tail = u > _UPPER_TAIL
    while held_back > 0 or (term >= _NEGLIGIBLE or k <= mean if upper_tail else total < u):
        if held_back > 0 and term >= 1.0:
            term *= _EXP_MINUS_BLOCK
            total *= _EXP_MINUS_BLOCK
            held_back -= 1
        else:
            k += 1
            term *= mean / k
            total += term
    if upper_tail:
        total = term
        while k > 0 and total <= 1.0 - u:
            term *= k / mean
            k -= 1
            total += term
    return k


@_compiled(f"int64({_ADDRESS}, float64)")
def poisson(seed: int, replicate: int, month: int, identity: int, decision: int, index: int, mean: float) -> int:
    """The Poisson draw at an address (see :func:`uniform` for its parts, :func:`poisson_quantile` for the mean's range and the errors)."""
    return poisson_quantile(uniform(seed, replicate, month, identity, decision, index), mean)


@_compiled(f"float64({_ADDRESS}, float64)")
def exponential(seed: int, replicate: int, month: int, identity: int, decision: int, index: int, mean: float) -> float:
    """The exponential draw at an address (see :func:`uniform` for its parts).

    Args:
        seed: See :func:`uniform`.
        replicate: See :func:`uniform`.
        month: See :func:`uniform`.
        identity: See :func:`uniform`.
        decision: See :func:`uniform`.
        index: See :func:`uniform`.
        mean: The distribution's mean (the inverse of its rate), finite and not negative.

    Returns:
        A waiting time in the unit of ``mean``; 0 if the mean is 0.

    Raises:
        ValueError: If ``mean`` is negative, infinite or not a number.
    """
    if not 0.0 <= mean < math.inf:
        raise ValueError("exponential: mean must be finite and not negative")
    # 1 - u is exact for an addressed uniform, so nothing is lost against log1p.
    return -mean * math.log(1.0 - uniform(seed, replicate, month, identity, decision, index))


@_compiled(f"boolean({_ADDRESS}, float64)")
def happens(seed: int, replicate: int, month: int, identity: int, decision: int, index: int, probability: float) -> bool:
    """Whether an event of a given probability happens at an address.

    Args:
        seed: See :func:`uniform`.
        replicate: See :func:`uniform`.
        month: See :func:`uniform`.
        identity: See :func:`uniform`.
        decision: See :func:`uniform`.
        index: See :func:`uniform`.
        probability: At or below 0 never, at or above 1 always: a hazard put together from several parts need not be clipped.

    Returns:
        Whether the uniform at the address is below ``probability``.

    Raises:
        ValueError: If ``probability`` is not a number.
    """
    if math.isnan(probability):
        raise ValueError("happens: probability is not a number")
    return uniform(seed, replicate, month, identity, decision, index) < probability


# A read-only array of any layout accepts every one-dimensional array of float64: views and strides included.
@_compiled(numba.int64(numba.float64, numba.types.Array(numba.float64, 1, "A", readonly=True)))
def categorical(u: float, weights: npt.NDArray[np.float64]) -> int:
    """Choose among options by weight: the inverse CDF over their order.

    Args:
        u: Probability, in (0, 1).
        weights: One weight per option, shape ``(options,)``, float64; not negative, not all 0; they need not sum to 1.

    Returns:
        Index of the option chosen; never one of weight 0.

    Raises:
        ValueError: If ``u`` is outside (0, 1), a weight is negative or not a number, or the weights' sum is 0 or not finite.
    """
    if not 0.0 < u < 1.0:
        raise ValueError("categorical: u must lie strictly between 0 and 1")
    total = 0.0
    for i in range(weights.shape[0]):
        if not weights[i] >= 0.0:
            raise ValueError("categorical: a weight is negative or not a number")
        total += weights[i]
    if not 0.0 < total < math.inf:
        raise ValueError("categorical: the weights must have a finite sum above 0")
    target = u * total
    reached = 0.0
    chosen = 0
    for i in range(weights.shape[0]):
        if weights[i] > 0.0:
            # Stays at the last option of positive weight, should rounding lift the target to the total.
            chosen = i
            reached += weights[i]
            if target < reached:
                break
    return chosen


@_compiled("int64(float64, float64, float64, float64)")
def categorical3(u: float, weight0: float, weight1: float, weight2: float) -> int:
    """Choose among up to three options without making an array, exactly as :func:`categorical` does (a weight of 0 for an option there is not)."""
    if not 0.0 < u < 1.0:
        raise ValueError("categorical3: u must lie strictly between 0 and 1")
    if not (weight0 >= 0.0 and weight1 >= 0.0 and weight2 >= 0.0):
        raise ValueError("categorical3: a weight is negative or not a number")
    total = weight0 + weight1 + weight2
    if not 0.0 < total < math.inf:
        raise ValueError("categorical3: the weights must have a finite sum above 0")
    target = u * total
    if target < weight0 or (weight1 == 0.0 and weight2 == 0.0):
        return 0
    if weight1 > 0.0 and (target < weight0 + weight1 or weight2 == 0.0):
        return 1
    return 2


@_compiled("int64(int64, int64, int64)")
def child_identity(parent: int, month: int, ordinal: int) -> int:
    """Identity of an agent born in the run, from its own line alone: a birth elsewhere moves nobody's draws.

    It depends on neither seed nor replicate, so the same birth in a paired history bears the same name. Of two of ``n`` such agents
    coinciding the probability is about ``n**2 / 2**32`` (one in four hundred thousand for a hundred); two that do would share draws in the
    months they both live, so an identity is an address of chance and not a key to look an agent up by.

    Args:
        parent: Identity of the agent it comes from.
        month: Month of its birth.
        ordinal: Which of its parent's children of that month.

    Returns:
        An integer in 2**31 .. 2**32 - 1: never 0, and never the identity of an agent of the start, if those are numbered below 2**31.
    """
    w0, _, _, _ = philox(parent, month, ordinal, 0, _CHILD_KEY_0, _CHILD_KEY_1)
    return w0 | _BORN
