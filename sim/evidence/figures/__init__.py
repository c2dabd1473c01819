"""What the field would want to read: seven studies of the model, each a table that one command makes and one figure shows."""
