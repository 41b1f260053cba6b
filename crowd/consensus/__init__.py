"""From a crowd's answers to labels with calibrated confidence. Depends on NumPy alone."""

from crowd.consensus.fit import ORDINAL_VERSION, VERSION, Consensus, fit

__all__ = ["ORDINAL_VERSION", "VERSION", "Consensus", "fit"]
