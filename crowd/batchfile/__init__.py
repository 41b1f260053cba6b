"""A requester's batch file and the items beside it: read, checked, priced."""

from crowd.batchfile.checking import Checked, Progress, check
from crowd.batchfile.problem import Problem, Severity
from crowd.batchfile.quote import Quote, quote

__all__ = ["Checked", "Problem", "Progress", "Quote", "Severity", "check", "quote"]
