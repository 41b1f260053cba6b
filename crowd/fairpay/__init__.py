"""Fair pay: what an hour pays at least, how long work takes, and what is done where the two do not meet."""
