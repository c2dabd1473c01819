"""Verbs about what is written: check it, begin it, list it, explain it, and the schema for editors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from sim.verbs.asking import BadInput, Json, print_json, say


def check(files: Annotated[list[str], typer.Argument(metavar="FILE…", help="Scenario files, or shipped names.")], as_json: Json = False) -> None:
    """Check scenario files: one line each, or every problem with file, line and column."""
    from sim.scenario.errors import ScenarioError
    from sim.scenario.load import load_scenario, scenario_hash

    results, bad = [], False
    for file in files:
        try:
            loaded = load_scenario(file)
        except ScenarioError as error:
            bad = True
            problems = [
                {"file": p.place.file, "line": p.place.line, "column": p.place.column, "path": p.path, "message": p.message, "nearest": p.nearest}
                for p in error.problems
            ]
            results.append({"file": file, "ok": False, "problems": problems})
            if not as_json:
                say(str(error))
        else:
            results.append({"file": file, "ok": True, "sha256": scenario_hash(loaded)})
            if not as_json:
                print(f"{file}: ok ({loaded.name}, {loaded.start} to {loaded.end}, {len(loaded.emirs)} emirs in {len(loaded.regions)} regions)")
    if as_json:
        print_json(results)
    if bad:
        raise typer.Exit(2)


def new(name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the scenario: lower case, digits and hyphens.")]) -> None:
    """Write a small scenario to begin from, as NAME.yaml in this directory."""
    import re

    from sim.show.scaffold import scaffold

    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,59}", name):
        raise BadInput(f"{name!r} is no name for a scenario; allowed are lower case letters, digits and hyphens, at most 60, such as 'my-scenario'")
    path = Path(f"{name}.yaml")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(scaffold(name))
    except FileExistsError:
        raise BadInput(f"{path} is there already; it is left as it was") from None
    print(f"wrote {path}; next: dilemma check {path}, dilemma run {path}")


def list_(as_json: Json = False) -> None:
    """List the shipped scenarios and the mechanisms."""
    from sim.scenario.load import load_scenario, shipped
    from sim.scenario.mechanisms import MECHANISMS

    scenarios = [load_scenario(name) for name in shipped()]
    if as_json:
        print_json(
            {
                "scenarios": [{"name": s.name, "title": s.title, "start": s.start, "end": s.end, "focus": s.focus} for s in scenarios],
                "mechanisms": [{"id": m.id, "key": m.key, "title": m.title} for m in MECHANISMS.values()],
            }
        )
        return
    print("Scenarios (dilemma run NAME):")
    for s in scenarios:
        print(f"  {s.name:<22}{s.start} to {s.end}  {s.title}")
    print("\nMechanisms (--without KEY; dilemma explain KEY):")
    for m in MECHANISMS.values():
        print(f"  {m.id:<5}{m.key:<24}{m.title}")


def explain(
    path: Annotated[
        str,
        typer.Argument(
            metavar="PATH", help="A parameter, mechanism, scenario field (emirs.agenda), event kind, outcome or state variable (emir.shirking)."
        ),
    ],
    as_json: Json = False,
) -> None:
    """Say what a name means: unit, range, default, source."""
    from sim.show.explain import as_text
    from sim.show.explain import explain as entries_of

    try:
        entries = entries_of(path)
    except LookupError as error:
        raise BadInput(str(error.args[0])) from None
    if as_json:
        print_json(entries)
    else:
        print(as_text(entries))


def schema(out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Where to write; standard output where absent.")] = None) -> None:
    """Print the JSON Schema of scenario files, for editors."""
    from sim.scenario.json_schema import json_schema

    text = json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n"
    if out is None:
        print(text, end="")
    else:
        out.write_text(text, encoding="utf-8")
        say(f"wrote {out}")
