"""What the model is held against: claims and gates, a population of groups, dated facts and what they say of the parameters."""
