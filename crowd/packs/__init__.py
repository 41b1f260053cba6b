"""Packs: tasks that are handed out many at once, in one message, and answered in writing whenever there is a link."""
