"""What an answer is graded by: a gold that counts. Nothing else is known to be right.

What most others said is not: who is held against others would be paid for saying what others say, and who knows better
would lose most. What a requester decides in review is not either: the money would come back to them.
"""

KNOWN = "(CASE WHEN t.suspended_at IS NULL THEN t.gold -> 'value' END)"
"""SQL: what is known to be right of task `t`; null where nothing is."""
