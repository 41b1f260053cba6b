"""Bonuses: pots they come from, what was paid out of them, and who invited whom on what terms."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_KINDS = "kind IN ('world', 'escrow', 'hold', 'voided', 'available', 'requested', 'paid', 'fee')"
_WITH_POTS = "kind IN ('world', 'escrow', 'hold', 'voided', 'available', 'requested', 'paid', 'fee', 'bonus')"

_UP = (
    """
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON bonus
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()
    """,
    """
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON pot_funding
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()
    """,
)


def upgrade() -> None:
    op.drop_constraint(op.f("ck_account_kind"), "account")
    op.create_check_constraint(op.f("ck_account_kind"), "account", _WITH_POTS)
    op.create_table(
        "pot_funding",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False, comment="named by whoever puts it in: the same key, once"),
        sa.Column(
            "amount", sa.BigInteger(), nullable=False, comment="micro-units put into the pot; below 0: taken out again"
        ),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_pot_funding_amount")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pot_funding")),
        sa.UniqueConstraint("key", name=op.f("uq_pot_funding_key")),
    )
    op.create_table(
        "bonus",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False, comment="micro-units"),
        sa.Column("reason", sa.Text(), nullable=True, comment="as the worker reads it; null: for an invitation"),
        sa.Column("key", sa.Text(), nullable=True, comment="named by whoever pays it: the same key, once"),
        sa.Column(
            "invited_id", sa.BigInteger(), nullable=True, comment="for whose good answers it is; once for each of them"
        ),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(reason IS NULL) = (key IS NULL) AND (key IS NULL) = (invited_id IS NOT NULL)",
            name=op.f("ck_bonus_what_for"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_bonus_amount")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bonus")),
        sa.UniqueConstraint("invited_id", name=op.f("uq_bonus_invited_id")),
        sa.UniqueConstraint("key", name=op.f("uq_bonus_key")),
        comment="paid to a worker out of a pot",
    )
    op.create_index(op.f("ix_bonus_worker_id_id"), "bonus", ["worker_id", "id"], unique=False)
    op.create_table(
        "invite_link",
        sa.Column("worker_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.Text(), nullable=False, comment="in deep links, after ref_"),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_invite_link_worker_id")),
        sa.PrimaryKeyConstraint("worker_id", name=op.f("pk_invite_link")),
        sa.UniqueConstraint("code", name=op.f("uq_invite_link_code")),
    )
    op.create_table(
        "referral_terms",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("per_invited", sa.BigInteger(), nullable=False, comment="micro-units that one invitation pays"),
        sa.Column("good_answers", sa.Integer(), nullable=False, comment="that an invited worker gives until then"),
        sa.Column(
            "active",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="new invitations are on them",
        ),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("active = (ended_at IS NULL)", name=op.f("ck_referral_terms_ended")),
        sa.CheckConstraint("per_invited > 0 AND good_answers > 0", name=op.f("ck_referral_terms_amount")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_terms")),
        comment="what invitations pay; they never change, others take their place",
    )
    op.create_index(
        "ix_referral_terms_active", "referral_terms", ["active"], unique=True, postgresql_where=sa.text("active")
    )
    op.create_table(
        "invitation",
        sa.Column("invited_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "inviter_id", sa.BigInteger(), nullable=False, comment="a worker; a key check would wait for what they do"
        ),
        sa.Column("terms_id", sa.BigInteger(), nullable=True, comment="that held when they came; null: none did"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("earned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("invited_id <> inviter_id", name=op.f("ck_invitation_another")),
        sa.CheckConstraint("paid_at IS NULL OR earned_at IS NOT NULL", name=op.f("ck_invitation_earned")),
        sa.ForeignKeyConstraint(["invited_id"], ["worker.id"], name=op.f("fk_invitation_invited_id")),
        sa.ForeignKeyConstraint(["terms_id"], ["referral_terms.id"], name=op.f("fk_invitation_terms_id")),
        sa.PrimaryKeyConstraint("invited_id", name=op.f("pk_invitation")),
        comment="who brought a worker, by their link",
    )
    op.create_index(
        "ix_invitation_earned",
        "invitation",
        ["earned_at"],
        unique=False,
        postgresql_where=sa.text("earned_at IS NOT NULL AND paid_at IS NULL"),
    )
    op.create_index(op.f("ix_invitation_inviter_id"), "invitation", ["inviter_id"], unique=False)
    op.create_index(
        "ix_invitation_open",
        "invitation",
        ["invited_id"],
        unique=False,
        postgresql_where=sa.text("terms_id IS NOT NULL AND earned_at IS NULL"),
    )
    for statement in _UP:
        op.execute(statement)


def downgrade() -> None:
    for table in ("invitation", "referral_terms", "invite_link", "bonus", "pot_funding"):
        op.drop_table(table)
    op.drop_constraint(op.f("ck_account_kind"), "account")
    op.create_check_constraint(op.f("ck_account_kind"), "account", _KINDS)
