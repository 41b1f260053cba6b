"""The loop: which task a worker gets next, and what their answer changes."""
