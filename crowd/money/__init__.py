"""Money: what a batch costs and may spend, and what a worker has earned."""
