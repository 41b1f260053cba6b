"""Money on hold that is voided for a reason, and the appeal against that."""
