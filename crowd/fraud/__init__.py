"""Fraud: batches looked through for signals of it, and what people decide of what was found."""
