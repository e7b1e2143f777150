"""Month packs: an organizer prepares and publishes a month for all below, a branch takes its own film or practice.

What a theme day starts from is the nearest published pack, else the catalogue's unit, with the branch's own parts.
"""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.content.schema import MonthUnit, NotInCatalogue
from learnhub.core import clock
from learnhub.core.errors import DomainError, NotFound
from learnhub.core.text import N_
from learnhub.meetings import queries, service
from learnhub.meetings.forms import OwnForm, PackForm, PublishForm
from learnhub.meetings.queries import PackValue
from learnhub.meetings.rules.packs import OwnValue, PackWords, Part
from learnhub.meetings.views.blueprint import asked_month, asked_place, bp
from learnhub.organizations.queries import OrganizationValue
from learnhub.web.catalogue import catalogue
from learnhub.web.db import db
from learnhub.web.errors import back_to, say

# How many months ahead the list offers; any later one can be opened by its address.
AHEAD = 6
NOTHING = OwnValue("", "")


def month_unit(month: str) -> MonthUnit | None:
    """The catalogue's unit of a month, or None when its authors have not written one."""
    try:
        return catalogue().unit(month)
    except NotInCatalogue:
        return None


def words_for(session: Session, organization_id: int, month: str) -> PackWords | None:
    """A month in words as it holds for an organization: of the nearest pack, else of the catalogue; None for neither."""
    pack = queries.pack_for(session, organization_id, month, clock.today())
    if pack:
        return pack.words
    unit = month_unit(month)
    if unit is None:
        return None
    return PackWords(
        title=unit.title,
        lesson=unit.lesson.title,
        lecturer=unit.lesson.lecturer,
        film=unit.film.title,
        film_source=unit.film.source_name,
        practice=unit.practice.title,
    )


def proposed(session: Session, organization_id: int, month: str) -> dict[str, object]:
    """The words scheduling is filled with, by field of its form."""
    words = words_for(session, organization_id, month)
    own = queries.own_parts(session, organization_id, month)
    known: dict[str, object] = {}
    if words:
        known = {"theme": words.title, "lesson": words.lesson, "lecturer": words.lecturer}
        known |= {"film": words.film, "film_source": words.film_source, "practice": words.practice}
        known["agenda"] = words.fixed
    if film := own.get(Part.FILM):
        known |= {"film": film.words, "film_source": film.source}
    if practice := own.get(Part.PRACTICE):
        known["practice"] = practice.words
    return known


@bp.get("/meetings/packs")
@guards.requires(Permission.PREVIEW_PACKS, at=guards.asked)
def packs() -> ResponseReturnValue:
    """The months of an organization: what is published, what is prepared, and what stood before."""
    session = db.session()
    place = asked_place(session, branch=False)
    known = queries.packs_of(session, place.id)
    this_month = clock.month_of(clock.today())
    ahead = {clock.next_month(this_month, step) for step in range(AHEAD + 1)}
    months = sorted(ahead | {each.month for each in known if each.withdrawn_at is None})
    return render_template(
        "meetings/packs.html",
        organization=place,
        months=months,
        this_month=this_month,
        published={each.month: each for each in known if each.published_at and not each.withdrawn_at},
        prepared={each.month: each for each in known if not each.published_at and not each.withdrawn_at},
        earlier=[each for each in known if each.published_at and each.withdrawn_at],
    )


@bp.route("/meetings/packs/<string:month>", methods=["GET", "POST"])
@guards.requires(Permission.PUBLISH_PACKS, at=guards.asked)
def pack(month: str) -> ResponseReturnValue:
    """Prepare a month: from what was prepared or published last, else from what holds here anyway."""
    session, place = db.session(), asked_place(db.session(), branch=False)
    _check(month)
    prepared, published = _own_packs(session, place.id, month)
    known = prepared or published
    form = PackForm(obj=known.words if known else words_for(session, place.id, month))
    if form.validate_on_submit():
        try:
            service.prepare_pack(session, guards.act(), organization_id=place.id, month=month, words=form.words)
            session.commit()
            return back_to("meetings.pack_preview", month=month, organization=place.id)
        except DomainError as error:
            session.rollback()
            form.refuse(error)
    page = render_template("meetings/pack.html", organization=place, month=month, form=form, published=published)
    return page, 422 if form.errors else 200


@bp.get("/meetings/packs/<string:month>/preview")
@guards.requires(Permission.PREVIEW_PACKS, at=guards.asked)
def pack_preview(month: str) -> ResponseReturnValue:
    """What was prepared, as branches would read it, before anybody else sees it."""
    session = db.session()
    return _preview_page(session, asked_place(session, branch=False), month, PublishForm())


