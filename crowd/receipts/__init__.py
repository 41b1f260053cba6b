"""Receipts: what a worker earned and got, said by the house and signed, for whoever they show it to."""
