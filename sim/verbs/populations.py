"""The verb that draws a population of groups and reads the stylised facts from it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from sim.verbs.asking import Json, announce_compilation, expect, print_json, say


def population(
    experiment: Annotated[str, typer.Argument(metavar="EXPERIMENT", help="The path of a population (YAML), or the name of a shipped one.")],
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where to write; dilemma-out/NAME where absent.")] = None,
    workers: Annotated[int | None, typer.Option("--workers", min=1, max=1024, help="Threads; all cores where absent. Same result.")] = None,
    as_json: Json = False,
) -> None:
    """Draw a population of groups, and read stylised facts."""
    from sim.evidence.population import load_population
    from sim.evidence.population import population as drawn

    expect(experiment, "population")
    spec = load_population(experiment)
    announce_compilation()
    from sim.evidence.population_facts import facts
    from sim.observe.provenance import package_version, rulebook_digest
    from sim.show.numbers import span, told
    from sim.study.executors import cores

    threads = workers or cores()
    frame = drawn(spec, threads)
    say(f"{spec.settings} settings, {len(frame)} groups; the same without the leaders' deaths …")
    found = facts(frame, drawn(spec, threads, death=False))
    folder = out or Path("dilemma-out") / spec.name
    folder.mkdir(parents=True, exist_ok=True)
    frame.to_parquet(folder / "groups.parquet", index=False)
    source = {"population": spec.model_dump(mode="json"), "rulebook_sha256": rulebook_digest(), "version": package_version()}
    (folder / "provenance.json").write_text(json.dumps(source, indent=1) + "\n", encoding="utf-8")
    if as_json:
        print_json(
            {"settings": spec.settings, "groups": len(frame), "facts": [{k: None if v != v else v for k, v in vars(f).items()} for f in found]}
        )
    else:
        print(f"{spec.title or spec.name}: {spec.settings} settings, {len(frame)} groups\n")
        for f in found:
            print(
                f"{f.number}  {f.verdict:<11}{f.says}: {told(f.effect, sign=True)} {span(f.low, f.high, sign=True)} {'' if f.unit == '1' else f.unit}"
            )
    for name in ("groups.parquet", "provenance.json"):
        say(f"wrote {folder / name}")
