"""The Bot API's methods, one file for each idea. Importing this package registers them all."""

from sandbox.methods import account, callbacks, commands, deleting, editing, media, messages, profile, updates

__all__ = ["account", "callbacks", "commands", "deleting", "editing", "media", "messages", "profile", "updates"]
