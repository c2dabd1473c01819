"""Leave one out: what the other histories say of the shared parameters, and whether that helps to tell the one that is left out."""
