"""Packs: several tasks in one message, to be read and answered without a connection."""
