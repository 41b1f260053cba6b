"""What is kept of a worker, section by section: each a query, and the names of what it finds.

Left out is what concerns others, and what would tell which tasks are checks before that is told: keys of tasks, and
figures that move with each check.
"""

from dataclasses import dataclass

from crowd.money.earnings import TELLABLE


@dataclass(frozen=True, slots=True)
class Section:
    """Rows of one sort. The query knows the worker as $1."""

    name: str
    query: str
    checks: bool = False
    """It also knows, as TELLABLE does, the beginning of today as $2, and false as $3."""


PROFILE = """
SELECT w.pseudonym, w.person_id AS telegram_id, w.locale, w.country, w.time_zone, w.state, w.created_at, w.joined_at,
       w.consented_at, w.consent_version, w.points_out AS points_out_wrong_words, w.saves_data,
       (SELECT jsonb_build_object(
            'offered', offered, 'from_hour', from_hour, 'to_hour', to_hour, 'rest_minutes', rest_minutes,
            'day_minutes', day_minutes, 'day_tasks', day_tasks, 'offered_at', offered_at
        ) FROM rhythm WHERE worker_id = w.id) AS rhythm,
       (SELECT coalesce(jsonb_agg(jsonb_build_object(
            'day', day, 'screens', screens, 'bytes', bytes, 'media_bytes', media_bytes
        ) ORDER BY day), '[]') FROM data_use WHERE worker_id = w.id) AS data_sent,
       (SELECT coalesce(jsonb_object_agg(language, level), '{}')
        FROM worker_language WHERE worker_id = w.id) AS languages,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('name', name, 'granted_at', granted_at, 'expires_at', expires_at)),
                        '[]') FROM skill WHERE worker_id = w.id) AS skills,
       (SELECT coalesce(jsonb_agg(jsonb_build_object(
            'method', method, 'masked', masked, 'entered_at', entered_at, 'replaced_at', replaced_at
        ) ORDER BY id), '[]') FROM payout_details WHERE worker_id = w.id) AS paid_to,
       (SELECT coalesce(jsonb_agg(jsonb_build_object(
            'kind', kind, 'language', language, 'answers', answers, 'paused_at', paused_at, 'pause_reason', pause_reason
        )), '[]') FROM track WHERE worker_id = w.id) AS work,
       (SELECT coalesce(jsonb_agg(jsonb_build_object(
            'kind', kind, 'language', language, 'signal', signal, 'raised_at', raised_at
        ) ORDER BY id), '[]') FROM finding WHERE $1 = ANY(paused)) AS paused_by,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('batch', b.name, 'language', p.read_in) ORDER BY b.id), '[]')
        FROM participation p JOIN batch b ON b.id = p.batch_id
        WHERE p.worker_id = w.id AND p.read_in IS NOT NULL) AS instructions_read,
       (SELECT coalesce(jsonb_agg(said), '[]') FROM draft WHERE person_id = w.person_id) AS drafts
FROM worker w WHERE w.id = $1
"""

_ANSWERS = f"""
SELECT a.id AS answer, a.answered_at, b.name AS batch, b.kind, b.language, t.payload AS task, a.value AS said,
       a.price AS earned_micros, b.currency, a.ms, told.verdict AS check_verdict,
       CASE WHEN told.verdict IS NOT NULL THEN t.gold -> 'value' END AS check_right
FROM answer a JOIN task t ON t.id = a.task_id JOIN batch b ON b.id = a.batch_id
LEFT JOIN track r ON r.worker_id = a.worker_id AND r.kind = b.kind AND r.language = b.language
CROSS JOIN LATERAL (SELECT CASE WHEN {TELLABLE} THEN a.verdict END AS verdict) told
WHERE a.worker_id = $1 ORDER BY a.id
"""  # noqa: S608

_PASSED = """
SELECT p.lease_id AS number, p.at, b.name AS batch, b.kind, b.language, t.payload AS task, p.way, p.reason
FROM passed p JOIN task t ON t.id = p.task_id JOIN batch b ON b.id = p.batch_id
WHERE p.worker_id = $1 ORDER BY p.lease_id
"""

