"""The parity alarm: where those who read one language's instructions do worse on the same golds, these are to blame."""
