"""People: who bears arms came from a community, and returns to it, or does not.

One pool (SECOND 1). A community's people are civilians, under arms, jailed or dead; whole persons move from one to the
other and nobody is made or lost:

    people = civilians + armed + jailed + dead,      armed = sum over katibas of those who come from it.

Each katiba knows how many of its people come from which community (one place for a tie each) and how many are
outsiders, from beyond the map: they come with a brand, from prisons and by chance, and are counted as they come and go.
Whoever is taken from a katiba is taken from its communities in proportion, by systematic sampling with one draw.
"""

from __future__ import annotations

import math

from sim.rules.forms import chance, count, rule
from sim.world.decisions import RELEASE, TAKEN
from sim.world.layout import TIES_PER_EMIR

HOME, JAILED, DEAD = 0, 1, 2
"""What becomes of people who leave a katiba."""
(HOMEWARD, AMNESTIED, FOLDED, FALLEN, KILLED, KILLED_AGAIN, CAUGHT, CAUGHT_AGAIN, CLASHED, PURGED, LEFT, STAYED, ORPHANED, SENT, ASTRAY, UNHELD) = (
    range(16)
)
"""The occasions on which people leave a katiba: each draws for itself."""


@rule
def free(c, m):
    """Return how many civilians a community has."""
    return c.people[m] - c.armed[m] - c.jailed[m] - c.dead[m]


@rule
def take(w, t, i, n, occasion, fate):
    """Take n people (a whole number, at most all) from katiba i and let them go home, to jail or to their graves; return how many."""
    e = w.emir
    y = w.tie
    c = w.community
    s = e.strength[i]
    if n > s:
        n = s
    if n <= 0.0:
        return 0.0
    u = chance(w, t, e.identity[i], TAKEN, occasion)
    seen = 0.0
    drawn = 0.0
    for j in range(i * TIES_PER_EMIR, i * TIES_PER_EMIR + e.places[i]):
        if y.fighters[j] > 0.0:
            seen += y.fighters[j]
            upto = float(math.floor(n * seen / s + u))
            k = upto - drawn
            drawn = upto
            y.fighters[j] -= k
            m = y.community[j]
            c.armed[m] -= k
            if fate == JAILED:
                c.jailed[m] += k
            elif fate == DEAD:
                c.dead[m] += k
    k = n - drawn
    e.outsiders[i] -= k
    w.measure.outsiders[0] -= k
    e.strength[i] -= n
    return n


@rule
def join_up(w, i, j, n):
    """Let up to n people of the community at place j of katiba i take up arms with it; return how many there were."""
    c = w.community
    m = w.tie.community[j]
    there = free(c, m)
    if n > there:
        n = there
    if n <= 0.0:
        return 0.0
    c.armed[m] += n
    w.tie.fighters[j] += n
    w.emir.strength[i] += n
    return n


@rule
def come_in(w, i, n):
    """Let n outsiders join katiba i."""
    w.emir.outsiders[i] += n
    w.emir.strength[i] += n
    w.measure.outsiders[0] += n


@rule
def place_of(w, i, m):
    """Return the place at which katiba i keeps community m, else an empty one, else -1."""
    empty = -1
    for j in range(i * TIES_PER_EMIR, (i + 1) * TIES_PER_EMIR):
        if w.tie.community[j] == m:
            return j
        if empty < 0 and w.tie.community[j] < 0:
            empty = j
    return empty


@rule
def settle(w, i, j, m):
    """Let katiba i keep community m at place j; places beyond the last that was ever taken are passed over by every rule."""
    w.tie.community[j] = m
    if j - i * TIES_PER_EMIR >= w.emir.places[i]:
        w.emir.places[i] = j - i * TIES_PER_EMIR + 1


@rule
def hand_over(w, t, i, j, n, occasion):
    """Let n people go over from katiba i to katiba j; whoever finds no place there (a seventh community) goes home."""
    e = w.emir
    y = w.tie
    c = w.community
    s = e.strength[i]
    if n > s:
        n = s
    if n <= 0.0:
        return
    u = chance(w, t, e.identity[i], TAKEN, occasion)
    seen = 0.0
    drawn = 0.0
    for a in range(i * TIES_PER_EMIR, i * TIES_PER_EMIR + e.places[i]):
        if y.fighters[a] > 0.0:
            seen += y.fighters[a]
            upto = float(math.floor(n * seen / s + u))
            k = upto - drawn
            drawn = upto
            if k > 0.0:
                m = y.community[a]
                y.fighters[a] -= k
                b = place_of(w, j, m)
                if b < 0:
                    c.armed[m] -= k
                else:
                    if y.community[b] < 0:
                        settle(w, j, b, m)
                        # How their people see them goes along.
                        y.fear[b] = y.fear[a]
                        y.money[b] = y.money[a]
                        y.lesser_evil[b] = y.lesser_evil[a]
                        y.conviction[b] = y.conviction[a]
                        y.harm[b] = y.harm[a]
                    y.fighters[b] += k
                    e.strength[j] += k
    k = n - drawn
    e.outsiders[i] -= k
    e.outsiders[j] += k
    e.strength[j] += k
    e.strength[i] -= n


@rule
def muster(w, i):
    """A katiba whose group enters takes up arms: its people leave their communities, as far as these have them. Return its strength."""
    e = w.emir
    y = w.tie
    for j in range(i * TIES_PER_EMIR, (i + 1) * TIES_PER_EMIR):
        m = y.community[j]
        if m >= 0 and y.fighters[j] > 0.0:
            n = y.fighters[j]
            y.fighters[j] = 0.0
            e.strength[i] -= n
            join_up(w, i, j, n)
    w.measure.outsiders[0] += e.outsiders[i]
    return e.strength[i]


@rule
def release(w, p, t, i):
    """Some of the jailed of a community are let go and return to it. Row: community."""
    c = w.community
    if c.jailed[i] > 0.0:
        n = count(w, t, c.identity[i], RELEASE, 0, c.jailed[i] * p.release_rate)
        if n > c.jailed[i]:
            n = c.jailed[i]
        c.jailed[i] -= n


@rule
def vacate(w, i):
    """Katiba i is no more: its row is free for the next that is founded, the lowest first, so that a month's loops stay short."""
    w.emir.alive[i] = 0
    if i < w.clock.next_emir[0]:
        w.clock.next_emir[0] = i
