"""One file for each kind: what tests need to know of it to try it. Nothing lists them."""
