"""One event of the log as a sentence, in the past tense: few verbs show number then, and those agree with a plural name ("the Tuareg rebels")."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.observe.history import History
from sim.observe.names import in_text, plural, possessive
from sim.world import codes
from sim.world.layout import CAUSES

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")

ENDED = (
    "stood", "was broken by force", "faded out in inactivity", "came apart by splintering", "dissolved under an amnesty", "perished in infighting",
    "merged into another", "returned to where it came from", "ended in politics",
)  # fmt: skip
"""How an organisation ended, in the order of :data:`sim.world.codes.ENDINGS`."""
MEANS = (
    "a quieter posture",
    "a bolder posture",
    "a more local rhetoric",
    "a more global rhetoric",
    "a looser rein",
    "a tighter rein",
    "falling back",
)
"""What a leadership re-chose, in the order of :data:`sim.world.codes.MEANS`."""
MANY, LEAST = 0.25, 25.0
"""Share of an organisation's people, and people, from which those who went home when it split are told of."""


def tell(history: History, entry: np.void) -> str:
    """Return one event as a sentence."""
    return sentence(clause(history, entry))


def sentence(words: str) -> str:
    """Return words as a sentence: a capital at the beginning, a full stop at the end."""
    return words[:1].upper() + words[1:] + "."


def clause(history: History, entry: np.void) -> str:
    """Return one event in the words of a sentence's inside: no capital where no name has one, no full stop."""
    names, t = history.names, int(entry["month"])
    who = names.told(int(entry["actor"]), t)
    organisation = names.told(int(entry["organisation"]), t) if entry["organisation"] >= 0 else ""
    other = names.told(int(entry["other"]), t) if entry["other"] >= 0 else ""
    region = in_text(history.scenario.regions[int(entry["region"])].name) if entry["region"] >= 0 else ""
    size = number(round(float(entry["amount"])))
    kind, detail = int(entry["kind"]), int(entry["detail"])
    match kind:
        case codes.SPLINTER:
            return f"{who} broke with {organisation} in {region} and founded {other}; {went_along(history, entry, 'went along')}"
        case codes.AUTONOMY:
            return f"{who} claimed autonomy in {region}: {other} left {organisation} with {people(entry)}{went_home(history, entry)}"
        case codes.PLEDGE:
            return f"{who} left {organisation} in {region} and pledged {other} to a rival brand; {went_along(history, entry, 'followed')}"
        case codes.DEPARTURE:
            return f"{leaver(history, entry)} left {organisation} in {region} and founded nothing; {people(entry)} went home as well"
        case codes.SURRENDER:
            return f"{who} of {organisation} took the amnesty in {region} with {people(entry)}"
        case codes.VOICE:
            return f"{who} spoke up in {organisation}, and was heard"
        case codes.RETURN:
            return f"{other} returned to {organisation} with {people(entry)}"
        case codes.MERGER:
            return f"{other} merged into {organisation}, bringing {people(entry)}"
        case codes.BRAND_CHANGE:
            first = names.all_names(int(entry["organisation"]))[0]
            renamed = f" and took the name {organisation}" if organisation != in_text(first) else ""
            return f"{in_text(first)}, {size} strong, joined the global brand{renamed}"
        case codes.SUCCESSION:
            return f"{leader(other, organisation)} {'fell' if detail == 1 else lost(other)}; {followed(history, entry)}"
        case codes.EMIR_SUCCESSION:
            return f"{other}, emir in {organisation}, {lost(other)} in {region}; {who} took over the katiba"
        case codes.ALLIANCE_MADE:
            return f"{organisation} and {other} allied in {region}" + (f" through {who}" if detail >= 0 else "")
        case codes.ALLIANCE_BROKEN:
            return f"{organisation} and {other} parted in {region} after {span(round(float(entry['amount'])))}"
        case codes.DEAL:
            return f"{who} brokered a deal for {other} of {organisation} in {region}"
        case codes.RELOCATION:
            return f"{who} of {organisation} moved to {region} with {people(entry)}"
        case codes.CAPTURE:
            return f"half the institutions of {region} passed into private hands"
        case codes.ENDING:
            return f"{ended(organisation, detail)}, {f'once {size} strong' if entry['amount'] >= 1.5 else 'never more than one man strong'}"
        case codes.MEANS_CHANGE:
            return f"{leadership(history, entry)} turned to {MEANS[detail]}"
        case codes.DORMANCY:
            return f"{who} of {organisation} lay low in {region} with {people(entry)}"
        case codes.RE_EMERGENCE:
            return f"{who} of {organisation} came back into the open in {region} with {people(entry)}"
        case codes.NEW_KATIBA:
            return f"{other} of {organisation} sent {who} to found a katiba in {region} with {people(entry)}"
        case codes.KATIBA_LOST:
            return f"the katiba of {who} in {organisation} folded in {region}"
        case codes.BROKER_GROUP:
            return f"{who} raised a group of his own in {region}: {organisation}, {people(entry)} strong"
        case codes.RENEGOTIATION:
            return f"the elite of {who} reopened its bargain with the centre"
        case codes.OUTBIDDING:
            return f"{who} of {organisation} outbid rivals in violence in {region}"
        case codes.ENTERED:
            return f"{organisation} took up arms around {region}, {size} strong"
        case codes.REACHED:
            return f"{who} of {organisation} built ties in {region} with {other}"
        case codes.FOUNDING:
            return f"a local group arose among {community(history, entry)}: {organisation}, {people(entry)} strong"
        case codes.PURGE:
            died = counted(float(entry["amount"]), "person", "people")
            return f"the leadership of {organisation} struck the camp of {other} in {region}; {died} died"
        case codes.OFFER:
            # Who answers is not told: the office of the leader may be empty.
            return f"the elite of {who} made {organisation}, {size} strong, an offer, and it was {'accepted' if detail == 1 else 'refused'}"
    raise ValueError(f"kind of event {kind} has no words")


