"""Golds: how often they come, whether they last, and what is done about one that is wrong."""
