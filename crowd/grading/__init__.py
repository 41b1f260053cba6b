"""Graded pay: what is half right earns half, where a batch pays by that."""
