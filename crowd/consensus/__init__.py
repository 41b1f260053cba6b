"""From a crowd's answers to labels with calibrated confidence. Depends on NumPy alone."""

from crowd.consensus.fit import VERSION, Consensus, fit

__all__ = ["VERSION", "Consensus", "fit"]
