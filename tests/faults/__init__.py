"""Faults done to sweeps, stores and calibrations on purpose, and what became of them. Run: python -m tests.faults --help."""
