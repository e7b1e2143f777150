"""Fixed days of branches, where a meeting was to be before it was moved, calendar links.

Revision: usual_days
Follows: jobs
"""

import sqlalchemy as sa
from alembic import op

revision = "usual_days"
down_revision = "jobs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "usual_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("day_of_month", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("chair", sa.String(length=100), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.CheckConstraint("day_of_month BETWEEN 1 AND 31", name=op.f("ck_usual_day_day_of_month")),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_usual_day_minutes")),
        sa.CheckConstraint("valid_from <= valid_to", name=op.f("ck_usual_day_span")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_usual_day_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usual_day")),
    )
    op.create_index("ix_usual_day_organization_id", "usual_day", ["organization_id"])
    op.create_table(
        "earlier_time",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_earlier_time_meeting_id_meeting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earlier_time")),
    )
    op.create_index("ix_earlier_time_meeting_id", "earlier_time", ["meeting_id"])
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=True),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(organization_id IS NULL) <> (member_id IS NULL)", name=op.f("ck_calendar_feed_one_owner")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_calendar_feed_organization_id_organization")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_calendar_feed_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token", name=op.f("uq_calendar_feed_token")),
    )
    for owner in ("organization_id", "member_id"):
        op.create_index(
            f"uq_calendar_feed_{owner}",
            "calendar_feed",
            [owner],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )


def downgrade() -> None:
    for table in ("calendar_feed", "earlier_time", "usual_day"):
        op.drop_table(table)
