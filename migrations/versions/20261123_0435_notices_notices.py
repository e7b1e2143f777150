"""Notices: what each person asked to be sent, and what is on its way out.

Revision: notices
Follows: usual_days
"""

import sqlalchemy as sa
from alembic import op

revision = "notices"
down_revision = "usual_days"
branch_labels = None
depends_on = None

CHANNELS = ("mail", "wecom", "dingtalk")
DAYS = (
    "never", "every_day", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
)
KINDS = ("confirm", "digest", "meeting")
PROBLEMS = ("unreachable", "busy", "refused", "our_settings", "too_late", "unwanted", "interrupted")


def choice(name, words):
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "notice_choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("channel", choice("channel", CHANNELS), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("secret", sa.String(length=200), nullable=False),
        sa.Column("digest", choice("digest", DAYS), nullable=False),
        sa.Column("meetings", sa.Boolean(), nullable=False),
        sa.Column("quiet_from", sa.Time(), nullable=False),
        sa.Column("quiet_to", sa.Time(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("digested_on", sa.Date(), nullable=True),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "ended_at IS NULL OR (address = '' AND secret = '')", name=op.f("ck_notice_choice_ended_keeps_no_address")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_notice_choice_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_choice")),
        sa.UniqueConstraint("account_id", name=op.f("uq_notice_choice_account_id")),
    )
    op.create_index("ix_notice_choice_look_at", "notice_choice", ["look_at"])
    op.create_table(
        "notice_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("choice_id", sa.Integer(), nullable=False),
        sa.Column("kind", choice("kind", KINDS), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=True),
        sa.Column("composed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("problem", choice("problem", PROBLEMS), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ended_at IS NOT NULL OR sent_at IS NULL", name=op.f("ck_notice_message_sent_is_ended")),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_notice_message_tries")),
        sa.ForeignKeyConstraint(
            ["choice_id"], ["notice_choice.id"], name=op.f("fk_notice_message_choice_id_notice_choice")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_message")),
        sa.UniqueConstraint("choice_id", "subject", name=op.f("uq_notice_message_choice_id_subject")),
        sa.UniqueConstraint("message_id", name=op.f("uq_notice_message_message_id")),
    )
    op.create_index(
        "ix_notice_message_due_at",
        "notice_message",
        ["due_at"],
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("notice_message")
    op.drop_table("notice_choice")
