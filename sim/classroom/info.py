"""What a page says of how it works: each mechanism in plain words, and behind it the rule's own text, read from the very file that runs."""

from __future__ import annotations

from importlib.resources import files

MECHANISMS: dict[str, str] = {
    "control": "A leader meets his emirs. Whoever has been met may be asked what he did; what he fears of that he learns. Nobody tells the leader "
    "how often is best.",
    "violence": "Bands attack. What people see and meetings leave behind may lead to a raid; a raid may lead to the leader, and from him to others.",
    "leadership": "Now and then leaders look at what goes wrong, and change their means: tighter or looser, bolder or quieter, here or elsewhere.",
    "institutions": "Routines grow with contact and time. A group that has them outlives its leader more easily.",
    "exit": "An emir who is unhappy speaks up, leaves with his people, goes to a rival, or stays. Some come back.",
    "recruitment": "Recruits come through people who know somebody, and go home when there is neither money nor hope.",
    "embedding": "Emirs marry, deal and trade where they are. Ties shelter them, feed them, and give them something of their own to lose.",
    "haven": "Where nobody tells, nobody is found. Haven is measured, not given: it is the share of detection that one is spared.",
    "alliances": "Groups ally while it pays, and part when it does not.",
    "merger": "Under pressure, and with somebody to go between, groups that once parted may join again.",
    "brokerage": "Notables stand between sides that do not trust each other. Without them the unlike do not meet.",
    "displacement": "Pressure in one region moves bands to another.",
    "endings": "Groups end in many ways: beaten, broken up, gone home, at the table, or taken over. None of them is a rule by itself.",
    "timeline": "What happens in the world (a war, a coup, an amnesty) is given by the scenario, with its date. What groups make of it is not.",
    "security": "Forces work through people and information. Blunt force hits more, and makes more enemies.",
    "policy": "What a part of the budget buys in each of the six policies. These numbers are assumptions.",
    "elites": "Politicians look as far ahead as their next office; they bargain, and sometimes offer a group a way out.",
}
"""Mechanisms that a class meets, by the name of their file in ``sim/rules``, in plain words."""

PAGES: dict[str, tuple[str, ...]] = {
    "dilemma": ("control", "violence", "leadership", "exit", "institutions"),
    "history": ("exit", "recruitment", "embedding", "haven", "alliances", "merger", "displacement", "endings", "timeline"),
    "whatif": ("timeline", "exit", "violence", "alliances", "endings"),
    "policies": ("policy", "security", "elites"),
    "lessons": ("control", "embedding", "brokerage", "displacement", "endings", "security"),
}
"""Which of them stand behind which page."""


def contents() -> dict[str, list[dict[str, str]]]:
    """Return for each page its mechanisms: the rule's name and the plain words."""
    return {page: [{"rule": name, "words": MECHANISMS[name]} for name in names] for page, names in PAGES.items()}


def rule_text(name: str) -> str:
    """Return the text of a rule's file.

    Raises:
        ValueError: If the page shows no such rule.
    """
    if name not in MECHANISMS:
        raise ValueError(f"there is no rule {name[:60]!r} to show; rules are {', '.join(MECHANISMS)}")
    return files("sim.rules").joinpath(f"{name}.py").read_text(encoding="utf-8")
