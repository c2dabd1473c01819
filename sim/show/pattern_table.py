"""Patterns beside mechanisms, with the acceptance written down before they were first run: tables of ``docs/TRACE.md``, from the code's own data."""

from __future__ import annotations

import sys

from sim.evidence.claims import CLAIMS
from sim.evidence.contrasts import Claim
from sim.evidence.gates import ablation, battery
from sim.evidence.gates.gate import HEADLINE
from sim.scenario.mechanisms import MECHANISMS, mechanism_key
from sim.scenario.parameters import PARAMETERS
from sim.show.markdown import table

_SIGNS = {1: "+", -1: "−"}


def touched(claim: Claim) -> list[str]:
    """Return the keys of the mechanisms that a claim's contrasts switch off or move a parameter of, in their order."""
    found = set()
    for contrast in claim.contrasts:
        worlds = [world for _, _, world in contrast.terms]
        changes = [{path: repr(value) for path, value in world.changes.items()} for world in worlds]
        moved = {path for one in changes for path in one if any(other.get(path) != one[path] for other in changes)}
        moved_out = {m for world in worlds for m in world.without if any(m not in other.without for other in worlds)}
        found |= {PARAMETERS[path].mechanism for path in moved if path in PARAMETERS}
        found |= {mechanism_key(m) or m for m in moved_out}
    return [key for key in MECHANISMS if key in found]


def claims(_: str = "") -> str:
    """Return every claim with its acceptance: what is compared, the sign wanted, the day it was written, and which mechanisms differ."""
    rows = [
        (
            f"**{c.id}** {c.says}",
            c.source,
            ", ".join(MECHANISMS[key].id for key in touched(c)) or "the scenario",
            "; ".join(f"{k.words} ({_SIGNS[k.sign]})" for k in c.contrasts),
            c.written,
        )
        for c in CLAIMS
    ]
    return table(("pattern", "source", "differs in", "accepted if, each with its whole 95 % interval on the side of its sign", "written"), rows)


def ablations(_: str = "") -> str:
    """Return mechanisms by headline outcomes: the sign written in advance for a mechanism's presence, and the claims that bear on it."""
    rows = []
    for m in MECHANISMS.values():
        signs = ablation.PREDICTED.get(m.key, {})
        on = [c.id for c in CLAIMS if m.id == c.id or m.key in touched(c)]
        rows.append((f"{m.id} {m.title}", *(_SIGNS[signs[o]] if o in signs else "" for o in HEADLINE), ", ".join(on)))
    return table(("mechanism", *(f"`{o}`" for o in HEADLINE), "claims"), rows) + f"\n\nWritten {ablation.WRITTEN}."


def gates(_: str = "") -> str:
    """Return the gates and where the acceptance of each stands."""
    rows = []
    for id_, gate in battery.GATES.items():
        module = sys.modules[gate.__module__]
        says = {k: v for k, _, v in (part.strip().partition(": ") for part in (module.__doc__ or "").split("\n")[0].split("; G"))}
        words = says.get(id_, says.get(id_[1:], ""))
        file = gate.__module__.replace(".", "/") + ".py"
        rows.append((id_, words.rstrip("."), f"[`{file}`](../{file})"))
    return table(("gate", "what must hold", "acceptance, as numbers"), rows)
