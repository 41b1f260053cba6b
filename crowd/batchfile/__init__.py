"""A requester's batch file and the items beside it: read and checked."""

from crowd.batchfile.checking import Checked, Progress, check
from crowd.batchfile.problem import Problem, Severity

__all__ = ["Checked", "Problem", "Progress", "Severity", "check"]
