"""The worker's chat, on aiogram."""
