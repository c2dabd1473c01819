"""The core of dilemma-101 in plain, idiomatic Mesa: an honest second reference for speed.

A Mesa model over arrays is slower than one written by hand, so the engine is also measured against this: ordinary agents with ordinary
attributes, ``AgentSet.do``, ``model.random``, a ``DataCollector``. Same scenario file, same number of agents and months, the equations of the
core of the rulebook (divergence, control, exposure, ties, legitimacy, money, recruits, attacks, detections, attrition, exits, succession,
endings). Its draws come from one shared stream, so its histories are not those of the rulebook, only of the same kind.
"""

from __future__ import annotations

import math

import mesa

from sim.scenario.load import load_scenario, resolved_parameters
from sim.scenario.timeline import month_count, month_index


def clip(x, low=0.0, high=1.0):
    return low if x < low else high if x > high else x


class Place:
    def __init__(self, spec):
        self.spec = spec
        self.communities = []
        self.pressure = self.intelligence = self.conflict = self.violence = 0.0

    @property
    def people(self):
        return sum(c.population for c in self.communities)


class Community(mesa.Agent):
    def __init__(self, model, spec):
        super().__init__(model)
        self.place = model.places[spec.region]
        self.population, self.grievance, self.trust, self.norm = spec.population, spec.grievance, spec.trust, spec.norm
        self.start, self.neglect, self.cleavage, self.socialisation = spec.grievance, spec.neglect, spec.cleavage, spec.socialisation
        self.place.communities.append(self)

    def step(self):
        p, place = self.model.p, self.place
        self.grievance += p["grievance_rate"] * (self.start - self.grievance) + p["backlash"] * 0.4 * place.pressure * (1 - self.grievance)
        self.trust *= 1 - p["trust_loss"] * 0.4 * place.pressure
        self.socialisation *= 1 - p["socialisation_fade"]


class Force(mesa.Agent):
    def __init__(self, model, spec):
        super().__init__(model)
        self.spec, self.morale, self.blow = spec, spec.morale, 0.0
        self.posts = [model.places[name] for name in spec.regions]

    def step(self):
        p = self.model.p
        rate = self.blow / (self.blow + p["blow_half"] * (0.2 + self.spec.strength / 5000))
        self.morale = clip(self.morale + p["morale_recovery"] * (self.spec.morale - self.morale) - p["morale_loss"] * rate * self.morale)
        self.blow = 0.0
        capacity = self.spec.strength * self.morale * (1 - p["division_weight"] * self.spec.division)
        weights = []
        for place in self.posts:
            armed = sum(e.strength for e in self.model.emirs_at(place))
            weights.append((p["patrol_floor"] + place.conflict + armed / (armed + p["presence_half"])) * (0.1 + 0.9 * place.spec.reach))
        for place, weight in zip(self.posts, weights, strict=True):
            effort = capacity * weight / sum(weights)
            place.pressure = effort / (effort + p["pressure_half"])
            place.intelligence = self.spec.intelligence


class Leader(mesa.Agent):
    def __init__(self, model, control, rhetoric, agenda, centralisation, posture, brutality, bench, treasury, born):
        super().__init__(model)
        self.control, self.rhetoric, self.agenda, self.centralisation, self.posture = control, rhetoric, agenda, centralisation, posture
        self.brutality, self.bench, self.treasury, self.born = brutality, bench, treasury, born
        self.information = self.disruption = self.fitness = 0.0
        self.last = None

    @property
    def emirs(self):
        return [e for e in self.model.agents_by_type[Emir] if e.leader is self]

    @property
    def strength(self):
        return sum(e.strength for e in self.emirs)

    def step(self):
        p, emirs = self.model.p, self.emirs
        strength = sum(e.strength for e in emirs)
        if not emirs or strength < p["least_organisation"]:
            self.model.endings += 1
            for emir in emirs:
                emir.remove()
            self.remove()
            return
        believed = sum(e.strength * e.perceived for e in emirs) / strength
        threat = sum(e.strength * e.place.intelligence * e.place.pressure for e in emirs) / strength
        wanted = p["agency_weight"] * believed
        best = wanted / (wanted + p["control_cost"] + p["exposure_weight"] * threat)
        self.control += p["control_rate"] * (best - self.control)
        growth = 0.0 if self.last is None else (strength - self.last) / self.last
        self.fitness += p["fitness_memory"] * (growth - self.fitness)
        self.last = strength
        if self.fitness < -0.02:
            self.posture = clip(self.posture - 0.01, 0.05)
        self.disruption = max(0.0, self.disruption - 1)
        self.treasury *= 1 - p["contact_cost"] * self.control
        hazard = p["leader_hazard"] * threat * (0.2 + 0.5 * self.control) + p["leader_mortality"]
        if self.model.random.random() < 1 - math.exp(-hazard):
            self.die()

    def die(self):
        age = (self.model.month - self.born) / 12
        fragile = 0.4 + 0.8 * math.exp(-age / 5) + 0.8 * math.exp(-self.strength / 300)
        self.disruption = self.model.p["disruption_base"] * (1 - 0.5 * self.bench) * fragile
        self.rhetoric = clip(self.rhetoric + 0.48 * (self.model.random.random() - 0.5), -1.0)
        for emir in self.emirs:
            emir.loyalty *= 1 - self.model.p["loyalty_lost"] * self.disruption / (self.disruption + 6)


