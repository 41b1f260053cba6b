"""Money leaves: where it is to go, what was asked for, and the files by which it is sent."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_KINDS = "kind IN ('world', 'escrow', 'hold', 'available', 'paid', 'fee')"
_WITH_REQUESTED = "kind IN ('world', 'escrow', 'hold', 'available', 'requested', 'paid', 'fee')"

# Where a payout may go from where it is, whoever writes it. What has ended never goes on; nothing changes its money.
_UP = (
    """
    CREATE FUNCTION payout_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF (OLD.worker_id, OLD.currency, OLD.amount, OLD.fee, OLD.method, OLD.details_id)
           IS DISTINCT FROM (NEW.worker_id, NEW.currency, NEW.amount, NEW.fee, NEW.method, NEW.details_id) THEN
            RAISE EXCEPTION 'what a payout is for does not change' USING ERRCODE = 'KZ004';
        END IF;
        IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
            ('requested', 'approved'), ('requested', 'refused'), ('requested', 'cancelled'),
            ('approved', 'refused'), ('approved', 'sent'), ('sent', 'paid'), ('sent', 'failed')
        ) THEN
            RAISE EXCEPTION 'a payout that is % cannot become %', OLD.state, NEW.state USING ERRCODE = 'KZ004';
        END IF;
        RETURN NEW;
    END $$
    """,
    "CREATE TRIGGER payout_goes_on BEFORE UPDATE ON payout FOR EACH ROW EXECUTE FUNCTION payout_goes_on()",
    """
    CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON payout
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()
    """,
)
_DOWN = (
    "DROP TRIGGER append_only ON payout",
    "DROP TRIGGER payout_goes_on ON payout",
    "DROP FUNCTION payout_goes_on()",
)


def upgrade() -> None:
    op.drop_constraint(op.f("ck_account_kind"), "account")
    op.create_check_constraint(op.f("ck_account_kind"), "account", _WITH_REQUESTED)
    op.create_table(
        "payout_file",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "key", sa.Text(), nullable=False, comment="named by whoever asked for it: the same key, the same file"
        ),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("payouts", sa.Integer(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False, comment="micro-units, without fees"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False, comment="the file, encrypted"),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_file")),
        sa.UniqueConstraint("key", name=op.f("uq_payout_file_key")),
    )
    op.create_table(
        "payout_details",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True, comment="what was entered, encrypted; null: erased"),
        sa.Column("masked", sa.Text(), nullable=False, comment="as screens show it"),
        sa.Column(
            "print",
            sa.LargeBinary(),
            nullable=False,
            comment="keyed: the same for the same account, and tells nothing of it",
        ),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("usable_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_payout_details_worker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_details")),
        comment="where a worker's money is to go; the last ones are in use, others are kept for what was sent by them",
    )
    op.create_index(op.f("ix_payout_details_print"), "payout_details", ["print"], unique=False)
    op.create_index(
        op.f("ix_payout_details_worker_id"),
        "payout_details",
        ["worker_id"],
        unique=True,
        postgresql_where=sa.text("replaced_at IS NULL"),
    )
    op.create_table(
        "payout",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False, comment="micro-units taken from the worker's money"),
        sa.Column("fee", sa.BigInteger(), nullable=False, comment="of it, kept for sending the rest"),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("details_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default="requested", nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "seconded_by", sa.Text(), nullable=True, comment="above a limit, another person than the one who approved"
        ),
        sa.Column("file_id", sa.BigInteger(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=True, comment="the provider's"),
        sa.Column("reason", sa.Text(), nullable=True, comment="why it failed or was refused, as the worker is told"),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state IN ('paid', 'failed', 'refused', 'cancelled')) = (ended_at IS NOT NULL)",
            name=op.f("ck_payout_ended"),
        ),
        sa.CheckConstraint(
            "state IN ('requested', 'approved', 'sent', 'paid', 'failed', 'refused', 'cancelled')",
            name=op.f("ck_payout_state"),
        ),
        sa.CheckConstraint("state NOT IN ('failed', 'refused') OR reason IS NOT NULL", name=op.f("ck_payout_reason")),
        sa.CheckConstraint("amount > fee AND fee >= 0", name=op.f("ck_payout_amount")),
        sa.CheckConstraint("seconded_by <> approved_by", name=op.f("ck_payout_four_eyes")),
        sa.ForeignKeyConstraint(["details_id"], ["payout_details.id"], name=op.f("fk_payout_details_id")),
        sa.ForeignKeyConstraint(["file_id"], ["payout_file.id"], name=op.f("fk_payout_file_id")),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_payout_worker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout")),
    )
    op.create_index(op.f("ix_payout_file_id"), "payout", ["file_id"], unique=False)
    op.create_index(
        "ix_payout_open", "payout", ["worker_id", "currency"], unique=True, postgresql_where=sa.text("ended_at IS NULL")
    )
    op.create_index(
        op.f("ix_payout_state_method_currency"),
        "payout",
        ["state", "method", "currency"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(op.f("ix_payout_worker_id_id"), "payout", ["worker_id", "id"], unique=False)
    for statement in _UP:
        op.execute(statement)


def downgrade() -> None:
    for statement in _DOWN:
        op.execute(statement)
    op.drop_index(op.f("ix_payout_worker_id_id"), table_name="payout")
    op.drop_index(
        op.f("ix_payout_state_method_currency"), table_name="payout", postgresql_where=sa.text("ended_at IS NULL")
    )
    op.drop_index("ix_payout_open", table_name="payout", postgresql_where=sa.text("ended_at IS NULL"))
    op.drop_index(op.f("ix_payout_file_id"), table_name="payout")
    op.drop_table("payout")
    op.drop_index(
        op.f("ix_payout_details_worker_id"),
        table_name="payout_details",
        postgresql_where=sa.text("replaced_at IS NULL"),
    )
    op.drop_index(op.f("ix_payout_details_print"), table_name="payout_details")
    op.drop_table("payout_details")
    op.drop_table("payout_file")
    op.drop_constraint(op.f("ck_account_kind"), "account")
    op.create_check_constraint(op.f("ck_account_kind"), "account", _KINDS)
