"""When a worker is offered work, how much of it is enough for a day, and when a rest is due: as they set it."""
