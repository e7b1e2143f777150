"""What this room keeps about one person, for their own copy of it."""

from sqlalchemy.orm import Session

from learnhub.core.holding import Holding, holding
from learnhub.core.text import N_
from learnhub.members.models import Circumstance, Member, Membership, Post
from learnhub.members.rules import CIRCUMSTANCE_LABELS, POST_LABELS, SEX_LABELS
from learnhub.members.rules.days import PRECISION_LABELS


def about_person(session: Session, account_id: int, member_id: int | None) -> tuple[Holding, ...]:
    """The member's particulars, memberships, posts and circumstances, past ones among them.

    Of the identity number only a keyed hash and the last four characters are kept; the hash tells nobody anything.
    """
    if member_id is None:
        return ()
    return (
        holding(
            session, N_("党员基本信息"), Member, Member.id == member_id, without={"search_key", "identity_hash"},
            labels={**SEX_LABELS, **PRECISION_LABELS},
        ),
        holding(session, N_("所在组织"), Membership, Membership.member_id == member_id),
        holding(session, N_("职务"), Post, Post.member_id == member_id, labels=POST_LABELS),
        holding(
            session, N_("情况登记"), Circumstance, Circumstance.member_id == member_id, labels=CIRCUMSTANCE_LABELS
        ),
    )  # fmt: skip