def why(entry: np.void) -> str:
    """Return the causes of an event in words: those of a tenth or more, at most three; where one has (nearly) all of it, that one alone."""
    found = shares(entry)
    if found and max(found.values()) >= 0.995:
        return f"{next(iter(found))} alone"
    return ", ".join([f"{cause} {share:.0%}" for cause, share in found.items() if share >= 0.1][:3])


def shares(entry: np.void) -> dict[str, float]:
    """Return the causes of an event with a share above 0, the largest first."""
    found = {cause: float(entry["cause_" + cause.replace(" ", "_")]) for cause in CAUSES}
    return dict(sorted(((c, s) for c, s in found.items() if s > 0.0), key=lambda pair: -pair[1]))


def leader(name: str, organisation: str) -> str:
    """Return a leader with his organisation; one whom nobody names is only its leader."""
    return f"the leader of {organisation}" if name.startswith("the leader of ") else f"{name}, leader of {organisation},"


def leaver(history: History, entry: np.void) -> str:
    """Return who departed: where the leader commands himself, it is his second man who leaves."""
    table, who = history.tables["organisation"][int(entry["month"])], history.names.told(int(entry["actor"]), int(entry["month"]))
    leads = entry["actor"] in table["leader"][table["identity"] == entry["organisation"]]
    return f"{possessive(who)} second man" if leads else who


def lost(who: str) -> str:
    """Return the verb for whoever was lost, a person or (a katiba's emir may bear its name) several."""
    return "were lost" if plural(who) else "was lost"


def ended(organisation: str, ending: int) -> str:
    """Return how an organisation ended, as a clause."""
    how = ENDED[ending]
    return f"{organisation} {how.replace('was ', 'were ').replace('it came', 'they came') if plural(organisation) else how}"


def leadership(history: History, entry: np.void) -> str:
    """Return who chose in an organisation: its leadership, or where the leader's office was empty, the organisation."""
    o, t = history.tables["organisation"], int(entry["month"])
    row = int(np.flatnonzero(o["identity"][t + 1] == entry["organisation"])[0])
    organisation = history.names.told(int(entry["organisation"]), t)
    return organisation if (o["vacant"][t : t + 2, row] == 1).all() else f"the leadership of {organisation}"


