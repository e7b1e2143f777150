"""Verbs of month packs: preparing, publishing and withdrawing what a subtree does in a month, and a branch's own part."""

import dataclasses

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from learnhub.audit.queries import earlier
from learnhub.audit.rules import Act
from learnhub.audit.service import note
from learnhub.core.errors import Conflict, DomainError, NotFound
from learnhub.core.text import N_
from learnhub.meetings import queries
from learnhub.meetings.models import MonthPack, OwnPart
from learnhub.meetings.rules.packs import PackWords, Part
from learnhub.organizations import queries as organizations


def prepare_pack(session: Session, act: Act, *, organization_id: int, month: str, words: PackWords) -> None:
    """Keep `words` as the unpublished pack of `organization_id` for `month` (`YYYY-MM`); members do not see it.

    What was prepared before is replaced and kept. Raises DomainError for a branch (it has its own parts instead),
    for a month that is over, and when title, lesson or practice is missing.
    """
    if earlier(session, act.key):
        return
    place = organizations.organization(session, organization_id, act.day)
    if place is None or place.is_branch:
        raise DomainError(N_("月度安排由上级党组织发布；支部可以换成自己的。"))
    _check_month(act, month)
    for name in ("title", "lesson", "practice"):
        if not getattr(words, name).strip():
            raise DomainError(N_("题目、党课和实践都要填写。"), field=name)
    if (before := queries.held_draft(session, organization_id, month)) is not None:
        _withdraw(session, act, before, "")
    said = dataclasses.asdict(words)
    row = MonthPack(organization_id=organization_id, month=month, noted_at=act.at, noted_by=act.actor_id, **said)
    _stand(session, row)
    _note(session, act, "prepare-pack", organization_id, month)


def publish_pack(session: Session, act: Act, *, organization_id: int, month: str, because: str = "") -> None:
    """Publish what was prepared: every branch below reads it from now on, nothing is copied.

    When a published pack stands already it is replaced and kept, which needs `because`. What a branch has scheduled
    keeps the words it had. Raises NotFound when nothing is prepared.
    """
    if earlier(session, act.key):
        return
    _check_month(act, month)
    draft = queries.held_draft(session, organization_id, month)
    if draft is None:
        raise NotFound(N_("这个月还没有准备好的安排。"))
    if (before := queries.held_pack(session, organization_id, month)) is not None:
        _withdraw(session, act, before, _reason(because))
    draft.published_at, draft.published_by = act.at, act.actor_id
    _stand(session, draft)
    _note(session, act, "publish-pack", organization_id, month)


def withdraw_pack(session: Session, act: Act, *, organization_id: int, month: str, because: str) -> None:
    """Withdraw the published pack with a reason: the nearest pack further up holds again, else the catalogue's unit."""
    if earlier(session, act.key):
        return
    row = queries.held_pack(session, organization_id, month)
    if row is None:
        raise NotFound(N_("这个月没有已发布的安排。"))
    _withdraw(session, act, row, _reason(because))
    _note(session, act, "withdraw-pack", organization_id, month)


def choose_own(
    session: Session, act: Act, *, organization_id: int, month: str, part: Part, words: str, source: str = ""
) -> None:
    """A branch takes its own film or practice for `month`; empty `words` return to what is published. Both are kept."""
    if earlier(session, act.key):
        return
    place = organizations.organization(session, organization_id, act.day)
    if place is None or not place.is_branch:
        raise DomainError(N_("只有党支部能换成自己的。"))
    if (before := queries.held_own(session, organization_id, month, part)) is not None:
        before.withdrawn_at, before.withdrawn_by = act.at, act.actor_id
        session.flush()
    if words.strip():
        session.add(
            OwnPart(
                organization_id=organization_id,
                month=month,
                part=part,
                words=words.strip(),
                source=source.strip(),
                noted_at=act.at,
                noted_by=act.actor_id,
            )
        )
    _note(session, act, "choose-own", organization_id, month, part=part.value)


def _stand(session: Session, row: MonthPack) -> None:
    """Write the pack; when somebody else was faster by a moment, the table refuses the second of the month."""
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        raise Conflict(N_("刚才另有人改了这个月的安排，请重新打开看一看。")) from None


def _check_month(act: Act, month: str) -> None:
    if month < f"{act.day:%Y-%m}":
        raise DomainError(N_("这个月已经过去，不能再发布安排。"), field="month")


def _reason(because: str) -> str:
    if not because.strip():
        raise DomainError(N_("请写明理由，以后能看到为什么。"), field="because")
    return because.strip()


def _withdraw(session: Session, act: Act, row: MonthPack, because: str) -> None:
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_because = act.at, act.actor_id, because or None
    session.flush()


def _note(session: Session, act: Act, verb: str, organization_id: int, month: str, **details: object) -> None:
    note(session, act, f"meeting.{verb}", f"organization:{organization_id}", organization_id, month=month, **details)
