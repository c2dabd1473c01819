"""The verb that calibrates a scenario on dated facts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.verbs.asking import Asked, Json, announce_compilation, print_json, say


def calibrate(
    experiment: Annotated[str, typer.Argument(metavar="EXPERIMENT", help="The path of a calibration (YAML), or the name of a shipped one.")],
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where to write; dilemma-out/NAME where absent.")] = None,
    workers: Annotated[int | None, typer.Option("--workers", min=1, max=1024, help="Threads; all cores where absent. Same result.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on after the last complete generation.")] = False,
    recover: Annotated[
        int, typer.Option("--recover", min=0, max=1000, help="Instead: plant so many parameter sets and see whether they are recovered.")
    ] = 0,
    as_json: Json = False,
) -> None:
    """Calibrate a scenario on its dated facts, and predict the years that were not used."""
    from sim.evidence.calibration import load_calibration
    from sim.study.executors import cores

    calibration = load_calibration(experiment)
    announce_compilation()
    threads = workers or cores()
    folder = out or Path("dilemma-out") / calibration.spec.name
    from sim.evidence import posterior

    if recover:
        table = posterior.recover(calibration, recover, threads, lambda n, of: say(f"{n} of {of} planted sets calibrated"))
        held = float(table["held"].mean())
        folder.mkdir(parents=True, exist_ok=True)
        table.to_csv(folder / "recovery.csv", index=False)
        by = table.groupby("prior", sort=False)["held"].mean()
        if as_json:
            print_json({"sets": recover, "held": held, "by_prior": by.to_dict(), "rows": table.to_dict("records")})
        else:
            print(f"{held:.0%} of 90 % intervals hold what was planted ({recover} sets, {len(by)} priors)\n\n{by.to_string()}")
        say(f"wrote {folder / 'recovery.csv'}")
        return
    try:
        with Asked():
            generations = posterior.calibrate(
                calibration,
                folder,
                threads=threads,
                resume=resume,
                watch=lambda g, n, of, epsilon: say(
                    f"generation {g}: {n} of {calibration.spec.particles} particles after {of:,} histories, distance to beat {epsilon:.3g}"
                ),
            )
    except KeyboardInterrupt:
        say(f"interrupted: complete generations are safe in {folder}. Go on with: dilemma calibrate {experiment} --out {folder} --resume")
        raise typer.Exit(130) from None
    series = posterior.predict(calibration, generations[-1], threads=threads)
    table = posterior.predictive_table(calibration, series)
    from sim.show.posterior_figure import text, write

    if as_json:
        rows = [{"number": g.number, "epsilon": min(g.epsilon, 1e308), "acceptance": g.acceptance, "effective": g.effective} for g in generations]
        posteriors = posterior.summary(calibration, generations[-1]).to_dict("records")
        print_json({"generations": rows, "posterior": posteriors, "facts": table.to_dict("records")})
    else:
        print(text(calibration, generations, table))
    for path in write(calibration, generations, series, folder):
        say(f"wrote {path}")