def went_along(history: History, entry: np.void, verb: str) -> str:
    """Return how many arrived in a group that broke away, and how many of those who left did not, where they are many."""
    return f"{people(entry)} {verb}{went_home(history, entry)}"


def went_home(history: History, entry: np.void) -> str:
    """Return how many left an organisation with a group that broke from it and went home, or an empty text where they are not many.

    The organisation's tally of losses to splits and departures has all who left in the month: those who arrived in the new group, and those who did
    not. They are many if they are more than those who arrived, and a quarter of those who stood before.
    """
    o, t = history.tables["organisation"], int(entry["month"])
    row = int(np.flatnonzero(o["identity"][t + 1] == entry["organisation"])[0])
    home = float(history.losses("lost_to_exit", t, t)[0, row]) - float(entry["amount"])
    e = history.tables["emir"]
    katibas = np.flatnonzero((e["alive"][t] == 1) & (e["organisation"][t] == row))
    if home < max(float(entry["amount"]), MANY * float(e["strength"][t][katibas].sum()), LEAST):
        return ""
    to = int(np.flatnonzero(o["identity"][t + 1] == entry["other"])[0])
    same = (e["katiba"][t + 1][katibas] == e["katiba"][t][katibas]) & (e["organisation"][t + 1][katibas] == to)
    over = int(same.sum()) - 1
    went = f"; {counted(over, 'more katiba')} went over, but" if over > 0 else ", but"
    return f"{went} {number(round(home))} of the people of {history.names.told(int(entry['organisation']), t)} went home"


def followed(history: History, entry: np.void) -> str:
    """Return who followed a lost leader, and for how many months the office stood empty (the kept tables say it)."""
    o, t = history.tables["organisation"], int(entry["month"])
    row = int(np.flatnonzero(o["identity"][t + 1] == entry["organisation"])[0])
    after = o[t + 1 :, row]
    over = np.flatnonzero((after["vacant"] == 0) | (after["alive"] == 0))
    if not len(over):
        return "nobody has followed since"
    empty = int(over[0])
    if after["alive"][empty] == 0:
        return "nobody followed before the end"
    successor = history.names.told(int(entry["actor"]), t)
    return f"{successor} followed at once" if empty == 0 else f"{successor} followed after {counted(empty, 'month')}"


def community(history: History, entry: np.void) -> str:
    """Return the community among which a group arose, and where it lives."""
    among, region = history.community_names()[int(entry["detail"])], history.scenario.regions[int(entry["region"])].name
    # "Arabs of Gao" need no "in Gao"; "Fulani of central Mali" no "in Central Mali".
    return in_text(among) if region.lower() in among.lower() else f"{in_text(among)} in {in_text(region)}"


def people(entry: np.void) -> str:
    """Return an event's amount of people: ``nobody``, ``one man``, ``six``, ``47``."""
    n = round(float(entry["amount"]))
    return "nobody" if n == 0 else "one man" if n == 1 else number(n)


def counted(amount: float, one: str, many: str = "") -> str:
    """Return an amount with its noun: ``one month``, ``14 months``."""
    n = round(amount)
    return f"{number(n)} {one if n == 1 else many or one + 's'}"


def span(months: int) -> str:
    """Return how long something lasted: ``one month``, ``23 months``, ``more than nine years``."""
    years, rest = divmod(months, 12)
    if years < 2:
        return counted(months, "month")
    if not rest:
        return counted(years, "year")
    return f"nearly {counted(years + 1, 'year')}" if rest >= 9 else f"more than {counted(years, 'year')}"


def in_full(date: str) -> str:
    """Return ``June 2004`` for ``2004-06``."""
    return f"{MONTHS[int(date[5:]) - 1]} {date[:4]}"


def number(n: int) -> str:
    """Return a number in words to twelve, in figures from there."""
    return _NUMBERS[n] if n < len(_NUMBERS) else f"{n:,}"


def joined(things: Sequence[str]) -> str:
    """Return several things as one: ``a``, ``a and b``, ``a, b and c``."""
    return things[0] if len(things) == 1 else f"{', '.join(things[:-1])} and {things[-1]}"
