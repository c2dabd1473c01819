"""How it behaves: one file per mechanism family."""
