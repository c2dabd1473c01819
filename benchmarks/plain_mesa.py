"""The core of dilemma-101 in plain, idiomatic Mesa: an honest second reference for speed.

A Mesa model over arrays is slower than one written by hand, so the engine is also measured against this: ordinary agents with ordinary
attributes, ``AgentSet.do``, ``model.random``, a ``DataCollector``. Same scenario file, same number of agents and months, the equations of the
core of the rulebook (divergence, meetings, ties, legitimacy, money, recruits, attacks, raids that lead on, going home, exits, search for control,
succession, institutions, memory of harm, forces raised against what hurts). Its draws come from one shared stream, so its histories are not those of
the rulebook, only of the same kind.
"""

from __future__ import annotations

import math

import mesa

from sim.scenario.load import load_scenario, resolved_parameters
from sim.scenario.timeline import month_count, month_index


def clip(x, low=0.0, high=1.0):
    return low if x < low else high if x > high else x


def logistic(x):
    return 1 / (1 + math.exp(-clip(x, -60.0, 60.0)))


class Place:
    def __init__(self, spec):
        self.spec = spec
        self.communities = []
        self.absence = 1 - spec.reach * (1 - spec.capture)
        self.pressure = self.intelligence = self.repression = self.conflict = self.violence = self.dead = self.effort = 0.0

    @property
    def people(self):
        return sum(c.population for c in self.communities)

    @property
    def weariness(self):
        return sum(c.population * c.weariness for c in self.communities) / self.people

    @property
    def informers(self):
        return (1 - self.absence) * sum(c.population * c.trust * (1 - 0.5 * c.norm) for c in self.communities) / self.people


class Community(mesa.Agent):
    def __init__(self, model, spec):
        super().__init__(model)
        self.place = model.places[spec.region]
        self.population, self.grievance, self.trust, self.norm = spec.population, spec.grievance, spec.trust, spec.norm
        self.start, self.neglect, self.cleavage, self.socialisation = spec.grievance, spec.neglect, spec.cleavage, spec.socialisation
        self.trust_start = spec.trust
        self.armed = self.harm = self.harm_groups = self.weariness = 0.0
        self.place.communities.append(self)

    @property
    def room(self):
        most = self.model.p["recruitable"] * self.population * self.grievance * self.place.absence
        return clip(1 - self.armed / most) if most > 0 else 0.0

    def step(self):
        p, place = self.model.p, self.place
        armed = self.model.armed(place)
        sought = clip(place.conflict + armed / (armed + p["presence_density"] * place.people))
        blind = place.effort * place.repression * sought * (1 - place.intelligence)
        self.harm += clip(p["blind_harm"] * blind / place.people) * (1 - self.harm)
        self.harm *= 1 - p["harm_fade"]
        self.harm_groups *= 1 - p["harm_fade"]
        toll = clip(p["weary_gain"] * place.dead / place.people)
        self.weariness = clip(self.weariness * (1 - p["harm_fade"]) + toll * (1 - self.weariness))
        self.grievance = clip(self.grievance + p["society_rate"] * (clip(self.start + p["harm_grievance"] * self.harm) - self.grievance))
        self.trust += p["society_rate"] * (self.trust_start * (1 - self.harm) - self.trust)


class Force(mesa.Agent):
    def __init__(self, model, spec):
        super().__init__(model)
        self.spec, self.morale, self.blow, self.capacity = spec, spec.morale, 0.0, spec.strength
        self.posts = [model.places[name] for name in spec.regions]

    def step(self):
        p = self.model.p
        rate = self.blow / (self.blow + p["blow_half"] * self.capacity)
        self.morale = clip(self.morale + p["morale_recovery"] * (self.spec.morale - self.morale) - p["morale_loss"] * rate * self.morale)
        self.blow = 0.0
        self.capacity = self.spec.strength * self.morale * (1 - self.spec.division)
        weights, presence = [], []
        for place in self.posts:
            armed = self.model.armed(place)
            presence.append(armed + p["presence_density"] * place.people)
            weights.append((p["patrol_floor"] + place.conflict + armed / presence[-1]) * (1 - place.spec.remoteness))
        for place, weight, there in zip(self.posts, weights, presence, strict=True):
            place.effort = self.capacity * weight / (1 + sum(weights))
            place.pressure = place.effort / (p["force_ratio"] * there)
            place.intelligence = self.spec.intelligence * (1 - place.spec.capture)
            place.repression = clip((1 - self.spec.discrimination) * (1 + rate))


