"""What was said of an answer stands until it is judged anew."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_INDEX = "ix_judged_answer_batch_id"


def upgrade() -> None:
    op.drop_index(op.f(_INDEX), table_name="judged_answer")
    op.create_index(op.f(_INDEX), "judged_answer", ["batch_id"], postgresql_where=sa.text("judged_at IS NULL"))


def downgrade() -> None:
    op.drop_index(op.f(_INDEX), table_name="judged_answer")
    op.create_index(op.f(_INDEX), "judged_answer", ["batch_id"], postgresql_where=sa.text("word IS NULL"))
