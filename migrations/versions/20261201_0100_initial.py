"""Every table, as the models say. Rules with a legal basis are loaded by `flask rules load`.

Revision: initial
Follows: nothing
"""

import sqlalchemy as sa
from alembic import op

revision = "initial"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=96), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=True),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_entry_hash")),
        sa.UniqueConstraint("key", name=op.f("uq_audit_entry_key")),
    )
    op.create_index("ix_audit_entry_organization_id_at", "audit_entry", ["organization_id", "at"], unique=False)
    op.create_index("ix_audit_entry_subject", "audit_entry", ["subject"], unique=False)

    op.create_table(
        "duty_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "theme_day",
                "general",
                "committee",
                "group",
                "lecture",
                "organizational_life",
                "appraisal",
                "talk",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(length=300), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.CheckConstraint("months BETWEEN 0 AND 12", name=op.f("ck_duty_rule_months")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_rule")),
    )
    op.create_table(
        "erratum",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=96), nullable=False),
        sa.Column("question_id", sa.String(length=96), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("question", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erratum")),
    )
    op.create_index("ix_erratum_unit", "erratum", ["unit"], unique=False)

    op.create_table(
        "holiday",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("working", sa.Boolean(), nullable=False),
        sa.Column("basis", sa.String(length=300), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holiday")),
    )
    op.create_index(
        "uq_holiday_day",
        "holiday",
        ["day"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )

    op.create_table(
        "hour_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "training",
                "theme_day",
                "lecture",
                "meeting",
                "make_up",
                "home_delivered",
                "higher_level",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("quarters", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(length=300), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hour_rule")),
    )
    op.create_table(
        "identity_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_identity_key_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_key")),
    )
    op.create_table(
        "member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("search_key", sa.String(length=100), nullable=False),
        sa.Column("sort_key", sa.String(length=100), nullable=False),
        sa.Column(
            "sex",
            sa.Enum("female", "male", name="sex", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("birth_month", sa.String(length=7), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column(
            "joined_precision",
            sa.Enum(
                "day",
                "month",
                "year",
                "unknown",
                name="joined_precision",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("full_on", sa.Date(), nullable=True),
        sa.Column(
            "full_precision",
            sa.Enum(
                "day",
                "month",
                "year",
                "unknown",
                name="full_precision",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("phone", sa.String(length=50), nullable=True),
        sa.Column("identity_hash", sa.String(length=64), nullable=True),
        sa.Column("identity_last_four", sa.String(length=4), nullable=True),
        sa.CheckConstraint("full_on IS NULL OR full_on >= joined_on", name=op.f("ck_member_full_after_joining")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
        sa.UniqueConstraint("code", name=op.f("uq_member_code")),
        sa.UniqueConstraint("identity_hash", name=op.f("uq_member_identity_hash")),
    )
    op.create_index("ix_member_search_key", "member", ["search_key"], unique=False)

    op.create_table(
        "nightly_work",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_nightly_work")),
    )
    op.create_table(
        "organization",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "committee",
                "working_committee",
                "general_branch",
                "branch",
                "joint_branch",
                "temporary_branch",
                "mobile_branch",
                "group",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "domain",
            sa.Enum(
                "rural",
                "community",
                "government",
                "institution",
                "state_enterprise",
                "school",
                "hospital",
                "private_enterprise",
                "social_organization",
                "new_employment",
                "retired",
                "other",
                name="domain",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("founded_on", sa.Date(), nullable=False),
        sa.Column("dissolved_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization")),
        sa.UniqueConstraint("code", name=op.f("uq_organization_code")),
    )
    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "fact",
            sa.Enum(
                "membership",
                "post",
                "circumstance",
                "particulars",
                "link",
                "organization",
                "roster",
                name="fact",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("organization_id", sa.Integer(), nullable=True),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("after", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=96), nullable=False),
        sa.Column("because", sa.String(length=500), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
    )
    op.create_index("ix_revision_member_id", "revision", ["member_id"], unique=False)
    op.create_index("ix_revision_noted_at", "revision", ["noted_at"], unique=False)

    op.create_table(
        "rollup_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "organization", "member", "task", name="kind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rollup_mark")),
    )
    op.create_table(
        "verification_miss",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification_miss")),
    )
    op.create_index("ix_verification_miss_address_hash_at", "verification_miss", ["address_hash", "at"], unique=False)

    op.create_table(
        "yearly_need",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post", sa.String(length=32), nullable=False),
        sa.Column("quarters", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(length=300), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_yearly_need")),
    )
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login_name", sa.String(length=64), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_account_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("login_name", name=op.f("uq_account_login_name")),
        sa.UniqueConstraint("member_id", name=op.f("uq_account_member_id")),
    )
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
        sa.CheckConstraint("(organization_id IS NULL) <> (member_id IS NULL)", name=op.f("ck_calendar_feed_one_owner")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_calendar_feed_member_id_member")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_calendar_feed_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token", name=op.f("uq_calendar_feed_token")),
    )
    op.create_index(
        "uq_calendar_feed_member_id",
        "calendar_feed",
        ["member_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "uq_calendar_feed_organization_id",
        "calendar_feed",
        ["organization_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )

    op.create_table(
        "check_in_switch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_check_in_switch_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in_switch")),
    )
    op.create_index(
        "uq_check_in_switch_organization_id",
        "check_in_switch",
        ["organization_id"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )

    op.create_table(
        "circumstance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "exempt",
                "mobile",
                "lost_contact",
                "suspended",
                "in_transit",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.CheckConstraint("valid_from < valid_to", name=op.f("ck_circumstance_span")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_circumstance_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circumstance")),
        sa.UniqueConstraint("member_id", "kind", "valid_from", name=op.f("uq_circumstance_member_id_kind_valid_from")),
    )
    op.create_table(
        "column_by_hand",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("header", sa.String(length=100), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_column_by_hand_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_column_by_hand")),
        sa.UniqueConstraint("organization_id", "header", name=op.f("uq_column_by_hand_organization_id_header")),
    )
    op.create_table(
        "completion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column(
            "way",
            sa.Enum(
                "centralized",
                "receiving_place",
                "home_delivered",
                "make_up",
                "higher_level",
                name="way",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("completed_on", sa.Date(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_completion_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_completion")),
    )
    op.create_index("ix_completion_subject_member_id", "completion", ["subject", "member_id"], unique=False)
    op.create_index(
        "uq_completion_member_id_subject_source",
        "completion",
        ["member_id", "subject", "source"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )

    op.create_table(
        "credit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "training",
                "theme_day",
                "lecture",
                "meeting",
                "make_up",
                "home_delivered",
                "higher_level",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("quarters", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("basis", sa.String(length=300), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=500), nullable=True),
        sa.CheckConstraint("quarters > 0", name=op.f("ck_credit_quarters")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_credit_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit")),
    )
    op.create_index("ix_credit_member_id_day", "credit", ["member_id", "day"], unique=False)
    op.create_index("ix_credit_source", "credit", ["source"], unique=False)
    op.create_index(
        "uq_credit_member_id_source",
        "credit",
        ["member_id", "source"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )

    op.create_table(
        "duty_explanation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "theme_day",
                "general",
                "committee",
                "group",
                "lecture",
                "organizational_life",
                "appraisal",
                "talk",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_duty_explanation_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_explanation")),
    )
    op.create_index(
        "uq_duty_explanation_organization_id_kind_period",
        "duty_explanation",
        ["organization_id", "kind", "period"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )

    op.create_table(
        "former_description",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "committee",
                "working_committee",
                "general_branch",
                "branch",
                "joint_branch",
                "temporary_branch",
                "mobile_branch",
                "group",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "domain",
            sa.Enum(
                "rural",
                "community",
                "government",
                "institution",
                "state_enterprise",
                "school",
                "hospital",
                "private_enterprise",
                "social_organization",
                "new_employment",
                "retired",
                "other",
                name="domain",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.CheckConstraint("valid_from < valid_to", name=op.f("ck_former_description_span")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_former_description_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_description")),
        sa.UniqueConstraint(
            "organization_id", "valid_from", name=op.f("uq_former_description_organization_id_valid_from")
        ),
    )
    op.create_table(
        "habit",
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("day_of_month", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("chair", sa.String(length=100), nullable=False),
        sa.CheckConstraint("day_of_month BETWEEN 1 AND 31", name=op.f("ck_habit_day_of_month")),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_habit_minutes")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_habit_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("organization_id", name=op.f("pk_habit")),
    )
    op.create_table(
        "help_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_help_request_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_request")),
    )
    op.create_index(
        "uq_help_request_organization_id",
        "help_request",
        ["organization_id"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )

    op.create_table(
        "hint_dismissal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_hint_dismissal_member_id_member")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_hint_dismissal_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hint_dismissal")),
    )
    op.create_index("ix_hint_dismissal_organization_id", "hint_dismissal", ["organization_id"], unique=False)

    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.CheckConstraint("valid_from < valid_to", name=op.f("ck_membership_span")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_membership_member_id_member")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_membership_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint("member_id", "valid_from", name=op.f("uq_membership_member_id_valid_from")),
    )
    op.create_index(
        "ix_membership_organization_id", "membership", ["organization_id", "valid_from", "valid_to"], unique=False
    )

    op.create_table(
        "month_pack",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("lesson", sa.String(length=200), nullable=False),
        sa.Column("lecturer", sa.String(length=100), nullable=False),
        sa.Column("film", sa.String(length=200), nullable=False),
        sa.Column("film_source", sa.String(length=200), nullable=False),
        sa.Column("practice", sa.String(length=200), nullable=False),
        sa.Column("fixed", sa.Text(), nullable=False),
        sa.Column("free", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_month_pack_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_month_pack")),
    )
    op.create_index(
        "uq_month_pack_prepared",
        "month_pack",
        ["organization_id", "month"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL AND published_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL AND published_at IS NULL"),
    )
    op.create_index(
        "uq_month_pack_published",
        "month_pack",
        ["organization_id", "month"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL AND published_at IS NOT NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL AND published_at IS NOT NULL"),
    )

    op.create_table(
        "objection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("above", sa.Boolean(), nullable=False),
        sa.Column("follows_id", sa.Integer(), nullable=True),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("about", sa.String(length=200), nullable=False),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raised_by", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column(
            "answer",
            sa.Enum(
                "explained",
                "corrected",
                "passed_on",
                name="answer",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("answer_words", sa.String(length=1000), nullable=True),
        sa.CheckConstraint("(answered_at IS NULL) = (answer IS NULL)", name=op.f("ck_objection_answered")),
        sa.ForeignKeyConstraint(["follows_id"], ["objection.id"], name=op.f("fk_objection_follows_id_objection")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_objection_member_id_member")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_objection_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
    )
    op.create_index("ix_objection_member_id", "objection", ["member_id"], unique=False)
    op.create_index(
        "ix_objection_organization_id_answered_at", "objection", ["organization_id", "answered_at"], unique=False
    )
    op.create_index("uq_objection_follows_id", "objection", ["follows_id"], unique=True)

    op.create_table(
        "occasion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "credit_kind",
            sa.Enum(
                "training",
                "theme_day",
                "lecture",
                "meeting",
                "make_up",
                "home_delivered",
                "higher_level",
                name="credit_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("quarters", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(length=300), nullable=False),
        sa.Column("roll_version", sa.Integer(), nullable=False),
        sa.Column("roll_clients", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_by", sa.Integer(), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_by", sa.Integer(), nullable=True),
        sa.Column("cancelled_because", sa.String(length=500), nullable=True),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_occasion_span")),
        sa.CheckConstraint(
            "finished_at IS NULL OR finished_at >= ends_at", name=op.f("ck_occasion_finished_after_end")
        ),
        sa.CheckConstraint("quarters >= 0", name=op.f("ck_occasion_quarters")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_occasion_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occasion")),
    )
    op.create_index("ix_occasion_organization_id_day", "occasion", ["organization_id", "day"], unique=False)

    op.create_table(
        "organization_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.CheckConstraint("organization_id <> parent_id", name=op.f("ck_organization_link_not_itself")),
        sa.CheckConstraint("valid_from < valid_to", name=op.f("ck_organization_link_span")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_organization_link_organization_id_organization")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["organization.id"], name=op.f("fk_organization_link_parent_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization_link")),
        sa.UniqueConstraint(
            "organization_id", "valid_from", name=op.f("uq_organization_link_organization_id_valid_from")
        ),
    )
    op.create_index(
        "ix_organization_link_parent_id",
        "organization_link",
        ["parent_id", "valid_from", "valid_to", "organization_id"],
        unique=False,
    )

    op.create_table(
        "own_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column(
            "part",
            sa.Enum("film", "practice", name="part", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_own_part_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_part")),
    )
    op.create_index(
        "uq_own_part_organization_id_month_part",
        "own_part",
        ["organization_id", "month", "part"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )

    op.create_table(
        "post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "secretary",
                "deputy_secretary",
                "organization",
                "publicity",
                "discipline",
                "committee",
                "group_leader",
                "leading_cadre",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("is_start_known", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.CheckConstraint("valid_from < valid_to", name=op.f("ck_post_span")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_post_member_id_member")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_post_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
        sa.UniqueConstraint(
            "member_id",
            "organization_id",
            "kind",
            "valid_from",
            name=op.f("uq_post_member_id_organization_id_kind_valid_from"),
        ),
    )
    op.create_index("ix_post_organization_id", "post", ["organization_id"], unique=False)

    op.create_table(
        "roster_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("undo", sa.JSON(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_roster_import_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_import")),
    )
    op.create_table(
        "task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("quarters", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(length=300), nullable=False),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column("leave_part", sa.Integer(), nullable=False),
        sa.Column("pass_percent", sa.Integer(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_task_span")),
        sa.CheckConstraint("leave_part > 0", name=op.f("ck_task_leave_part")),
        sa.CheckConstraint("pass_percent BETWEEN 0 AND 100", name=op.f("ck_task_pass_percent")),
        sa.CheckConstraint("quarters > 0", name=op.f("ck_task_quarters")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_task_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
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
    op.create_index("ix_usual_day_organization_id", "usual_day", ["organization_id"], unique=False)

    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("occasion_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("caption", sa.String(length=200), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=500), nullable=True),
        sa.CheckConstraint("place BETWEEN 1 AND 3", name=op.f("ck_attachment_place")),
        sa.ForeignKeyConstraint(["occasion_id"], ["occasion.id"], name=op.f("fk_attachment_occasion_id_occasion")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    op.create_index(
        "uq_attachment_occasion_id_place",
        "attachment",
        ["occasion_id", "place"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_index(
        "uq_attachment_occasion_id_sha256",
        "attachment",
        ["occasion_id", "sha256"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )

    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("unit", sa.String(length=96), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("carried", sa.JSON(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("grades", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("earned", sa.Integer(), nullable=True),
        sa.Column("possible", sa.Integer(), nullable=True),
        sa.CheckConstraint("(handed_in_at IS NULL) = (earned IS NULL)", name=op.f("ck_attempt_graded_when_handed_in")),
        sa.CheckConstraint("earned BETWEEN 0 AND possible", name=op.f("ck_attempt_earned")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_attempt_account_id_account")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_attempt_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    op.create_index("ix_attempt_account_id_unit", "attempt", ["account_id", "unit"], unique=False)
    op.create_index("ix_attempt_batch_id", "attempt", ["batch_id"], unique=False)
    op.create_index(
        "uq_attempt_open_practice",
        "attempt",
        ["account_id", "unit"],
        unique=True,
        sqlite_where=sa.text("handed_in_at IS NULL AND batch_id IS NULL"),
        postgresql_where=sa.text("handed_in_at IS NULL AND batch_id IS NULL"),
    )
    op.create_index(
        "uq_attempt_open_test",
        "attempt",
        ["account_id", "unit", "batch_id"],
        unique=True,
        sqlite_where=sa.text("handed_in_at IS NULL"),
        postgresql_where=sa.text("handed_in_at IS NULL"),
    )

    op.create_table(
        "attendance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("occasion_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "present",
                "online",
                "receiving_place",
                "leave",
                "absent",
                "exempt",
                "non_voting",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "leave_reason",
            sa.Enum(
                "sick",
                "personal",
                "official",
                "maternity",
                "other",
                name="leave_reason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "(outcome = 'leave') = (leave_reason IS NOT NULL)", name=op.f("ck_attendance_leave_has_reason")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_attendance_member_id_member")),
        sa.ForeignKeyConstraint(["occasion_id"], ["occasion.id"], name=op.f("fk_attendance_occasion_id_occasion")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
    )
    op.create_index("ix_attendance_member_id", "attendance", ["member_id"], unique=False)
    op.create_index(
        "uq_attendance_occasion_id_member_id",
        "attendance",
        ["occasion_id", "member_id"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )

    op.create_table(
        "batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("training", "reading", name="batch_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("quiz_course", sa.String(length=96), nullable=True),
        sa.Column("leave_part", sa.Integer(), nullable=False),
        sa.Column("pass_percent", sa.Integer(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=True),
        sa.Column("remainder_of", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopened_by", sa.Integer(), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_by", sa.Integer(), nullable=True),
        sa.Column("cancelled_because", sa.String(length=500), nullable=True),
        sa.CheckConstraint("capacity > 0", name=op.f("ck_batch_capacity")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_batch_span")),
        sa.CheckConstraint("leave_part > 0", name=op.f("ck_batch_leave_part")),
        sa.CheckConstraint("pass_percent BETWEEN 0 AND 100", name=op.f("ck_batch_pass_percent")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_batch_organization_id_organization")
        ),
        sa.ForeignKeyConstraint(["remainder_of"], ["batch.id"], name=op.f("fk_batch_remainder_of_batch")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_batch_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
    )
    op.create_index("ix_batch_organization_id", "batch", ["organization_id"], unique=False)
    op.create_index("ix_batch_task_id", "batch", ["task_id"], unique=False)

    op.create_table(
        "certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("completion_id", sa.Integer(), nullable=False),
        sa.Column("paper", sa.JSON(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["completion_id"], ["completion.id"], name=op.f("fk_certificate_completion_id_completion")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_certificate_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
    )
    op.create_index("ix_certificate_member_id", "certificate", ["member_id"], unique=False)
    op.create_index("uq_certificate_code", "certificate", ["code"], unique=True)
    op.create_index(
        "uq_certificate_completion_id",
        "certificate",
        ["completion_id"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )

    op.create_table(
        "check_in_screen",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("occasion_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["occasion_id"], ["occasion.id"], name=op.f("fk_check_in_screen_occasion_id_occasion")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in_screen")),
        sa.UniqueConstraint("occasion_id", name=op.f("uq_check_in_screen_occasion_id")),
    )
    op.create_table(
        "complaint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "complaint",
                "suggestion",
                "wrong_content",
                "help",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.String(length=2000), nullable=False),
        sa.Column("contact", sa.String(length=100), nullable=False),
        sa.Column("page", sa.String(length=200), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_complaint_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
        sa.UniqueConstraint("number", name=op.f("uq_complaint_number")),
    )
    op.create_index("ix_complaint_account_id", "complaint", ["account_id"], unique=False)
    op.create_index("ix_complaint_received_at", "complaint", ["received_at"], unique=False)

    op.create_table(
        "coverage_rollup",
        sa.Column("task_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("organization_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("heads", sa.Integer(), nullable=False),
        sa.Column("lost", sa.Integer(), nullable=False),
        sa.Column("exempt", sa.Integer(), nullable=False),
        sa.Column("due", sa.Integer(), nullable=False),
        sa.Column("centralized", sa.Integer(), nullable=False),
        sa.Column("receiving_place", sa.Integer(), nullable=False),
        sa.Column("home_delivered", sa.Integer(), nullable=False),
        sa.Column("make_up", sa.Integer(), nullable=False),
        sa.Column("higher_level", sa.Integer(), nullable=False),
        sa.Column("covered", sa.Integer(), nullable=False),
        sa.Column("in_training", sa.Integer(), nullable=False),
        sa.Column("in_transit", sa.Integer(), nullable=False),
        sa.Column("not_covered", sa.Integer(), nullable=False),
        sa.Column("women", sa.Integer(), nullable=False),
        sa.Column("older", sa.Integer(), nullable=False),
        sa.Column("mobile", sa.Integer(), nullable=False),
        sa.Column("probationary", sa.Integer(), nullable=False),
        sa.Column("secretaries", sa.Integer(), nullable=False),
        sa.Column("committee", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_coverage_rollup_organization_id_organization")
        ),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_coverage_rollup_task_id_task")),
        sa.PrimaryKeyConstraint("task_id", "organization_id", name=op.f("pk_coverage_rollup")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "follow_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("occasion_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "group_make_up",
                "self_study",
                "one_to_one",
                "home_visit",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("visitor", sa.String(length=100), nullable=False),
        sa.Column("content", sa.String(length=500), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_follow_up_member_id_member")),
        sa.ForeignKeyConstraint(["occasion_id"], ["occasion.id"], name=op.f("fk_follow_up_occasion_id_occasion")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
    )
    op.create_index("ix_follow_up_member_id", "follow_up", ["member_id"], unique=False)
    op.create_index(
        "uq_follow_up_occasion_id_member_id",
        "follow_up",
        ["occasion_id", "member_id"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )

    op.create_table(
        "frozen_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "domain",
            sa.Enum(
                "rural",
                "community",
                "government",
                "institution",
                "state_enterprise",
                "school",
                "hospital",
                "private_enterprise",
                "social_organization",
                "new_employment",
                "retired",
                "other",
                name="domain",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.Integer(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("people", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_frozen_report_organization_id_organization")
        ),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_frozen_report_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frozen_report")),
    )
    op.create_index(
        "ix_frozen_report_organization_id_task_id", "frozen_report", ["organization_id", "task_id"], unique=False
    )

    op.create_table(
        "guest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("occasion_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(["occasion_id"], ["occasion.id"], name=op.f("fk_guest_occasion_id_occasion")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest")),
    )
    op.create_index(
        "uq_guest_occasion_id_name",
        "guest",
        ["occasion_id", "name"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )

    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("permission", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_because", sa.String(length=500), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("file_name", sa.String(length=200), nullable=True),
        sa.Column("media_type", sa.String(length=100), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("expired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("done >= 0 AND total >= 0", name=op.f("ck_job_progress")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_job_account_id_account")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_job_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index("ix_job_account_id", "job", ["account_id"], unique=False)
    op.create_index("ix_job_finished_at_id", "job", ["finished_at", "id"], unique=False)

    op.create_table(
        "mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=160), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_mark_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mark")),
        sa.UniqueConstraint("account_id", "unit", name=op.f("uq_mark_account_id_unit")),
    )
    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("occasion_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("theme_day_of", sa.String(length=7), nullable=True),
        sa.Column("theme", sa.String(length=200), nullable=False),
        sa.Column("chair", sa.String(length=100), nullable=False),
        sa.Column("recorder", sa.String(length=100), nullable=False),
        sa.Column("lesson", sa.String(length=200), nullable=False),
        sa.Column("lecturer", sa.String(length=100), nullable=False),
        sa.Column("film", sa.String(length=200), nullable=False),
        sa.Column("film_source", sa.String(length=200), nullable=False),
        sa.Column("practice", sa.String(length=200), nullable=False),
        sa.Column("practice_people", sa.Integer(), nullable=True),
        sa.Column("agenda", sa.Text(), nullable=False),
        sa.Column("decisions", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("late_reason", sa.String(length=200), nullable=False),
        sa.Column("scheduled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scheduled_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["occasion_id"], ["occasion.id"], name=op.f("fk_meeting_occasion_id_occasion")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_meeting_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("occasion_id", name=op.f("uq_meeting_occasion_id")),
        sa.UniqueConstraint("organization_id", "theme_day_of", name=op.f("uq_meeting_organization_id_theme_day_of")),
    )
    op.create_index("ix_meeting_month", "meeting", ["month"], unique=False)
    op.create_index("ix_meeting_organization_id_month", "meeting", ["organization_id", "month"], unique=False)

    op.create_table(
        "notice_choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum("mail", "wecom", "dingtalk", name="channel", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("secret", sa.String(length=200), nullable=False),
        sa.Column(
            "digest",
            sa.Enum(
                "never",
                "every_day",
                "monday",
                "tuesday",
                "wednesday",
                "thursday",
                "friday",
                "saturday",
                "sunday",
                name="digest",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
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
    op.create_index("ix_notice_choice_look_at", "notice_choice", ["look_at"], unique=False)

    op.create_table(
        "opinion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=96), nullable=False),
        sa.Column(
            "clarity",
            sa.Enum("clear", "partly", "hard", name="clarity", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "use",
            sa.Enum("useful", "little", "none", name="use", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_opinion_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion")),
        sa.UniqueConstraint("account_id", "subject", name=op.f("uq_opinion_account_id_subject")),
    )
    op.create_index("ix_opinion_subject", "opinion", ["subject"], unique=False)

    op.create_table(
        "recognition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column(
            "way",
            sa.Enum(
                "centralized",
                "receiving_place",
                "home_delivered",
                "make_up",
                "higher_level",
                name="recognition_way",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("organizer", sa.String(length=200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("quarters", sa.Integer(), nullable=False),
        sa.Column(
            "evidence",
            sa.Enum(
                "certificate",
                "list",
                "visit",
                "statement",
                name="evidence_class",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reference", sa.String(length=300), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=500), nullable=True),
        sa.CheckConstraint("(approved_at IS NULL) = (approved_by IS NULL)", name=op.f("ck_recognition_approval")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_recognition_span")),
        sa.CheckConstraint("quarters > 0", name=op.f("ck_recognition_quarters")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_recognition_member_id_member")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_recognition_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recognition")),
    )
    op.create_index("ix_recognition_member_id", "recognition", ["member_id"], unique=False)
    op.create_index(
        "uq_recognition_task_id_member_id_title_starts_on_ends_on",
        "recognition",
        ["task_id", "member_id", "title", "starts_on", "ends_on"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )

    op.create_table(
        "role_binding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "recorder",
                "organizer",
                "reader",
                "author",
                "system_admin",
                "security_admin",
                "audit_admin",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.CheckConstraint("valid_from < valid_to", name=op.f("ck_role_binding_span")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_role_binding_account_id_account")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_role_binding_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_binding")),
        sa.UniqueConstraint(
            "account_id",
            "role",
            "organization_id",
            "valid_from",
            name=op.f("uq_role_binding_account_id_role_organization_id_valid_from"),
        ),
    )
    op.create_table(
        "rollup_day",
        sa.Column("task_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_rollup_day_task_id_task")),
        sa.PrimaryKeyConstraint("task_id", name=op.f("pk_rollup_day")),
    )
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agent", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sign_in_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_token_hash")),
    )
    op.create_index("ix_sign_in_account_id", "sign_in", ["account_id"], unique=False)

    op.create_table(
        "sign_in_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sign_in_link_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_link_token_hash")),
    )
    op.create_table(
        "task_amendment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("basis", sa.String(length=300), nullable=False),
        sa.Column("leave_part", sa.Integer(), nullable=False),
        sa.Column("pass_percent", sa.Integer(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=True),
        sa.Column("because", sa.String(length=500), nullable=False),
        sa.Column("amended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("amended_by", sa.Integer(), nullable=False),
        sa.CheckConstraint("leave_part > 0", name=op.f("ck_task_amendment_leave_part")),
        sa.CheckConstraint("pass_percent BETWEEN 0 AND 100", name=op.f("ck_task_amendment_pass_percent")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_task_amendment_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_amendment")),
    )
    op.create_index("ix_task_amendment_task_id", "task_amendment", ["task_id"], unique=False)

    op.create_table(
        "answer",
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.String(length=96), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("client", sa.String(length=36), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("revision > 0", name=op.f("ck_answer_revision")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_answer_attempt_id_attempt")),
        sa.PrimaryKeyConstraint("attempt_id", "question_id", name=op.f("pk_answer")),
    )
    op.create_table(
        "batch_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("occasion_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "lecture",
                "exchange",
                "reading",
                name="session_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("lecturer", sa.String(length=100), nullable=False),
        sa.Column("course", sa.String(length=96), nullable=True),
        sa.Column("replaces", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_batch_session_batch_id_batch")),
        sa.ForeignKeyConstraint(["occasion_id"], ["occasion.id"], name=op.f("fk_batch_session_occasion_id_occasion")),
        sa.ForeignKeyConstraint(
            ["replaces"], ["batch_session.id"], name=op.f("fk_batch_session_replaces_batch_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_session")),
        sa.UniqueConstraint("occasion_id", name=op.f("uq_batch_session_occasion_id")),
    )
    op.create_index("ix_batch_session_batch_id", "batch_session", ["batch_id"], unique=False)

    op.create_table(
        "batch_waiting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_batch_waiting_batch_id_batch")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_batch_waiting_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_waiting")),
    )
    op.create_index(
        "uq_batch_waiting_batch_id_member_id",
        "batch_waiting",
        ["batch_id", "member_id"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )

    op.create_table(
        "check_in_claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("screen_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(member_id IS NULL) = (used_at IS NULL)", name=op.f("ck_check_in_claim_used")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_check_in_claim_member_id_member")),
        sa.ForeignKeyConstraint(
            ["screen_id"], ["check_in_screen.id"], name=op.f("fk_check_in_claim_screen_id_check_in_screen")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in_claim")),
        sa.UniqueConstraint("screen_id", "member_id", name=op.f("uq_check_in_claim_screen_id_member_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_check_in_claim_token_hash")),
    )
    op.create_table(
        "complaint_reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=2000), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_complaint_reply_complaint_id_complaint")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_reply")),
    )
    op.create_index(
        "uq_complaint_reply_complaint_id",
        "complaint_reply",
        ["complaint_id"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )

    op.create_table(
        "decision_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decided_in", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("told_in", sa.Integer(), nullable=False),
        sa.Column(
            "progress",
            sa.Enum(
                "done", "going_on", "dropped", name="progress", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(["decided_in"], ["meeting.id"], name=op.f("fk_decision_report_decided_in_meeting")),
        sa.ForeignKeyConstraint(["told_in"], ["meeting.id"], name=op.f("fk_decision_report_told_in_meeting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_report")),
    )
    op.create_index("ix_decision_report_told_in", "decision_report", ["told_in"], unique=False)
    op.create_index(
        "uq_decision_report_decided_in_key_told_in",
        "decision_report",
        ["decided_in", "key", "told_in"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )

    op.create_table(
        "earlier_minutes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.JSON(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_by", sa.Integer(), nullable=False),
        sa.Column("replaced_because", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_earlier_minutes_meeting_id_meeting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earlier_minutes")),
    )
    op.create_index("ix_earlier_minutes_meeting_id", "earlier_minutes", ["meeting_id"], unique=False)

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
    op.create_index("ix_earlier_time_meeting_id", "earlier_time", ["meeting_id"], unique=False)

    op.create_table(
        "erratum_raise",
        sa.Column("erratum_id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.CheckConstraint("after > before", name=op.f("ck_erratum_raise_raises")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_erratum_raise_attempt_id_attempt")),
        sa.ForeignKeyConstraint(["erratum_id"], ["erratum.id"], name=op.f("fk_erratum_raise_erratum_id_erratum")),
        sa.PrimaryKeyConstraint("erratum_id", "attempt_id", name=op.f("pk_erratum_raise")),
    )
    op.create_index("ix_erratum_raise_attempt_id", "erratum_raise", ["attempt_id"], unique=False)

    op.create_table(
        "frozen_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["frozen_report.id"], name=op.f("fk_frozen_file_report_id_frozen_report")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frozen_file")),
        sa.UniqueConstraint("report_id", "name", name=op.f("uq_frozen_file_report_id_name")),
    )
    op.create_table(
        "meeting_kind",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "theme_day",
                "general",
                "committee",
                "group",
                "lecture",
                "organizational_life",
                "appraisal",
                "talk",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_kind_meeting_id_meeting")),
        sa.PrimaryKeyConstraint("meeting_id", "kind", name=op.f("pk_meeting_kind")),
    )
    op.create_table(
        "notice_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("choice_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("confirm", "digest", "meeting", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("composed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column(
            "problem",
            sa.Enum(
                "unreachable",
                "busy",
                "refused",
                "our_settings",
                "too_late",
                "unwanted",
                "interrupted",
                name="problem",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
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
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )

    op.create_table(
        "place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_place_batch_id_batch")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_place_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
    )
    op.create_index("ix_place_member_id", "place", ["member_id"], unique=False)
    op.create_index(
        "uq_place_batch_id_member_id",
        "place",
        ["batch_id", "member_id"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )

    op.create_table(
        "reflection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_reflection_batch_id_batch")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_reflection_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reflection")),
        sa.UniqueConstraint("batch_id", "member_id", name=op.f("uq_reflection_batch_id_member_id")),
    )
    op.create_table(
        "test_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=500), nullable=True),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name=op.f("ck_test_result_percent")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_test_result_batch_id_batch")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_test_result_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_result")),
    )
    op.create_index(
        "uq_test_result_batch_id_member_id",
        "test_result",
        ["batch_id", "member_id"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )


def downgrade() -> None:
    """Drop every table. Refused while anybody is on record: what was recorded would be lost."""
    connection = op.get_bind()
    if connection.execute(sa.text("SELECT id FROM organization LIMIT 1")).first():
        raise RuntimeError("the way down would lose what is on record: begin with an empty database instead")
    tables = sa.MetaData()
    tables.reflect(connection)
    tables.remove(tables.tables["alembic_version"])
    tables.drop_all(connection)
