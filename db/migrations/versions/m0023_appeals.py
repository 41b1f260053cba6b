"""Money on hold can be voided, and its worker appeal; workers say which golds are wrong."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_KINDS = "kind IN ('world', 'escrow', 'hold', 'available', 'requested', 'paid', 'fee')"
_WITH_VOIDED = "kind IN ('world', 'escrow', 'hold', 'voided', 'available', 'requested', 'paid', 'fee')"

# What was voided, and why, never changes; what has ended stays so, but that a mistake may be found after a refusal.
_UP = (
    """
    CREATE FUNCTION voiding_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF (OLD.worker_id, OLD.batch_id, OLD.currency, OLD.amount, OLD.answers, OLD.reason, OLD.ground,
            OLD.finding_id, OLD.voided_by, OLD.voided_at)
           IS DISTINCT FROM (NEW.worker_id, NEW.batch_id, NEW.currency, NEW.amount, NEW.answers, NEW.reason, NEW.ground,
            NEW.finding_id, NEW.voided_by, NEW.voided_at) THEN
            RAISE EXCEPTION 'what was voided does not change' USING ERRCODE = 'KZ004';
        END IF;
        IF OLD.settled_at IS NOT NULL
           OR (OLD.appealed_at IS NOT NULL
               AND (OLD.appealed_at, OLD.said) IS DISTINCT FROM (NEW.appealed_at, NEW.said))
           OR (OLD.outcome IS NOT NULL AND OLD.outcome IS DISTINCT FROM NEW.outcome
               AND (OLD.outcome, NEW.outcome) IS DISTINCT FROM ('refused', 'mistaken')) THEN
            RAISE EXCEPTION 'a voiding that is over stays so' USING ERRCODE = 'KZ004';
        END IF;
        RETURN NEW;
    END $$
    """,
    "CREATE TRIGGER voiding_goes_on BEFORE UPDATE ON voiding FOR EACH ROW EXECUTE FUNCTION voiding_goes_on()",
    """
    CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON voiding
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()
    """,
    """
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON voided_answer
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()
    """,
)
_DOWN = (
    "DROP TRIGGER append_only ON voided_answer",
    "DROP TRIGGER append_only ON voiding",
    "DROP TRIGGER voiding_goes_on ON voiding",
    "DROP FUNCTION voiding_goes_on()",
)


def upgrade() -> None:
    op.drop_constraint(op.f("ck_account_kind"), "account")
    op.create_check_constraint(op.f("ck_account_kind"), "account", _WITH_VOIDED)
    _create_voiding()
    _create_beside_it()
    for statement in _UP:
        op.execute(statement)


def _create_voiding() -> None:
    op.create_table(
        "voiding",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False, comment="micro-units, of all its answers"),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False, comment="as the worker is told"),
        sa.Column("ground", sa.Text(), nullable=False, comment="what it rests on; golds: it falls with them"),
        sa.Column("finding_id", sa.BigInteger(), nullable=True),
        sa.Column("voided_by", sa.Text(), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said", sa.Text(), nullable=True, comment="the worker's, in their appeal; null: they said nothing"),
        sa.Column("appealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True, comment="why, of whoever answered the appeal"),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount > 0 AND answers > 0", name=op.f("ck_voiding_amount")),
        sa.CheckConstraint("ground IN ('golds', 'finding', 'other')", name=op.f("ck_voiding_ground")),
        sa.CheckConstraint(
            "outcome IN ('granted', 'silence', 'mistaken', 'refused', 'unappealed')", name=op.f("ck_voiding_outcome")
        ),
        sa.CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name=op.f("ck_voiding_ended")),
        sa.CheckConstraint("outcome IS NOT NULL OR settled_at IS NULL", name=op.f("ck_voiding_settled")),
        sa.CheckConstraint(
            "outcome NOT IN ('granted', 'refused', 'silence') OR appealed_at IS NOT NULL",
            name=op.f("ck_voiding_appealed"),
        ),
        sa.CheckConstraint(
            "outcome NOT IN ('granted', 'refused') OR (decided_by IS NOT NULL AND decision IS NOT NULL)",
            name=op.f("ck_voiding_decided"),
        ),
        sa.CheckConstraint("decided_by <> voided_by", name=op.f("ck_voiding_four_eyes")),
        sa.CheckConstraint("appealed_at IS NOT NULL OR said IS NULL", name=op.f("ck_voiding_said")),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_voiding_worker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voiding")),
        comment="earned money that was on hold and was taken back; until settled_at it lies on the batch's voided "
        "account",
    )
    op.create_index(op.f("ix_voiding_worker_id_batch_id"), "voiding", ["worker_id", "batch_id"], unique=False)
    op.create_index(op.f("ix_voiding_batch_id"), "voiding", ["batch_id"], unique=False)
    op.create_index(
        op.f("ix_voiding_voided_at"),
        "voiding",
        ["voided_at"],
        unique=False,
        postgresql_where=sa.text("settled_at IS NULL"),
    )


def _create_beside_it() -> None:
    op.create_table(
        "voided_answer",
        sa.Column("answer_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("voiding_id", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("purse_id", sa.BigInteger(), nullable=False, comment="the escrow account that had paid it"),
        sa.ForeignKeyConstraint(["voiding_id"], ["voiding.id"], name=op.f("fk_voided_answer_voiding_id")),
        sa.PrimaryKeyConstraint("answer_id", name=op.f("pk_voided_answer")),
    )
    op.create_index(op.f("ix_voided_answer_voiding_id"), "voided_answer", ["voiding_id"], unique=False)
    op.create_table(
        "appeal_entry",
        sa.Column("worker_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("voiding_id", sa.BigInteger(), nullable=False),
        sa.Column("said", sa.Text(), nullable=True, comment="what they wrote so far"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["voiding_id"], ["voiding.id"], name=op.f("fk_appeal_entry_voiding_id")),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_appeal_entry_worker_id")),
        sa.PrimaryKeyConstraint("worker_id", name=op.f("pk_appeal_entry")),
        comment="an appeal while its worker writes why",
    )
    op.create_table(
        "contest",
        sa.Column("task_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("worker_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_contest_worker_id")),
        sa.PrimaryKeyConstraint("task_id", "worker_id", name=op.f("pk_contest")),
        comment="a worker says that a gold is wrong which counts against them",
    )
    op.create_index(
        op.f("ix_contest_batch_id"),
        "contest",
        ["batch_id"],
        unique=False,
        postgresql_where=sa.text("answered_at IS NULL"),
    )


def downgrade() -> None:
    for statement in _DOWN:
        op.execute(statement)
    op.drop_index(op.f("ix_contest_batch_id"), table_name="contest", postgresql_where=sa.text("answered_at IS NULL"))
    op.drop_table("contest")
    op.drop_table("appeal_entry")
    op.drop_index(op.f("ix_voided_answer_voiding_id"), table_name="voided_answer")
    op.drop_table("voided_answer")
    op.drop_index(op.f("ix_voiding_voided_at"), table_name="voiding", postgresql_where=sa.text("settled_at IS NULL"))
    op.drop_index(op.f("ix_voiding_batch_id"), table_name="voiding")
    op.drop_index(op.f("ix_voiding_worker_id_batch_id"), table_name="voiding")
    op.drop_table("voiding")
    op.drop_constraint(op.f("ck_account_kind"), "account")
    op.create_check_constraint(op.f("ck_account_kind"), "account", _KINDS)
