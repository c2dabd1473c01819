"""The verb that lets populations of groups found themselves, and reads levels and stylised facts from them."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from sim.scenario.numbers import between, unrounded
from sim.verbs.asking import LARGEST, BadInput, Json, announce_compilation, print_json, say
from sim.verbs.places import can_hold


def population(
    settings: Annotated[int, typer.Option("--settings", min=2, max=100_000, help="Settings of each seed.")] = 300,
    seeds: Annotated[int, typer.Option("--seeds", min=1, max=1000, help="Seeds: other settings and other chances each.")] = 10,
    pairs: Annotated[int, typer.Option("--pairs", min=1, max=1_000_000, help="Leaders taken in trials within the model, at least.")] = 10_000,
    years: Annotated[int, typer.Option("--years", min=22, max=95, help="Years of a setting, the burn-in included.")] = 45,
    burn_in: Annotated[int, typer.Option("--burn-in", min=0, max=90, help="Years at its start that are not looked at.")] = 15,
    replicates: Annotated[int, typer.Option("--replicates", min=2, max=100_000, help="Replicates of the two histories of fact 8.")] = 200,
    seed: Annotated[int, typer.Option("--seed", min=0, max=LARGEST - 1000, help="First seed.")] = 0,
    threads: Annotated[int | None, typer.Option("--workers", min=1, max=1024, help="Threads; all cores where absent. Same result.")] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A rulebook parameter that differs from its default. May be repeated.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where to write; dilemma-out/population where absent.")] = None,
    as_json: Json = False,
) -> None:
    """Let groups found themselves, and read facts.

    In settings drawn from priors: their survival and every stylised fact beside what was observed.
    """
    if years < burn_in + 22:
        raise BadInput(f"--years {years} leaves {years - burn_in} after a burn-in of {burn_in}; survival to the twentieth year needs 22")
    changes = _changes(set_ or [])
    folder = out or Path("dilemma-out") / "population"
    can_hold(folder)
    announce_compilation()
    from sim.evidence.following import follow
    from sim.evidence.life_courses import Population
    from sim.evidence.stylised import facts, infighting, levels_of, sampling
    from sim.evidence.trials import trials
    from sim.observe.provenance import package_version, rulebook_digest
    from sim.show.population_figure import tables, text, write
    from sim.study.executors import cores

    drawn, workers = Population(settings, years, burn_in, seed, changes), threads or cores()
    followed = follow(drawn, range(seed, seed + seeds), workers, _told("settings"))
    tried = trials(drawn, pairs, workers, _told("leaders taken"))
    weights = sampling(followed)
    levels = levels_of(followed, weights)
    found = sorted([*facts(followed, tried, weights), infighting(replicates, seed)], key=lambda fact: fact.number)
    source = {
        "settings": settings, "seeds": list(range(seed, seed + seeds)), "years": years, "burn_in": burn_in, "pairs": len(tried.removals.age),
        "replicates": replicates, "parameters": changes, "rulebook_sha256": rulebook_digest(), "version": package_version(),
    }  # fmt: skip
    # Whoever reads our output may leave before its end; the files are there by then.
    for path in write(followed, weights, levels, found, len(tried.removals.age), source, folder):
        say(f"wrote {path}")
    if as_json:
        plain = [{k: None if v != v else v for k, v in row.items()} for row in tables(levels, found)[1].to_dict("records")]
        print_json({"provenance": source, "facts": plain})
    else:
        print(text(followed, found, len(tried.removals.age)))


def _changes(given: list[str]) -> dict[str, float]:
    """Return rulebook parameters by name, each within its range."""
    from sim.scenario.errors import nearest
    from sim.scenario.parameters import PARAMETERS

    changes = {}
    for text in given:
        name, _, value = text.partition("=")
        if name not in PARAMETERS:
            near = nearest(name, PARAMETERS)
            raise BadInput(f"--set {text[:60]!r}: there is no parameter {name!r}" + (f"; did you mean {near!r}?" if near else ""))
        p = PARAMETERS[name]
        try:
            changes[name] = float(value)
        except ValueError:
            raise BadInput(f"--set {text[:60]!r}: a number from {between(p.low, p.high)} is wanted, as in {name}={unrounded(p.default)}") from None
        if not p.low <= changes[name] <= p.high:
            raise BadInput(f"--set {text[:60]!r}: allowed is {between(p.low, p.high)}")
    return changes


def _told(what: str) -> Callable[[int, int], None]:
    """Return what tells on standard error how many are done and how long the rest takes: in place on a terminal, ten lines elsewhere."""
    from sim.study.progress import clock

    began = time.monotonic()
    tenths = 0

    def watch(done: int, total: int) -> None:
        nonlocal tenths
        left = (time.monotonic() - began) * (total - done) / max(1, done)
        line = f"{done:,} of {total:,} {what}" + (f", about {clock(left)} left" if done < total else "")
        if sys.stderr.isatty():
            print(f"\r{line:<60}", end="" if done < total else "\n", file=sys.stderr, flush=True)
        elif 10 * done // total > tenths:
            tenths = 10 * done // total
            say(line)

    return watch
