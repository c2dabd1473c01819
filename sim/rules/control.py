"""M3 The terrorist's dilemma, and M4 centralised and deconcentrated power (B; Shapiro 2013).

Control c is the intensity of contact with the emirs. It reduces agency loss and, because contact exposes operatives, it
raises exposure. With D the divergence the leadership believes in, X the intelligence its katibas face and e =
contact_exposure what full contact gives away, its expected loss is quadratic in control,

    L(c) = agency_weight D (1 - c)^2 + (exposure_weight X e + control_cost) c^2
    c* = agency_weight D / (agency_weight D + exposure_weight X e + control_cost),

an interior optimum that falls with state intelligence and with what contact gives away, and rises with divergence. The
leadership never sees D: it learns each emir's divergence through the contact it keeps, with noise that contact reduces.

An emir's contact is control thinned by remoteness and by a succession. He shirks d (1 - monitoring x contact). His
effective autonomy comes from his own means, his ties and his distance; what he holds beyond what the centre grants (1 -
centralisation) is the tension of M4.
"""

from __future__ import annotations

from sim.rules.forms import chance, clamp, positive, rule, share, toward
from sim.world.decisions import LEARN


@rule
def supervise(w, p, t, i):
    """Contact, shirking, what the leadership learns, autonomy and tension. Row: emir."""
    e = w.emir
    o = w.organisation
    r = w.region
    g = e.organisation[i]
    k = e.region[i]
    thin = 1.0 - p.remote_contact * r.remoteness[k]
    if o.disruption[g] > 0.0:
        thin *= 0.5
    if e.dormant[i] == 1:
        thin *= 0.5
    e.contact[i] = share(o.control[g] * thin)
    e.shirking[i] = share(e.divergence[i] * (1.0 - p.monitoring * e.contact[i]))
    error = p.perception_noise * (1.0 - e.contact[i]) * (2.0 * chance(w, t, e.identity[i], LEARN, 0) - 1.0)
    e.perceived[i] = share(toward(e.perceived[i], e.divergence[i] + error, p.learning_rate * (0.2 + e.contact[i])))
    means = e.purse[i] / (e.purse[i] + p.purse_half)
    e.autonomy[i] = share(0.4 * means + 0.3 * e.ties[i] + 0.3 * (1.0 - e.contact[i]))
    e.tension[i] = 0.0
    if p.on_deconcentration == 1:
        e.tension[i] = positive(e.autonomy[i] - (1.0 - o.centralisation[g]))
    contact = 0.0
    if p.on_control_dilemma == 1:
        contact = p.contact_exposure * e.contact[i]
    idle = 1.0
    if e.dormant[i] == 1:
        # One hides among people: lying low is worth as much as they keep silent (B: haven is a social space).
        idle = p.dormant_exposure + (1.0 - p.dormant_exposure) * e.tips[i]
    seen = (p.base_exposure + contact + p.activity_exposure * e.tempo[i] / (e.tempo[i] + 1.0) + p.tip_exposure * e.tips[i]) * idle
    e.exposure[i] = share(seen * (1.0 - e.haven[i]))


@rule
def optimum(p, divergence, threat):
    """Return the control that minimises the expected loss, given divergence believed and threat faced."""
    wanted = p.agency_weight * divergence
    feared = p.control_cost
    if p.on_control_dilemma == 1:
        feared += p.exposure_weight * threat * p.contact_exposure
    return wanted / (wanted + feared)


@rule
def choose(w, p, t, i):
    """The leadership moves control towards what it believes best; the threat it weighs is what its katibas' regions hold. Row: organisation."""
    o = w.organisation
    if p.on_meta_strategy == 0:
        return
    o.control[i] = clamp(toward(o.control[i], optimum(p, o.perceived[i], o.threat[i]), p.control_rate), 0.0, 1.0)
