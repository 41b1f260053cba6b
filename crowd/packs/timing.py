"""How long an answer took is not known of those that came in packs: about what one takes is counted as time at work."""

MEASURED_MS = "CASE WHEN EXISTS (SELECT FROM packed WHERE lease_id = {answer}.id) THEN {unknown} ELSE {answer}.ms END"
"""SQL: how long an answer took, milliseconds; `unknown` where it came in a pack."""
