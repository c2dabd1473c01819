"""What is done with more than one run: one history against another, one engine against another."""
