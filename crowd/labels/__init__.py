"""Labels: what the answers of a batch add up to, what people decide of it, and taking it away."""