class Emir(mesa.Agent):
    def __init__(self, model, spec, leader):
        super().__init__(model)
        self.leader, self.place = leader, model.places[spec.region]
        self.strength, self.purse, self.skill, self.loyalty = spec.strength, spec.purse, spec.skill, spec.loyalty
        self.agenda, self.belief, self.information = spec.agenda, spec.belief, spec.information
        self.ties = {model.communities[t.community]: [t.matrimonial, t.pragmatic, t.economic, 0.0, 0.0, 0.0, 0.0] for t in spec.ties}
        self.perceived, self.contact, self.hardship, self.tempo, self.tips = 0.2, 0.0, 0.0, 0.0, 0.5
        self.embedding = self.support = self.haven = self.divergence = self.shirking = self.tension = 0.0

    def step(self):
        self.diverge()
        self.meet()
        self.embed()
        self.earn()
        self.recruit()
        self.strike()
        self.hide()
        self.decide()

    def diverge(self):
        p, leader = self.model.p, self.leader
        riches = self.purse / (self.purse + p["purse_half"])
        stake = clip(-0.5 + 0.9 * self.embedding + 0.8 * riches, -1.0)
        self.agenda += p["agenda_rate"] * (stake - self.agenda) + p["discipline_rate"] * self.contact * (leader.agenda - self.agenda)
        self.belief += p["localisation_rate"] * self.embedding * (-1 - self.belief) + p["teaching_rate"] * self.contact * (
            leader.rhetoric - self.belief
        )
        noise = p["information_noise"] * (2 * self.model.random.random() - 1)
        seen = clip(0.8 * self.support + 0.6 * self.haven - 1.2 * self.place.pressure - 0.6 * self.hardship + noise, -1.0)
        self.information += p["information_rate"] * (seen - self.information)
        gaps = [abs(self.agenda - leader.agenda) / 2, abs(self.belief - leader.rhetoric) / 2, abs(self.information - leader.information) / 2]
        self.gaps = gaps
        self.divergence = clip(0.4 * gaps[0] + 0.35 * gaps[1] + 0.25 * gaps[2])

    def meet(self):
        p = self.model.p
        thin = (1 - p["remote_contact"] * self.place.spec.remoteness) * (0.5 if self.leader.disruption else 1.0)
        self.contact = clip(self.leader.control * thin)
        self.shirking = clip(self.divergence * (1 - p["monitoring"] * self.contact))
        error = p["perception_noise"] * (1 - self.contact) * (2 * self.model.random.random() - 1)
        self.perceived = clip(self.perceived + p["learning_rate"] * (0.2 + self.contact) * (self.divergence + error - self.perceived))
        autonomy = 0.4 * self.purse / (self.purse + p["purse_half"]) + 0.3 * self.embedding + 0.3 * (1 - self.contact)
        self.tension = max(0.0, autonomy - (1 - self.leader.centralisation))

    def embed(self):
        p, place = self.model.p, self.place
        effort = clip(p["embedding_effort"] + 0.4 * place.pressure + 0.3 * self.agenda, 0.05) * (0.2 + 0.8 * self.purse / (self.purse + 1))
        if place.communities:
            near = self.model.random.choice(place.communities)
            margin = (near.neglect + near.cleavage) / 2
            if near not in self.ties and self.model.random.random() < p["approach_rate"] * 4 * margin**3 * (0.5 + 0.5 * near.norm):
                self.ties[near] = [0.0, 0.05, 0.0, 0.0, 0.0, 0.0, 0.0]
        loud, brutal = self.strength / (self.strength + 60), self.leader.brutality
        spend = self.purse / (self.purse + p["purse_half"])
        held = supported = silent = 0.0
        for community, tie in self.ties.items():
            here = 1.0 if community.place is place else 0.0
            tie[0] += here * effort * p["matrimonial_growth"] * (1 - tie[0]) - p["matrimonial_fade"] * tie[0]
            tie[1] += here * effort * p["pragmatic_growth"] * (1 - tie[1]) - p["pragmatic_fade"] * tie[1]
            tie[2] += here * effort * p["economic_growth"] * math.sqrt(place.spec.route_value) * (1 - tie[2]) - p["economic_fade"] * tie[2]
            bond = 1 - (1 - 0.6 * tie[0]) * (1 - 0.4 * tie[1]) * (1 - 0.4 * tie[2])
            gains = (
                p["fear_gain"] * loud * (0.3 + 0.7 * brutal),
                p["money_gain"] * spend * (0.3 + 0.7 * tie[2]),
                p["lesser_evil_gain"] * community.grievance * (1 - community.trust) * (1 - brutal),
                p["conviction_gain"] * (0.2 + 0.8 * community.socialisation) * (1 - brutal) * (0.4 + 0.6 * bond),
            )
            fades = (p["fear_fade"], p["money_fade"], p["lesser_evil_fade"], p["conviction_fade"])
            for k, (gain, fade) in enumerate(zip(gains, fades, strict=True), start=3):
                tie[k] = clip(tie[k] + here * gain * (1 - tie[k]) - fade * tie[k])
            if here:
                view = 0.25 * tie[3] + 0.25 * tie[4] + 0.3 * tie[5] + 0.35 * tie[6]
                held += community.population * bond
                supported += community.population * view
                silent += community.population * clip(view + 0.5 * bond)
                community.socialisation = clip(
                    community.socialisation + p["socialisation_rate"] * (0.3 * bond + 0.7 * tie[6]) * (1 - community.socialisation)
                )
        people = place.people
        self.embedding, self.support = (clip(held / people), clip(supported / people)) if people else (0.0, 0.0)
        self.purse = max(0.0, self.purse - effort * p["embedding_cost"] * len(self.ties))
        informers = sum(c.population * (0.2 + 0.8 * c.trust) * (1 - 0.5 * c.norm) for c in place.communities) / people if people else 0.0
        self.tips = clip(informers * (1 - silent / people)) if people else 1.0
        terrain = (place.spec.remoteness + 1 - place.spec.reach) / 2
        norms = sum(c.population * c.norm for c in place.communities) / people if people else 0.0
        self.haven = math.sqrt(terrain * (1 - (1 - self.embedding) * (1 - p["norm_shelter"] * norms)))

    def earn(self):
        p, leader = self.model.p, self.leader
        trade = sum(tie[2] for community, tie in self.ties.items() if community.place is self.place)
        income = p["trade_income"] * trade * self.place.spec.route_value * 0.6 + p["levy"] * self.strength * self.support
        remitted = p["remittance"] * income * (1 - self.shirking)
        upkeep = p["upkeep"] * self.strength
        given = min(upkeep, p["treasury_share"] * leader.treasury / max(1, len(leader.emirs)))
        leader.treasury += remitted - given
        self.purse += income - remitted + given - upkeep
        short = clip(-self.purse / (upkeep + 1e-9)) if self.purse < 0 else 0.0
        self.purse = max(0.0, self.purse) * (1 - p["purse_leak"])
        self.hardship += 0.3 * (short - self.hardship)
        goal = clip(0.2 + 0.5 * (1 - self.divergence) + 0.4 * self.contact - 0.4 * self.hardship)
        self.loyalty += p["loyalty_rate"] * (goal - self.loyalty)

    def recruit(self):
        p, pool = self.model.p, 0.0
        for c, tie in self.ties.items():
            if c.place is self.place:
                pool += c.population * c.grievance * (0.1 * tie[3] + 0.5 * tie[4] + 0.8 * tie[5] + 1.2 * tie[6]) * (0.5 + c.socialisation)
        armed = sum(e.strength for e in self.model.emirs_at(self.place))
        mean = p["recruitment_rate"] * pool * (0.5 + self.skill) / (1 + armed / (p["recruitable"] * (1 + self.place.people)))
        self.strength += self.model.poisson(min(mean, 0.15 * self.strength + 2))
        self.strength *= 1 - p["attrition"] - p["want_attrition"] * self.hardship - p["repression_attrition"] * 0.4 * self.place.pressure

    def strike(self):
        p = self.model.p
        mean = p["strike_rate"] * self.leader.posture * (1 - self.shirking) * math.sqrt(self.strength / 50) * (0.5 + self.skill)
        attacks = self.model.poisson(min(mean, 20))
        self.tempo += 0.3 * (attacks - self.tempo)
        for _ in range(min(attacks, 8)):
            severity = min((1 - self.model.random.random()) ** (-1 / 1.5), p["severity_most"])
            self.place.violence += severity
            for force in self.model.agents_by_type[Force]:
                force.blow += severity * (1 - self.leader.brutality)
        self.strength *= 1 - min(0.2, p["strike_cost"] * attacks)

    def hide(self):
        p = self.model.p
        exposed = (
            p["base_exposure"]
            + p["contact_exposure"] * self.contact
            + p["activity_exposure"] * self.tempo / (self.tempo + 1)
            + p["tip_exposure"] * self.tips
        )
        exposed = clip(exposed * (1 - self.haven))
        hazard = p["detection_rate"] * self.place.pressure * (0.2 + self.place.intelligence) * exposed
        if self.model.random.random() < 1 - math.exp(-hazard):
            self.model.detections += 1
            self.strength *= 1 - clip(p["raid_loss"] * (0.5 + self.model.random.random()))
            if self.model.random.random() < p["emir_killed"]:
                self.loyalty, self.perceived = self.model.random.random(), 0.2

    def decide(self):
        p, leader = self.model.p, self.leader
        if self.strength < p["least_katiba"]:
            self.remove()
            return
        push = (
            self.gaps[0]
            + self.gaps[1]
            + 0.6 * self.gaps[2]
            + 1.5 * self.tension * (0.4 + self.embedding)
            + 0.4 * self.place.pressure
            + 0.4 * self.hardship
        )
        hold = self.loyalty + 0.6 * (1 - self.divergence)
        if len(leader.emirs) > 1 and self.model.random.random() < 1 - math.exp(
            -p["exit_hazard"] * math.exp(min(5.0, p["exit_slope"] * (push - hold)))
        ):
            self.model.fragmentations += 1
            own = Leader(
                self.model,
                leader.control,
                self.belief,
                self.agenda,
                0.8 * leader.centralisation,
                leader.posture,
                leader.brutality,
                0.3,
                0.3 * self.purse,
                self.model.month,
            )
            self.leader, self.loyalty = own, 0.9


