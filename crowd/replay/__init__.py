"""Real answers of the past, given again: what Kazi would have made of them, and at what cost."""
