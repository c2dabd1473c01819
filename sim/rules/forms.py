"""Functional forms that the rules share, and the decorator that makes a function a rule.

A rule is an ordinary Python function. :func:`rule` leaves it as it is for the interpreter and lets Numba compile it
into whatever compiled function calls it: one text, two ways to run it. Powers are written as products and square roots,
and minima and maxima as comparisons, because these mean the same to the last bit in both.
"""

from __future__ import annotations

import math

from numba.extending import register_jitable

from sim.world.draws import poisson_quantile, uniform

rule = register_jitable(forceinline=True, error_model="numpy", _nrt=False)
"""Make a pure function of (world, parameters, month, row) callable from interpreted and from compiled code.

Rules allocate nothing, so they are compiled without Numba's reference counting (``_nrt=False``), which would count every table up and down at every
call: that, and
inlining, make the month four times as fast.
"""

FLAT = 40.0
"""Log-odds beyond which a logistic is taken as flat."""
THREE = 3.0
"""Of a series' third term."""
MEAN_MOST = 5000.0
"""Largest mean of a count: more people or events than that in a month and place are cut, so that a draw stays quick."""
MOST_RATIO = 1.0e4
"""Largest ratio of two quantities of which the lower may all but vanish."""


@rule
def clamp(x, low, high):
    """Return x kept within [low, high]."""
    if x < low:
        return low
    if x > high:
        return high
    return x


@rule
def share(x):
    """Return x kept within [0, 1]."""
    if x < 0.0:
        return 0.0
    if x > 1.0:
        return 1.0
    return x


@rule
def positive(x):
    """Return x, or 0 where it is negative."""
    if x > 0.0:
        return x
    return 0.0


@rule
def toward(x, target, rate):
    """Return x moved toward a target by a monthly rate in [0, 1]: partial adjustment."""
    return x + rate * (target - x)


@rule
def logistic(x):
    """Return 1 / (1 + exp(-x)), flat far out."""
    if x > FLAT:
        return 1.0
    if x < -FLAT:
        return 0.0
    return 1.0 / (1.0 + math.exp(-x))


@rule
def yields(u, x):
    """Return whether a uniform u falls below the chance logistic(x): a choice at log-odds x.

    1 + e^y lies above 2 + y + y²/2 for y > 0, so most choices are told without an exponential.
    """
    y = x
    if x < 0.0:
        y = -x
    if y > FLAT:
        return x > 0.0
    rare = 1.0 / (2.0 + y * (1.0 + 0.5 * y))
    if x < 0.0 and u >= rare:
        return False
    if x >= 0.0 and u < 1.0 - rare:
        return True
    return u < logistic(x)


@rule
def remainder(u, chance, happened):
    """Return what is left of a uniform once it is told whether it falls below a chance: again a uniform, so one draw serves several questions."""
    if happened:
        return u / chance
    return (u - chance) / (1.0 - chance)


@rule
def risk(hazard):
    """Return the chance of at least one event in a month at a constant hazard (1 / month)."""
    if hazard <= 0.0:
        return 0.0
    return 1.0 - math.exp(-hazard)


@rule
def part(x, whole):
    """Return x / whole, or 0 where there is no whole."""
    if whole > 0.0:
        return x / whole
    return 0.0


@rule
def ratio(x, whole):
    """Return x / whole as :func:`part` does, at most :data:`MOST_RATIO`: over next to nothing it would be no number."""
    if x >= MOST_RATIO * whole:
        x = MOST_RATIO * whole
    return part(x, whole)


@rule
def chance(w, t, who, decision, index):
    """Return the uniform in (0, 1) at the address (seed, replicate, month, who, decision, index)."""
    return uniform(w.clock.seed[0], w.clock.replicate[0], t, who, decision, index)


@rule
def count(w, t, who, decision, index, mean):
    """Return a Poisson count around a mean, drawn at an address: a whole number, as a float."""
    if mean <= 0.0:
        return 0.0
    if mean > MEAN_MOST:
        mean = MEAN_MOST
    u = chance(w, t, who, decision, index)
    # exp(-m) lies above 1 - m + m²/2 - m³/6: most counts are small, and this tells most noughts without an exponential.
    if u < 1.0 - mean * (1.0 - 0.5 * mean * (1.0 - mean / THREE)):
        return 0.0
    return float(poisson_quantile(u, mean))


@rule
def befalls(u, hazard):
    """Return whether a uniform u falls below the chance of at least one event in a month at a constant hazard (1 / month).

    The chance lies below the hazard, so most that does not happen is told without an exponential.
    """
    return u < hazard and u < 1.0 - math.exp(-hazard)


@rule
def happens(w, t, who, decision, index, hazard):
    """Return whether what has a constant hazard (1 / month) happens in the month, drawn at an address; nothing is drawn where there is no hazard."""
    return hazard > 0.0 and befalls(chance(w, t, who, decision, index), hazard)


@rule
def whole(x, u):
    """Return x rounded to a whole number, up with the chance of its fraction: u is a uniform in (0, 1)."""
    return float(math.floor(x + u))
