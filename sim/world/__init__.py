"""What exists: arrays, identities, addressed draws."""
