"""Replays through the chat: a sandbox, a bot, and phones on which the answers of the past are tapped again."""
