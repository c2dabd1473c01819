"""What a user writes: schema, loading, timeline."""
