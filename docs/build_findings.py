"""Write the table of claims into docs/FINDINGS.md: ``dilemma patterns --out DIR``, then ``python docs/build_findings.py DIR/patterns.csv``."""

from __future__ import annotations

import sys
from pathlib import Path

from sim.show.claims_table import block
from sim.show.forecast_text import put

PAGE = Path(__file__).with_name("FINDINGS.md")

if __name__ == "__main__":
    put(PAGE, "claims", block(Path(sys.argv[1])))
