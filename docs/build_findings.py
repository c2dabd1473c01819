"""Write the table of claims into docs/FINDINGS.md: ``dilemma patterns --out DIR``, then ``python docs/build_findings.py DIR/patterns.csv``."""

from __future__ import annotations

import csv
import re
import sys
from itertools import groupby
from pathlib import Path

PAGE = Path(__file__).with_name("FINDINGS.md")


def number(text: str) -> str:
    """Return a number with three digits and its sign."""
    return f"{float(text):+.3g}"


def table(rows: list[dict[str, str]]) -> str:
    """Return the claims as a Markdown table, a row a contrast."""
    lines = ["| claim | source | contrast | predicted | effect [95 % interval] | verdict |", "|---|---|---|---|---|---|"]
    for claim, group in groupby(rows, key=lambda row: row["claim"]):
        for n, row in enumerate(group):
            head = f"**{claim}** {row['says']}" if n == 0 else ""
            effect = f"{number(row['effect'])} [{number(row['low'])}, {number(row['high'])}]"
            sign = "+" if row["predicted"] == "+" else "−"
            lines.append(f"| {head} | {row['source'] if n == 0 else ''} | {row['contrast']} | {sign} | {effect} | {row['verdict']} |")
    return "\n".join(lines)


def main() -> None:
    """Renew the block."""
    with Path(sys.argv[1]).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    text = PAGE.read_text(encoding="utf-8")
    block = f"<!-- claims -->\n{table(rows)}\n<!-- end of claims -->"
    PAGE.write_text(re.sub(r"<!-- claims -->.*?<!-- end of claims -->", lambda _: block, text, flags=re.DOTALL), encoding="utf-8")


if __name__ == "__main__":
    main()
