"""What an answer is graded by: what is known to be right, which is not what most others said.

A gold that counts has its right answer, and so has a task that a person decided. All other answers are paid in full:
who is held against others would be paid for saying what others say.
"""

KNOWN = """(
    CASE WHEN t.gold IS NULL THEN CASE WHEN t.reviewed_at IS NOT NULL THEN t.label END
         WHEN t.suspended_at IS NULL THEN t.gold -> 'value' END
)"""
"""SQL: what is known to be right of task `t`; null where nothing is."""