@bp.post("/meetings/packs/<string:month>/publish")
@guards.requires(Permission.PUBLISH_PACKS, at=guards.asked)
def publish_pack(month: str) -> ResponseReturnValue:
    """Publish what was prepared; a replacement says why."""
    session, place, form = db.session(), asked_place(db.session(), branch=False), PublishForm()
    if form.validate():
        try:
            service.publish_pack(
                session, guards.act(), organization_id=place.id, month=month, because=form.because.data or ""
            )
            session.commit()
            say(_("已经发布，下面的支部现在就能看到。"))
            return back_to("meetings.packs", organization=place.id)
        except DomainError as error:
            session.rollback()
            form.refuse(error)
    return _preview_page(session, place, month, form), 422


@bp.route("/meetings/packs/<string:month>/withdraw", methods=["GET", "POST"])
@guards.requires(Permission.PUBLISH_PACKS, at=guards.asked)
def withdraw_pack(month: str) -> ResponseReturnValue:
    """Withdraw a published month with a reason."""
    session, place, form = db.session(), asked_place(db.session(), branch=False), PublishForm()
    _prepared, published = _own_packs(session, place.id, month)
    if published is None:
        raise NotFound(N_("这个月没有已发布的安排。"))
    if form.validate_on_submit():
        try:
            service.withdraw_pack(
                session, guards.act(), organization_id=place.id, month=month, because=form.because.data or ""
            )
            session.commit()
            say(_("已经撤回。支部按上级的安排；上级没有发布的，按平台的内容。"))
            return back_to("meetings.packs", organization=place.id)
        except DomainError as error:
            session.rollback()
            form.refuse(error)
    scheduled = _scheduled(session, place, month)
    page = render_template(
        "meetings/withdraw_pack.html", organization=place, month=month, pack=published, scheduled=scheduled, form=form
    )
    return page, 422 if form.errors else 200


@bp.route("/meetings/own-parts", methods=["GET", "POST"])
@guards.requires(Permission.RUN_MEETINGS, at=guards.asked)
def own_parts() -> ResponseReturnValue:
    """A branch takes its own film or practice for a month, or returns to what is published."""
    session, month = db.session(), asked_month()
    branch = asked_place(session, branch=True)
    own = queries.own_parts(session, branch.id, month)
    film, practice = own.get(Part.FILM, NOTHING), own.get(Part.PRACTICE, NOTHING)
    form = OwnForm(data={"film": film.words, "film_source": film.source, "practice": practice.words})
    if form.validate_on_submit():
        _choose(
            session,
            branch.id,
            month,
            {part: said for part, said in form.chosen.items() if said != own.get(part, NOTHING)},
        )
        session.commit()
        say(_("存好了。排期、签到表和记录都从这里填起，已经排好的会议不变。"))
        return back_to("meetings.meetings", organization=branch.id, month=month)
    words = words_for(session, branch.id, month)
    page = render_template("meetings/own_parts.html", organization=branch, month=month, form=form, words=words)
    return page, 422 if form.errors else 200


def _choose(session: Session, branch_id: int, month: str, changed: dict[Part, OwnValue]) -> None:
    act = guards.act().without_key()  # the second press of a double click finds nothing changed
    for part, said in changed.items():
        service.choose_own(
            session, act, organization_id=branch_id, month=month, part=part, words=said.words, source=said.source
        )


def _check(month: str) -> None:
    if not clock.is_month(month):
        raise NotFound(N_("没有这个月份。"))


def _own_packs(session: Session, organization_id: int, month: str) -> tuple[PackValue | None, PackValue | None]:
    standing = [each for each in queries.packs_of(session, organization_id, month) if each.withdrawn_at is None]
    prepared = next((each for each in standing if each.published_at is None), None)
    return prepared, next((each for each in standing if each.published_at), None)


def _scheduled(session: Session, place: OrganizationValue, month: str) -> int:
    return sum(each.scheduled for each in queries.level(session, place.id, month, clock.today()))


def _preview_page(session: Session, place: OrganizationValue, month: str, form: PublishForm) -> str:
    prepared, published = _own_packs(session, place.id, month)
    if prepared is None:
        raise NotFound(N_("这个月还没有准备好的安排。"))
    rows = queries.level(session, place.id, month, clock.today())
    return render_template(
        "meetings/pack_preview.html",
        organization=place,
        month=month,
        pack=prepared,
        published=published,
        unit=month_unit(month),
        branches=sum(each.branches for each in rows),
        scheduled=sum(each.scheduled for each in rows),
        form=form,
    )
