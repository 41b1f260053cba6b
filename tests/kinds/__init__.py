"""Each kind of task by itself, and all of them through the same tests: a file in `samples` is all that those need."""
