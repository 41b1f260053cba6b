"""Batches: what a requester says of them, posting them, how far they are."""
