"""The simulated log of violence beside data of events that a researcher brings: read, named alike, counted alike, scored."""
