"""A paid pilot: a batch first runs a few of its tasks, so that what is wrong with it is found while it is cheap."""
