"""What is done with many runs: comparisons of engines (designs and stores are to come)."""