_SENT_BACK = """
SELECT r.answer_id AS answer, r.asked_at, b.name AS batch, b.kind, b.language, t.payload AS task, r.word AS found,
       r.reason, r.due_at, r.ended_at, r.outcome, r.before AS said_before
FROM redo r JOIN task t ON t.id = r.task_id JOIN batch b ON b.id = r.batch_id
WHERE r.worker_id = $1 ORDER BY r.answer_id
"""

_PRACTISED = """
SELECT p.at, b.name AS batch, b.kind, b.language, t.payload AS task, p.said, p."right", p.tries
FROM practised p JOIN practice_task t ON t.id = p.task_id JOIN batch b ON b.id = t.batch_id
WHERE p.worker_id = $1 ORDER BY p.at, p.task_id
"""

_MONEY = """
WITH own AS (
    SELECT id, kind, currency FROM account WHERE owner = $1 AND kind IN ('hold', 'available', 'requested', 'paid')
)
SELECT t.id AS transfer, t.at, t.reason, t.ref, coalesce(gives.kind, 'other') AS gives,
       coalesce(gets.kind, 'other') AS gets, t.amount AS micros, coalesce(gives.currency, gets.currency) AS currency
FROM (
    SELECT * FROM transfer WHERE debit IN (SELECT id FROM own) UNION
    SELECT * FROM transfer WHERE credit IN (SELECT id FROM own)
) t
LEFT JOIN own gives ON gives.id = t.debit LEFT JOIN own gets ON gets.id = t.credit
ORDER BY t.id
"""

_PAYOUTS = """
SELECT p.id AS payout, p.requested_at, p.currency, p.amount AS micros, p.fee AS fee_micros, p.method, d.masked, p.state,
       p.reference, p.reason, p.ended_at
FROM payout p JOIN payout_details d ON d.id = p.details_id
WHERE p.worker_id = $1 ORDER BY p.id
"""

_ON_TOP = """
SELECT t.at, b.name AS batch, t.amount AS micros, b.currency
FROM top_up t JOIN batch b ON b.id = t.batch_id WHERE t.worker_id = $1 ORDER BY t.id
"""

_BONUSES = """
SELECT b.at, b.amount AS micros, b.currency, b.reason, b.invited_id IS NOT NULL AS for_an_invitation
FROM bonus b WHERE b.worker_id = $1 ORDER BY b.id
"""

_INVITED = """
SELECT i.at, i.paid_at FROM invitation i WHERE i.inviter_id = $1 ORDER BY i.at, i.invited_id
"""

_TAKEN_BACK = """
SELECT v.id AS voiding, v.voided_at, b.name AS batch, v.answers, v.amount AS micros, v.currency, v.ground, v.reason,
       v.appealed_at, v.said, v.outcome, v.decision, v.ended_at
FROM voiding v JOIN batch b ON b.id = v.batch_id WHERE v.worker_id = $1 ORDER BY v.id
"""

_DOUBTED = """
SELECT c.at, b.name AS batch, t.key AS task, t.payload, c.answered_at
FROM contest c JOIN task t ON t.id = c.task_id JOIN batch b ON b.id = c.batch_id
WHERE c.worker_id = $1 ORDER BY c.at, c.task_id
"""

_WORDINGS = """
SELECT locale, message, said, better, at, ended_at FROM wording WHERE worker_id = $1 ORDER BY id
"""

_NOTICES = """
SELECT o.due_at, o.sent_at, o.subject, o.content FROM outbox o
WHERE o.person_id = (SELECT person_id FROM worker WHERE id = $1)
  ORDER BY o.id
"""

SECTIONS = (
    Section("answers", _ANSWERS, checks=True),
    Section("skipped", _PASSED),
    Section("sent_back", _SENT_BACK),
    Section("practice", _PRACTISED),
    Section("money", _MONEY),
    Section("on_top", _ON_TOP),
    Section("bonuses", _BONUSES),
    Section("words_pointed_out", _WORDINGS),
    Section("invited", _INVITED),
    Section("taken_back", _TAKEN_BACK),
    Section("doubted", _DOUBTED),
    Section("payouts", _PAYOUTS),
    Section("notices", _NOTICES),
)
