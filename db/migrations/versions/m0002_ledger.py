"""The ledger's rules, held by the database: append only, balances follow transfers and nothing else."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# A transfer has two sides and one amount, so it sums to zero by its shape. Its statement moves the balances;
# a balance that would fall below zero fails the check on account, and with it the transfer.
_UP = (
    """
    CREATE FUNCTION post_transfers() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        wanted integer;
        moved integer;
    BEGIN
        WITH side AS (
            SELECT debit AS id, -amount AS change FROM fresh UNION ALL SELECT credit, amount FROM fresh
        ), total AS (
            SELECT id, sum(change)::bigint AS change FROM side GROUP BY id
        ), changed AS (
            UPDATE account SET balance = balance + total.change FROM total WHERE account.id = total.id
            RETURNING account.currency
        )
        SELECT count(*), (SELECT count(*) FROM total) INTO moved, wanted FROM changed;
        IF moved <> wanted THEN
            RAISE EXCEPTION 'a transfer names an account that does not exist' USING ERRCODE = 'KZ001';
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER post_transfers AFTER INSERT ON transfer REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION post_transfers()
    """,
    """
    CREATE FUNCTION same_currency() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF (SELECT count(DISTINCT currency) FROM account WHERE id IN (NEW.debit, NEW.credit)) <> 1 THEN
            RAISE EXCEPTION 'a transfer stays within one currency' USING ERRCODE = 'KZ001';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER same_currency BEFORE INSERT ON transfer FOR EACH ROW EXECUTE FUNCTION same_currency()
    """,
    """
    CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the ledger is append only: write a transfer that puts it right' USING ERRCODE = 'KZ002';
    END $$
    """,
    """
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON transfer
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()
    """,
    """
    CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON account
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()
    """,
    """
    CREATE TRIGGER identity_stays BEFORE UPDATE OF id, kind, owner, slot, currency ON account
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()
    """,
    """
    CREATE FUNCTION only_transfers_move_money() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'only a transfer changes a balance' USING ERRCODE = 'KZ003';
    END $$
    """,
    """
    CREATE TRIGGER only_transfers_move_money BEFORE UPDATE OF balance ON account FOR EACH ROW
    WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION only_transfers_move_money()
    """,
    """
    CREATE TRIGGER opens_empty BEFORE INSERT ON account FOR EACH ROW
    WHEN (NEW.balance <> 0) EXECUTE FUNCTION only_transfers_move_money()
    """,
)

_DOWN = (
    "DROP TRIGGER opens_empty ON account",
    "DROP TRIGGER only_transfers_move_money ON account",
    "DROP TRIGGER identity_stays ON account",
    "DROP TRIGGER append_only ON account",
    "DROP TRIGGER append_only ON transfer",
    "DROP TRIGGER same_currency ON transfer",
    "DROP TRIGGER post_transfers ON transfer",
    "DROP FUNCTION only_transfers_move_money()",
    "DROP FUNCTION ledger_is_append_only()",
    "DROP FUNCTION same_currency()",
    "DROP FUNCTION post_transfers()",
)


def upgrade() -> None:
    for statement in _UP:
        op.execute(statement)


def downgrade() -> None:
    for statement in _DOWN:
        op.execute(statement)
