"""Verbs about what is written: check it, begin it, list it, explain it, and the schema for editors."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from sim.scenario.numbers import exact
from sim.verbs.asking import BadInput, Json, expect, kind_of, print_json, say, use
from sim.verbs.places import can_hold_file


def check(
    files: Annotated[list[str], typer.Argument(metavar="FILE…", help="Scenarios, experiments or lessons: files, or shipped names.")],
    as_json: Json = False,
) -> None:
    """Check files: ok, or every problem with line and column."""
    from sim.scenario.errors import ScenarioError

    results, bad = [], False
    for file in files:
        try:
            sha256, words = _checked(file)
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
            results.append({"file": file, "ok": True, "sha256": sha256})
            if not as_json:
                print(f"{file}: ok ({words})")
    if as_json:
        print_json(results)
    if bad:
        raise typer.Exit(2)


def _checked(file: str) -> tuple[str, str]:
    """Check a file as what it says it is; return its hash and what it is, in words."""
    from sim.scenario.inheritance import shipped_files
    from sim.scenario.load import load_scenario, scenario_hash
    from sim.study.experiment import kind_of_file

    kind = kind_of_file(file)
    if kind == "lesson" or file in shipped_files("lessons"):
        from sim.classroom.lesson import load_lesson

        lesson = load_lesson(file)
        trial = lesson.spec.experiment
        return "", f"lesson {lesson.spec.name}: {len(lesson.spec.prediction.options)} predictions, {len(trial.worlds)} worlds of {trial.scenario}"
    if kind == "calibration":
        from sim.evidence.calibration import load_calibration

        found = load_calibration(file)
        facts = f"{len(found.spec.facts)} facts to {found.spec.until}, {found.spec.histories:,} histories"
        return found.table().sha256, f"calibration {found.spec.name}: {len(found.factors)} priors of {found.scenario.name}, {facts}"
    if kind == "forecast":
        from sim.evidence.forecast import load_forecast

        asked = load_forecast(file)
        what = f"{len(asked.questions)} questions and {len(asked.spec.numbers)} numbers of {asked.years[0]}-{asked.years[-1]}"
        return asked.sha256, f"forecast {asked.spec.name}: {what}, from {asked.calibration.spec.name}"
    if kind == "leave-one-out":
        from sim.evidence.left_out.asked import load_leave_one_out

        left = load_leave_one_out(file)
        what = f"{len(left.held)} histories, {sum(map(len, left.questions.values()))} questions, {left.spec.histories:,} draws"
        return "", f"{left.spec.name}: {what} of {len(left.calibration.factors)} parameters"
    if kind == "experiment":
        from sim.study.plan import load_study

        study = load_study(file)
        what = study.spec.function or ", ".join(study.scenarios)
        return study.sha256, f"experiment {study.spec.name}: {len(study.arms)} arms x {len(study.points):,} points on {what}, {study.runs[0]:,} runs"
    loaded = load_scenario(file)
    return scenario_hash(loaded), f"{loaded.name}, {loaded.start} to {loaded.end}, {len(loaded.emirs)} emirs in {len(loaded.regions)} regions"


def new(name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the scenario: lower case, digits and hyphens.")]) -> None:
    """Write a small scenario to begin from, as NAME.yaml."""
    import re

    from sim.scenario.inheritance import shipped
    from sim.show.scaffold import scaffold

    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,59}", name):
        raise BadInput(f"{name!r} is no name for a scenario; allowed are lower case letters, digits and hyphens, at most 60, such as 'my-scenario'")
    if name in shipped():
        known = f"{name!r} is a shipped scenario: `dilemma run {name}` would run that one, and both would write into the same directories"
        raise BadInput(f"{known}; choose another name (a file that begins with `extends: {name}` changes it)")
    path = Path(f"{name}.yaml")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(scaffold(name))
    except FileExistsError:
        raise BadInput(f"{path} is there already; it is left as it was") from None
    schema_file = Path("scenario.schema.json")
    if not schema_file.exists():
        # Its first line names it, so that editors complete and check what is written.
        _write_schema(schema_file)
    print(f"wrote {path}; next: dilemma check {path}, dilemma run {path}")


Events = Annotated[str | None, typer.Option("--events", metavar="SCENARIO", help="List the events of a scenario's timeline instead, by name.")]


def list_(events: Events = None, as_json: Json = False) -> None:
    """List what ships: scenarios, studies, lessons, mechanisms."""
    if events is not None:
        _list_events(events, as_json)
        return
    from sim.classroom.lesson import load_lesson, shipped_lessons
    from sim.evidence.calibration import load_calibration
    from sim.evidence.forecast import load_forecast
    from sim.evidence.left_out.asked import load_leave_one_out
    from sim.scenario.load import load_scenario, shipped
    from sim.scenario.mechanisms import MECHANISMS
    from sim.study.experiment import kind_of_file, read_experiment, shipped_experiments, shipped_studies

    scenarios = [load_scenario(name) for name in shipped()]
    experiments = [read_experiment(path).spec for path in shipped_experiments().values()]
    # Studies of a kind of their own: heading, key in the JSON, and how a file of it is read.
    kinds: dict[str, tuple[str, str, Callable[[str], Any]]] = {
        "calibration": ("Calibrations (dilemma calibrate NAME)", "calibrations", load_calibration),
        "forecast": ("Forecasts (dilemma forecast NAME)", "forecasts", load_forecast),
        "leave-one-out": ("Histories to leave out in turn (dilemma leave-one-out NAME)", "left_out", load_leave_one_out),
    }
    studies = {kind: [read(name).spec for name in shipped_studies() if kind_of_file(name) == kind] for kind, (_, _, read) in kinds.items()}
    lessons = [load_lesson(path).spec for path in shipped_lessons().values()]
    if as_json:
        print_json(
            {
                "scenarios": [{"name": s.name, "title": s.title, "start": s.start, "end": s.end, "focus": s.focus} for s in scenarios],
                "experiments": [{"name": e.name, "title": e.title, "claim": e.claim} for e in experiments],
                **{key: [{"name": x.name, "title": x.title, "claim": x.claim} for x in studies[kind]] for kind, (_, key, _) in kinds.items()},
                "lessons": [{"name": x.name, "title": x.title, "minutes": x.minutes} for x in lessons],
                "mechanisms": [{"id": m.id, "key": m.key, "title": m.title} for m in MECHANISMS.values()],
            }
        )
        return
    print("Scenarios (dilemma run NAME; dilemma list --events NAME):")
    for s in scenarios:
        print(f"  {s.name:<22}{s.start} to {s.end}  {s.title}")
    print("\nExperiments (dilemma sweep NAME, dilemma sensitivity NAME):")
    for e in experiments:
        print(f"  {e.name:<22}{e.title}")
    for kind, (heading, _, _) in kinds.items():
        print(f"\n{heading}:")
        for x in studies[kind]:
            print(f"  {x.name:<22}{x.title}")
    print("\nLessons (dilemma teach):")
    for lesson in lessons:
        print(f"  {lesson.name:<22}{lesson.title}, {lesson.minutes} minutes")
    print("\nMechanisms (--without KEY; dilemma explain KEY):")
    for m in MECHANISMS.values():
        print(f"  {m.id:<5}{m.key:<24}{m.title}")


def _list_events(scenario: str, as_json: bool) -> None:
    from sim.scenario.event_names import event_names, typed
    from sim.scenario.load import load_scenario

    expect(scenario, "scenario")
    timeline = load_scenario(scenario).timeline
    names = event_names(timeline)
    if as_json:
        print_json([{"number": n, "name": name, **entry.model_dump()} for n, (name, entry) in enumerate(zip(names, timeline, strict=True))])
        return
    if not names:
        print(f"{scenario} has no timeline: nothing comes from outside.")
        return
    rows = [("name", "date", "months", "event", "target", "magnitude")]
    rows += [(name, e.date, str(e.months), e.event, e.target, exact(e.magnitude, 6)) for name, e in zip(names, timeline, strict=True)]
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    print("\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows))
    example = typed(names[0]) or "0"
    print(f"\nOne is switched off with --without {example}, changed with --set timeline.{example}.date={timeline[0].date} or .magnitude or .months")


def explain(
    path: Annotated[
        str,
        typer.Argument(
            metavar="PATH",
            help="A parameter, mechanism, scenario field (emirs.agenda), event kind, outcome, state variable (emir.shirking), or aqim.timeline.",
        ),
    ],
    as_json: Json = False,
) -> None:
    """Say what a name means: unit, range, default, source."""
    scenario, _, last = path.rpartition(".")
    if last == "timeline" and kind_of(scenario) == "scenario":
        _list_events(scenario, as_json)
        return
    from sim.show.explain import as_text
    from sim.show.explain import explain as entries_of

    try:
        entries = entries_of(path)
    except LookupError as error:
        found = kind_of(path)
        raise BadInput(use(path, found) if found else str(error.args[0])) from None
    if as_json:
        print_json(entries)
    else:
        print(as_text(entries))


def schema(
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Where to write; standard output where absent.")] = None,
    experiment: Annotated[bool, typer.Option("--experiment", help="The schema of experiments instead.")] = False,
    lesson: Annotated[bool, typer.Option("--lesson", help="The schema of lessons instead.")] = False,
) -> None:
    """Print the JSON Schema of a kind of file, for editors."""
    if experiment and lesson:
        raise BadInput("--experiment and --lesson each print a schema of their own; name one")
    if experiment:
        from sim.study.experiment import experiment_schema as made
    elif lesson:
        from sim.classroom.lesson import lesson_schema as made
    else:
        from sim.scenario.json_schema import json_schema as made
    if out is None:
        print(_as_text(made()), end="")
    else:
        can_hold_file(out)
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(_as_text(made()), encoding="utf-8")
        say(f"wrote {out}")


def _as_text(made: dict[str, Any]) -> str:
    return json.dumps(made, indent=1, ensure_ascii=False) + "\n"


def _write_schema(path: Path) -> None:
    from sim.scenario.json_schema import json_schema

    path.write_text(_as_text(json_schema()), encoding="utf-8")