class PlainDilemma(mesa.Model):
    """One leader, six emirs, in plain Mesa."""

    def __init__(self, scenario=None, rng=None, seed=None):
        super().__init__(rng=rng if rng is not None else seed)
        # Read once by whoever runs many: reading YAML is a tenth of a run, and none of the simulation.
        scenario = scenario or load_scenario("dilemma-101")
        self.p, self.months, self.month = resolved_parameters(scenario), month_count(scenario), 0
        self.deaths = {month_index(scenario, e.date) for e in scenario.timeline if e.event == "leader_death"}
        self.places = {r.name: Place(r) for r in scenario.regions}
        self.communities = {c.name: Community(self, c) for c in scenario.communities}
        for force in scenario.forces:
            Force(self, force)
        o = scenario.organisations[0]
        agenda = sum(e.strength * e.agenda for e in scenario.emirs) / sum(e.strength for e in scenario.emirs)
        self.root = Leader(self, o.control, o.rhetoric, agenda, o.centralisation, o.posture, o.brutality, o.bench, o.treasury, -48)
        for emir in scenario.emirs:
            Emir(self, emir, self.root)
        self.fragmentations = self.endings = self.detections = 0
        self.datacollector = mesa.DataCollector(
            {
                "survived": lambda m: float(len(m.agents_by_type[Leader]) > 0),
                "fragmentations": "fragmentations",
                "endings": "endings",
                "strength": lambda m: sum(e.strength for e in m.agents_by_type[Emir]),
                "control": lambda m: sum(x.control for x in m.agents_by_type[Leader]) / max(1, len(m.agents_by_type[Leader])),
                "agency_loss": lambda m: sum(e.shirking for e in m.agents_by_type[Emir]) / max(1, len(m.agents_by_type[Emir])),
            }
        )

    def emirs_at(self, place):
        return [e for e in self.agents_by_type[Emir] if e.place is place]

    def poisson(self, mean):
        n, product, floor = 0, self.random.random(), math.exp(-mean)
        while product > floor:
            n += 1
            product *= self.random.random()
        return n

    def step(self):
        for place in self.places.values():
            place.conflict += self.p["conflict_memory"] * (place.violence / (place.violence + self.p["conflict_half"]) - place.conflict)
            place.violence = 0.0
        if self.month in self.deaths and self.root in self.agents_by_type[Leader]:
            self.root.die()
        for kind in (Community, Force, Leader):
            self.agents_by_type[kind].do("step")
        self.agents_by_type[Emir].shuffle_do("step")
        self.month += 1
        self.datacollector.collect(self)
        self.running = self.month < self.months
