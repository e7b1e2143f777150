"""Tables of the tree. Place, name, kind and domain are dated: June's figures need June's tree, and its names."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.core.orm import FOREVER, Base, Dated, choice
from learnhub.organizations.rules import Domain, OrganizationKind


class Organization(Base):
    """A Party organization. `position` is its place in organization order among its siblings.

    `name`, `kind` and `domain` hold since their last change; before it, `FormerDescription` says what they were.
    """

    __tablename__ = "organization"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[OrganizationKind] = mapped_column(choice(OrganizationKind, "kind"))
    domain: Mapped[Domain | None] = mapped_column(choice(Domain, "domain"))
    position: Mapped[int]
    founded_on: Mapped[dt.date]
    dissolved_on: Mapped[dt.date] = mapped_column(default=FOREVER)


class FormerDescription(Dated, Base):
    """What an organization was called, was, and worked in, from one day up to the change that ended it.

    The spans of one organization follow each other without gaps, from its founding to its last change. So an
    organization that never changed has no row here, and reading a day costs a look into an almost empty table.
    """

    __tablename__ = "former_description"
    __table_args__ = (
        UniqueConstraint("organization_id", "valid_from"),
        CheckConstraint("valid_from < valid_to", name="span"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[OrganizationKind] = mapped_column(choice(OrganizationKind, "kind"))
    domain: Mapped[Domain | None] = mapped_column(choice(Domain, "domain"))


class OrganizationLink(Dated, Base):
    """Where an organization hangs in the tree from one day to another. The root has no link."""

    __tablename__ = "organization_link"
    __table_args__ = (
        UniqueConstraint("organization_id", "valid_from"),
        CheckConstraint("valid_from < valid_to", name="span"),
        CheckConstraint("organization_id <> parent_id", name="not_itself"),
        # Walking down the tree reads this alone.
        Index("ix_organization_link_parent_id", "parent_id", "valid_from", "valid_to", "organization_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    parent_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
