"""dilemma: how militant groups survive and break, as an agent-based model."""
