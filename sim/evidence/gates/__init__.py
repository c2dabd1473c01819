"""Gates: what the second rulebook must show (docs/FINDINGS.md), each a few numbers with intervals and whether it is met. None raises for a miss."""
