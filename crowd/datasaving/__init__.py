"""Data is dear where many workers are: what Kazi uses is counted and told, and kept small for who wants that."""
