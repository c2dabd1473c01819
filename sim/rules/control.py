"""M3 The terrorist's dilemma, and M4 centralised and deconcentrated power (B; Shapiro 2013). There is no formula for the best control.

Control is how often the leadership meets its emirs. Meetings are counted, thinned by distance, and none are held while nobody leads:

    n ~ Poisson(meetings x control x (1 - remote_contact x remoteness)),        trace X' = trace_keep X + n

An emir who meets his leader is called to account with chance 1 - unseen^n. What he fears of that he learns (Sah 1991): q moves to what happened. He
decides apart about money and about targets (Becker 1968), with log-odds

    choice_slope (temptation x gap - deterrence x q),

the gap being that of agenda for money and the mean of belief and information for targets. Money kept is not remitted; targets of his own choosing are
what people remember (violence). Meetings are contact, and contact is a graph with the leader at its hub: what one detection gives away is in
violence.

Effective autonomy comes from his own purse, his ties and how rarely he is met; what he holds beyond what the centre grants (1 - centralisation) is
the tension of M4.
"""

from __future__ import annotations

from sim.rules.forms import chance, count, logistic, part, positive, remainder, rule, share, toward, yields
from sim.world.decisions import ACCOUNT, MEET


@rule
def supervise(w, p, t, i):
    """Meetings, what they leave behind, whether he is called to account, and what he does when he is not. Row: emir."""
    e = w.emir
    o = w.organisation
    r = w.region
    g = e.organisation[i]
    k = e.region[i]
    who = e.identity[i]
    if who == o.leader[g] and o.vacant[g] == 0:
        lead_himself(w, p, i)
        return
    mean = p.meetings * o.control[g] * (1.0 - p.remote_contact * r.remoteness[k])
    if e.dormant[i] == 1:
        mean *= 0.5
    if o.vacant[g] == 1:
        mean = 0.0
    n = count(w, t, who, MEET, 0, mean)
    e.met[i] = n
    e.trace[i] = p.trace_keep * e.trace[i] + n
    unseen = 1.0
    for _ in range(int(n)):
        unseen *= p.unseen
    e.contact[i] = 1.0 - unseen
    # One draw tells in turn whether he is called to account, keeps money, and picks his own targets.
    u = chance(w, t, who, ACCOUNT, 0)
    called = 0.0
    if u >= unseen:
        called = 1.0
    u = remainder(u, unseen, u < unseen)
    e.deterrence[i] = toward(e.deterrence[i], called, p.deterrence_rate)
    fear = p.deterrence * e.deterrence[i]
    skims = 0.0
    x = logistic(p.choice_slope * (p.temptation * e.gap_agenda[i] - fear))
    if u < x:
        skims = 1.0
    u = remainder(u, x, u < x)
    strays = 0.0
    if yields(u, p.choice_slope * (p.temptation * 0.5 * (e.gap_belief[i] + e.gap_information[i]) - fear)):
        strays = 1.0
    e.skims[i] = skims
    e.strays[i] = strays
    e.caught[i] = called * skims
    e.shirking[i] = toward(e.shirking[i], 0.5 * (skims + strays), p.deterrence_rate)
    means = part(e.purse[i], e.purse[i] + p.purse_half)
    e.autonomy[i] = share((means + e.ties[i] + 1.0 - e.contact[i]) / SOURCES)
    e.tension[i] = 0.0
    if p.on_deconcentration == 1:
        e.tension[i] = positive(e.autonomy[i] - (1.0 - o.centralisation[g]))


@rule
def lead_himself(w, p, i):
    """A leader who commands a katiba himself needs no meeting with it, and does not cheat himself."""
    e = w.emir
    e.met[i] = 0.0
    e.trace[i] = p.trace_keep * e.trace[i]
    e.contact[i] = 1.0
    e.deterrence[i] = 1.0
    e.skims[i] = 0.0
    e.strays[i] = 0.0
    e.caught[i] = 0.0
    e.shirking[i] = 0.0
    e.autonomy[i] = 0.0
    e.tension[i] = 0.0


SOURCES = 3.0
"""What gives an emir autonomy: money, ties, distance."""