class Leader(mesa.Agent):
    def __init__(self, model, rhetoric, agenda, centralisation, brutality, control, posture, institutions, treasury):
        super().__init__(model)
        self.rhetoric, self.agenda, self.centralisation, self.brutality = rhetoric, agenda, centralisation, brutality
        self.control, self.posture, self.institutions, self.treasury = control, posture, institutions, treasury
        self.information = self.fitness = self.aspiration = self.lost = self.tight = self.loose = self.newcomers = 0.0
        self.traced, self.given, self.vacant, self.morale, self.last, self.age = 0, False, False, 0.5, None, 0

    @property
    def emirs(self):
        return [e for e in self.model.agents_by_type[Emir] if e.leader is self]

    def step(self):
        p, emirs = self.model.p, self.emirs
        strength = sum(e.strength for e in emirs)
        if not emirs:
            self.model.endings += 1
            self.remove()
            return
        growth = 0.0 if not self.last else (strength - self.last) / self.last
        self.last, self.age = strength, self.age + 1
        self.fitness += p["memory"] * (growth - self.fitness)
        self.aspiration += p["aspiration_rate"] * (self.fitness - self.aspiration)
        shrunk = clip(self.lost / strength) if strength else 0.0
        wanting = sum(e.strength * e.hardship for e in emirs) / strength if strength else 0.0
        quiet = 1 / (1 + sum(e.tempo for e in emirs))
        tired = sum(e.strength * e.place.weariness for e in emirs) / strength if strength else 0.0
        gloom = p["gloom_loss"] * shrunk + p["gloom_silence"] * quiet + tired
        self.morale += p["memory"] * (clip(1 - gloom) - self.morale)
        rich = self.treasury / (self.treasury + p["upkeep"] * strength + 1e-9)
        up = clip(p["information_gain"] * self.fitness) + rich + emirs[0].place.absence
        down = 2 * shrunk + wanting + 2 * tired + 1 - self.morale
        self.posture += p["memory"] * (logistic(p["posture_slope"] * (up - down)) - self.posture)
        if self.age % int(p["search_months"]) == 0 and not self.vacant:
            self.search()
        self.lost *= 1 - p["loss_memory"]
        met = 0.0 if self.vacant or not strength else sum(e.strength * e.contact for e in emirs) / strength
        thinned = p["office_dilution"] * self.institutions * clip(self.newcomers / strength if strength else 0.0)
        self.institutions = clip(self.institutions + p["office_growth"] * met * (1 - self.institutions) - thinned)
        self.newcomers = 0.0
        self.lead()

    def search(self):
        """Control moves towards the larger symptom where growth is below what is expected."""
        if self.fitness < self.aspiration and self.tight != self.loose:
            step = self.model.p["search_step"] * (1 if self.loose > self.tight else -1)
            self.control = clip(self.control + step, self.model.p["search_step"])
        self.tight = self.loose = 0.0

    def lead(self):
        """Whether he is lost, or, while nobody leads, whether a successor is found."""
        p, random = self.model.p, self.model.random
        self.given = self.traced > 0 and not self.vacant
        if self.vacant:
            if random.random() < 1 - math.exp(-p["succession"] - p["succession_office"] * self.institutions):
                spread = 1 - p["legacy"]
                self.vacant = False
                self.rhetoric = clip(self.rhetoric + spread * (2 * random.random() - 1), -1.0)
                self.agenda = clip(self.agenda + spread * (2 * random.random() - 1), -1.0)
        elif random.random() < 1 - (1 - p["leader_taken"]) ** self.traced:
            self.die()
        self.traced = 0

    def die(self):
        p, shock = self.model.p, 1 - self.institutions
        self.vacant = True
        self.institutions *= 1 - p["office_lost"] * shock
        for emir in self.emirs:
            emir.loyalty *= 1 - p["office_lost"] * shock
            emir.lose(self.model.poisson(p["leader_home"] * shock * emir.strength))


class Tie:
    def __init__(self, matrimonial=0.0, pragmatic=0.0, economic=0.0):
        self.matrimonial, self.pragmatic, self.economic = matrimonial, pragmatic, economic
        self.fear = self.money = self.lesser_evil = self.conviction = self.harm = self.bond = self.view = 0.0
        self.fighters = 0.0


