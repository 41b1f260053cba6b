"""All that is kept of a worker, for themselves: asked for in the chat, put together afterwards, and sent there."""
