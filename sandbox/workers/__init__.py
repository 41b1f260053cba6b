"""Simulated workers: people of differing quality who work on phones in the sandbox.

They know nothing of the bot they talk to: what is right comes from `Knowledge`, how to get past other screens
from `Manners`, and all they do goes through the sandbox's control API over HTTP.
"""

from sandbox.workers.character import Character
from sandbox.workers.crowd import run_crowd
from sandbox.workers.knowledge import Knowledge, Right
from sandbox.workers.manners import Manners, Rule
from sandbox.workers.people import make_people
from sandbox.workers.phone import Phone, SandboxRefusedError, SandboxUnreachableError
from sandbox.workers.record import Report, Sent, Tapped
from sandbox.workers.spec import CrowdSpec
from sandbox.workers.turns import Say, Send, Tap, Turn
from sandbox.workers.worker import Limits, Worker

__all__ = [
    "Character",
    "CrowdSpec",
    "Knowledge",
    "Limits",
    "Manners",
    "Phone",
    "Report",
    "Right",
    "Rule",
    "SandboxRefusedError",
    "SandboxUnreachableError",
    "Say",
    "Send",
    "Sent",
    "Tap",
    "Tapped",
    "Turn",
    "Worker",
    "make_people",
    "run_crowd",
]