class Emir(mesa.Agent):
    def __init__(self, model, spec, leader):
        super().__init__(model)
        self.leader, self.place = leader, model.places[spec.region]
        self.strength, self.purse, self.skill, self.loyalty = float(spec.strength), spec.purse, spec.skill, spec.loyalty
        self.agenda, self.belief, self.information = spec.agenda, spec.belief, spec.information
        self.ties = {model.communities[t.community]: Tie(t.matrimonial, t.pragmatic, t.economic) for t in spec.ties}
        for community, tie in self.ties.items():
            tie.fighters = self.strength / len(self.ties)
            community.armed += tie.fighters
        self.contact = self.trace = self.deterrence = self.hardship = self.tempo = self.gained = self.lost = 0.0
        self.embedding = self.support = self.shirking = self.attacks = self.met = 0.0
        self.tips, self.skims, self.strays, self.caught, self.raided, self.gaps = 0.5, False, False, False, False, (0.0, 0.0, 0.0)

    def step(self):
        self.diverge()
        self.meet()
        self.embed()
        self.earn()
        self.recruit()
        self.strike()
        self.hide()
        self.decide()

    def lose(self, people):
        """People leave, and the communities they came from have them no longer under arms; return how many there were to go."""
        people = min(float(people), self.strength)
        if people > 0:
            left = 1 - people / self.strength
            for community, tie in self.ties.items():
                community.armed -= tie.fighters * (1 - left)
                tie.fighters *= left
            self.strength -= people
        return people

    def diverge(self):
        p, leader = self.model.p, self.leader
        stake = clip(self.embedding + self.purse / (self.purse + p["purse_half"]) - 0.5, -1.0)
        taught = p["agenda_rate"] * self.contact
        self.agenda += p["agenda_rate"] * (stake - self.agenda)
        self.agenda += taught * (leader.agenda - self.agenda)
        self.belief += p["agenda_rate"] * self.embedding * (-1 - self.belief)
        self.belief += taught * (leader.rhetoric - self.belief)
        seen = clip(p["information_gain"] * (self.gained - self.lost) - self.hardship, -1.0)
        self.information += p["memory"] * (seen - self.information)
        self.information += p["memory"] * self.contact * (leader.information - self.information)
        self.gaps = (abs(self.agenda - leader.agenda) / 2, abs(self.belief - leader.rhetoric) / 2, abs(self.information - leader.information) / 2)

    def meet(self):
        p, random = self.model.p, self.model.random
        mean = p["meetings"] * self.leader.control * (1 - p["remote_contact"] * self.place.spec.remoteness)
        self.met = 0 if self.leader.vacant else self.model.poisson(mean)
        self.trace = p["trace_keep"] * self.trace + self.met
        self.contact = 1 - p["unseen"] ** self.met
        called = random.random() < self.contact
        self.deterrence += p["deterrence_rate"] * (called - self.deterrence)
        fear = p["deterrence"] * self.deterrence
        self.skims = random.random() < logistic(p["choice_slope"] * (p["temptation"] * self.gaps[0] - fear))
        self.strays = random.random() < logistic(p["choice_slope"] * (p["temptation"] * 0.5 * (self.gaps[1] + self.gaps[2]) - fear))
        self.caught = called and self.skims
        self.shirking += p["deterrence_rate"] * (0.5 * (self.skims + self.strays) - self.shirking)
        self.loyalty = clip(self.loyalty * (1 - p["bond_fade"]) + p["bond_growth"] * self.contact * (1 - self.loyalty))

    def embed(self):
        p, place, random = self.model.p, self.place, self.model.random
        near = random.choice(place.communities)
        wants = 0.5 * (near.neglect + near.cleavage) + near.grievance + near.norm - 2 * near.trust - near.harm_groups - near.weariness
        if near not in self.ties and random.random() < p["approach_rate"] * logistic(p["welcome_slope"] * wants):
            self.ties[near] = Tie(pragmatic=p["pragmatic_growth"])
        effort = clip(p["embedding_effort"] * (1 + self.agenda)) * (1 - self.hardship)
        loud, spend = self.strength / (self.strength + p["presence_density"] * place.people), self.purse / (self.purse + p["purse_half"])
        justice, trade = (1 - self.leader.brutality) * (1 - self.shirking), math.sqrt(place.spec.route_value)
        held = supported = silent = 0.0
        for community, tie in self.ties.items():
            here = 1.0 if community.place is place else 0.0
            a = here * effort
            tie.matrimonial += a * p["matrimonial_growth"] * (1 - tie.matrimonial)
            tie.pragmatic += a * p["pragmatic_growth"] * (1 - tie.pragmatic) - p["pragmatic_fade"] * tie.pragmatic
            tie.economic += a * p["economic_growth"] * trade * (1 - tie.economic) - p["economic_fade"] * tie.economic
            apart = (1 - p["matrimonial_weight"] * tie.matrimonial) * (1 - p["pragmatic_weight"] * tie.pragmatic)
            tie.bond = 1 - apart * (1 - p["economic_weight"] * tie.economic)
            gains = {
                "fear": loud * (0.5 + self.leader.brutality),
                "money": spend,
                "lesser_evil": community.grievance * (1 - community.trust),
                "conviction": clip(community.socialisation + tie.bond) * justice,
            }
            seen = 0.0
            for channel, gain in gains.items():
                x = getattr(tie, channel)
                x = clip(x + here * p[f"{channel}_gain"] * gain * (1 - x) - p[f"{channel}_fade"] * x)
                setattr(tie, channel, x)
                seen += p[f"{channel}_weight"] * x
            tie.harm *= 1 - p["outrage_fade"]
            tie.view = clip(seen) * (1 - tie.harm)
            if here:
                held += community.population * tie.bond
                supported += community.population * tie.view
                silent += community.population * clip(tie.view + p["ties_silence"] * p["kin_silence"] * tie.bond) * (1 - community.weariness)
                taught = clip(p["socialisation_rate"] * tie.conviction)
                community.socialisation = clip(community.socialisation + taught * (1 - community.socialisation))
        people = place.people
        self.embedding, self.support = clip(held / people), clip(supported / people)
        self.tips = clip((p["tips_floor"] + (1 - p["tips_floor"]) * place.informers) * (1 - silent / people))

    def earn(self):
        p, leader, place = self.model.p, self.leader, self.place
        trade = clip(sum(tie.economic for community, tie in self.ties.items() if community.place is place))
        mine = self.strength / max(1.0, self.model.armed(place))
        income = p["ties_money"] * 0.5 * p["trade_income"] * trade * mine * place.spec.route_value * place.absence
        income += p["levy"] * self.strength * self.support * place.absence
        upkeep = p["upkeep"] * self.strength
        remitted = 0.0 if leader.vacant or self.skims else p["remittance"] * income
        leader.treasury += remitted
        self.purse += income - remitted - upkeep
        if self.purse < 0 and not self.caught and not leader.vacant:
            given = min(-self.purse, 0.5 * leader.treasury * self.strength / max(1.0, sum(e.strength for e in leader.emirs)))
            leader.treasury -= given
            self.purse += given
        short = clip(-self.purse / upkeep) if self.purse < 0 and upkeep else 0.0
        leader.loose += short * p["want"] * p["home_rate"] * self.strength * self.shirking
        self.purse = max(0.0, self.purse) * (1 - p["purse_leak"])
        self.hardship += p["memory"] * (short - self.hardship)

    def recruit(self):
        p, leader, place, came = self.model.p, self.leader, self.place, 0.0
        if not self.strength:
            return
        capacity = p["recruitment"] * self.strength * place.absence * (p["office_floor"] + (1 - p["office_floor"]) * leader.institutions)
        for community, tie in self.ties.items():
            if community.place is place:
                opened = p["stranger_reach"] + (1 - p["stranger_reach"]) * p["ties_recruit"] * tie.bond
                willing = tie.view * community.grievance * (1 - community.weariness) * community.room
                n = self.model.poisson(capacity * community.population / place.people * opened * willing)
                tie.fighters += n
                community.armed += n
                came += n
        came += self.model.poisson(p["outsiders"] * self.strength)
        self.gained += p["memory"] * (came / self.strength - self.gained)
        self.strength += came
        leader.newcomers += came
        weary = 1 + p["want"] * self.hardship + p["gloom"] * (1 - leader.morale)
        self.lose(self.model.poisson(self.strength * p["home_rate"] * weary * (1 - p["office_hold"] * leader.institutions)))

    def strike(self):
        p, leader, random = self.model.p, self.leader, self.model.random
        mean = p["strike_rate"] * self.strength * leader.posture * leader.morale * (0.5 + self.skill) * (0.5 if leader.vacant else 1)
        self.attacks = min(self.model.poisson(mean), 20)
        self.tempo += p["memory"] * (self.attacks - self.tempo)
        wanton = 0
        for _ in range(self.attacks):
            dead = min(math.floor((1 - random.random()) ** (-1 / p["severity_tail"])) - 1, p["severity_most"])
            self.place.violence += dead
            if self.strays or random.random() < leader.brutality**2:
                wanton += 1
            else:
                for force in self.model.agents_by_type[Force]:
                    force.blow += dead
        if wanton:
            dose = clip(p["outrage"] * wanton)
            for community, tie in self.ties.items():
                if community.place is self.place:
                    tie.harm = clip(tie.harm + dose * (1 - tie.harm))
                    tie.fear = clip(tie.fear + dose * (1 - tie.fear))
            for community in self.place.communities:
                community.harm_groups += dose * community.population / self.place.people * (1 - community.harm_groups)
            if self.strays:
                leader.loose += p["outrage"] * wanton * self.support * p["recruitment"] * self.strength
        leader.lost += self.lose(self.model.poisson(p["strike_cost"] * self.attacks))

    def hide(self):
        p, place, leader = self.model.p, self.place, self.leader
        self.raided = False
        self.lost *= 1 - p["memory"]
        shown = 1 - p["terrain_cover"] * place.spec.remoteness
        signal = self.strength * self.tips + p["attack_signal"] * self.attacks + p["meeting_signal"] * self.met
        found = self.model.poisson(p["detection"] * place.pressure * place.intelligence * shown * signal)
        if found:
            self.raid(found)
            leader.traced += self.model.random.random() < self.gives_away()
        elif leader.given and self.model.random.random() < self.gives_away():
            leader.tight += self.raid(1)

    def gives_away(self):
        return 1 - math.exp(-self.model.p["percolation"] * self.place.intelligence * self.trace)

    def raid(self, times):
        p, before = self.model.p, self.strength
        lost = self.lose(self.model.poisson(p["raid_size"] * times))
        self.raided = True
        self.model.detections += times
        self.leader.lost += lost
        self.lost += p["memory"] * lost / before if before else 0.0
        self.place.violence += 0.5 * lost
        if self.model.random.random() < p["emir_taken"]:
            spread = 1 - p["legacy"]
            self.loyalty += spread * (self.model.random.random() - self.loyalty)
            self.agenda = clip(self.agenda + spread * (2 * self.model.random.random() - 1), -1.0)
            self.deterrence, self.trace = p["legacy"] * self.deterrence, 0.0
        return lost

    def decide(self):
        p, leader, random = self.model.p, self.leader, self.model.random
        if random.random() < math.exp(-self.strength / p["dispersal"]):
            self.lose(self.strength)
            self.remove()
            return
        riches = self.purse / (self.purse + p["purse_half"])
        autonomy = clip((riches + self.embedding + 1 - self.contact) / 3)
        push = p["temptation"] * sum(self.gaps) / 3 + max(0.0, autonomy + leader.centralisation - 1) + self.hardship
        push += clip(leader.lost / max(1.0, leader.last or 1.0)) + leader.vacant
        hold = p["hold_bond"] * self.loyalty + p["hold_office"] * leader.institutions
        hazard = p["exit_hazard"] * logistic(p["choice_slope"] * (push - hold))
        follows = logistic(p["follow_slope"] * (self.skill + self.embedding + riches - leader.institutions - leader.morale))
        if len(leader.emirs) > 1 and random.random() < 1 - math.exp(-hazard) and random.random() < follows:
            self.model.fragmentations += 1
            leader.loose += self.strength
            leader.institutions *= 1 - 0.5 * clip(self.strength / max(1.0, leader.last or 1.0))
            self.lose(round(self.strength * (1 - p["arrive"] * follows)))
            young = p["office_inherited"] * leader.institutions
            means = (leader.brutality, leader.control, leader.posture, young, 0.0)
            self.leader = Leader(self.model, self.belief, self.agenda, leader.centralisation, *means)
            self.loyalty = 1.0


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
        self.root = Leader(self, o.rhetoric, agenda, o.centralisation, o.brutality, o.control, o.posture, o.institutions, o.treasury)
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

    def armed(self, place):
        return sum(e.strength for e in self.agents_by_type[Emir] if e.place is place)

    def poisson(self, mean):
        n, product, floor = 0, self.random.random(), math.exp(-mean)
        while product > floor:
            n += 1
            product *= self.random.random()
        return n

    def step(self):
        for place in self.places.values():
            place.conflict += self.p["memory"] * (place.violence / (place.violence + self.p["conflict_half"]) - place.conflict)
            place.dead, place.violence = place.violence, 0.0
        if self.month in self.deaths and self.root in self.agents_by_type[Leader]:
            self.root.die()
        for kind in (Force, Community, Leader):
            self.agents_by_type[kind].do("step")
        self.agents_by_type[Emir].shuffle_do("step")
        self.month += 1
        self.datacollector.collect(self)
        self.running = self.month < self.months
