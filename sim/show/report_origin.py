"""Where a report comes from: what was run, by whose claim, and how it is made again."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from sim.scenario.numbers import between
from sim.study.result import SweepResult
from sim.study.store import EXPERIMENT

if TYPE_CHECKING:
    import pandas as pd


def escaped(text: object) -> str:
    """Return a text for HTML."""
    return html.escape(str(text))


def sources(result: SweepResult) -> list[str]:
    """Return on whose work the experiment stands, as lines of HTML."""
    named = result.study.spec.sources
    return ["<p><b>Sources.</b></p>", "<ul>", *(f"<li>{escaped(source)}</li>" for source in named), "</ul>"] if named else []


def what_was_run(result: SweepResult, frame: pd.DataFrame) -> list[str]:
    """Return scenarios, arms, design, draws and runs, as lines of HTML."""
    manifest, spec = result.manifest, result.study.spec
    failed = len(result) - len(frame)
    arms = manifest["arms"]
    rows = [
        ("Scenarios", ", ".join(dict.fromkeys(arm["scenario"] for arm in arms))),
        ("Arms", f"{len(arms):,}: " + "; ".join(_arm(arm) for arm in arms[:30]) + (" …" if len(arms) > 30 else "")),
        (
            "Design",
            (spec.design.kind if spec.design is not None else "none") + f", {manifest['points']:,} point{'' if manifest['points'] == 1 else 's'}",
        ),
        ("Draws", f"{manifest['draws']}, seed {manifest['seed']}"),
        ("Runs", f"{len(result):,}" + (f", of which {failed:,} failed and are left out" if failed else ", none failed")),
    ]
    if not result.complete:
        rows.append(("State", "the sweep is not complete: this report tells of the runs that are there"))
    lines = ["<h2>What was run</h2>", '<div class="wide"><table>']
    lines += [f'<tr><th scope="row">{escaped(name)}</th><td>{escaped(value)}</td></tr>' for name, value in rows]
    lines.append("</table></div>")
    if result.factors:
        head = "".join(f'<th scope="col">{escaped(word)}</th>' for word in ("Factor", "What varies", "Values"))
        lines.append(f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>')
        for name in result.factors:
            factor = spec.factors.get(name)
            values = (
                "" if factor is None else f"{between(*factor.range)} ({factor.scale})" if factor.range else ", ".join(map(str, factor.values or ()))
            )
            what = f"{result.labels[name]} ({factor.path or name})" if factor is not None else result.labels[name]
            lines.append(f"<tr><td>{escaped(name)}</td><td>{escaped(what)}</td><td>{escaped(values)}</td></tr>")
        lines.append("</tbody></table></div>")
    return lines


def _arm(arm: dict[str, str]) -> str:
    parts = [arm["policy"], f"without {arm['without']}" if arm["without"] else ""]
    return f"{arm['scenario']} {' '.join(part for part in parts if part)}".strip()


def provenance(result: SweepResult) -> list[str]:
    """Return by what it was made, and the commands that make it again, as lines of HTML."""
    manifest = result.manifest
    rows: list[tuple[str, object]] = [("experiment", manifest["name"]), ("swept", manifest.get("created", ""))]
    rows += [(name + (" (SHA-256)" if len(str(value)) == 64 else ""), value) for name, value in manifest["identity"].items()]
    rows += [(f"library {name}", value) for name, value in manifest.get("libraries", {}).items()]
    rows += [(f"host {name}", value) for name, value in manifest.get("host", {}).items()]
    commands = [f"dilemma sweep STORE/{EXPERIMENT} --out ANEW", "dilemma report ANEW"]
    return [
        "<h2>Provenance</h2>",
        '<div class="wide"><table>',
        *(f'<tr><th scope="row">{escaped(name)}</th><td>{escaped(value)}</td></tr>' for name, value in rows),
        "</table></div>",
        "<p>To make it again, from the experiment that the store holds:</p>",
        f"<pre>{escaped(chr(10).join(commands))}</pre>",
    ]
