"""Answers that go back to their worker once, to be mended, before they are rejected or their money is voided."""
