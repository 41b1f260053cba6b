"""Reports on money: what came of it by batch and month, the months of the house, and what an hour of work earned."""
