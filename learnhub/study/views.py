"""Reading: the month's unit, courses and their lessons, single pages, pictures and films, and the own mark."""

import datetime as dt
from pathlib import PurePath
from typing import cast

from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learnhub.accounts.guards import act, called, public, signed_in, visitor
from learnhub.content.schema import MEDIA_TYPES, NotInCatalogue, Part
from learnhub.core import clock
from learnhub.core.text import whole_number
from learnhub.study import queries, rules, service
from learnhub.study.forms import MarkForm
from learnhub.web import kept
from learnhub.web.catalogue import catalogue, shelf
from learnhub.web.db import db
from learnhub.web.errors import say
from learnhub.web.files import FOLDER, send_part_by_server

bp = Blueprint("study", __name__, template_folder="templates")

FOR_EVER = 365 * 24 * 3600
_WORKER = (FOLDER / "js/study-worker.js").read_bytes()


@bp.get("/months")
@signed_in
def months() -> ResponseReturnValue:
    """The units of all months, newest first."""
    units = reversed(catalogue().units)
    return render_template("study/months.html", units=list(units), this_month=clock.month_of(clock.today()))


@bp.get("/months/<string:month>")
@signed_in
def unit(month: str) -> ResponseReturnValue:
    """One month: lesson, film, practice and questions on one page."""
    found, units = rules.unit_of(catalogue(), month), catalogue().units
    if found is None and clock.is_month(month):
        return render_template("study/no_unit.html", month=month)
    if found is None:
        raise NotInCatalogue
    before, after = rules.neighbours(units, units.index(found))
    lesson, film = rules.month_part(month, "lesson"), rules.month_part(month, "film")
    marks = queries.marks(db.session(), visitor().account_id, [lesson, film])
    names = {"lesson": lesson, "film": film}
    films = rules.film_files(catalogue(), found.film)
    return render_template(
        "study/unit.html",
        unit=found,
        before=before,
        after=after,
        marks=marks,
        names=names,
        films=films,
        film=rules.film_index(
            films, request.args.get("film", ""), saves_data=request.headers.get("Save-Data", "").lower() == "on"
        ),
        text_size=rules.text_size(catalogue(), found),
    )


@bp.get("/months/<string:month>/lesson")
@signed_in
def unit_lesson(month: str) -> ResponseReturnValue:
    """The lesson of a month."""
    found = catalogue().unit(month)
    name = rules.month_part(month, "lesson")
    marks = queries.marks(db.session(), visitor().account_id, [name])
    return _read("study/unit_lesson.html", marks.get(name), unit=found, lesson=found.lesson, name=name)


def _read(template: str, marked_at: dt.datetime | None, **values: object) -> str:
    """A lesson's page: the same for all readers with the same roles who marked it on the same day."""
    who, today = visitor(), clock.today()
    roles = frozenset(each.role for each in who.bindings)
    marked_on = marked_at and clock.local(marked_at).date()
    key = (catalogue().version, roles, who.member_id is None, today, marked_on)

    def render() -> str:
        with called(kept.NAME):
            return render_template(template, marked_at=marked_at, **values)

    return kept.page(key, who.name, render) or render_template(template, marked_at=marked_at, **values)


@bp.get("/courses")
@signed_in
def courses() -> ResponseReturnValue:
    """The catalogue of courses, all or those of a topic and for a group of people."""
    every = catalogue().courses
    topics, groups = rules.choices(every)
    topic, group = request.args.get("topic", ""), request.args.get("group", "")
    topic, group = topic if topic in topics else "", group if group in groups else ""
    return render_template(
        "study/courses.html",
        courses=rules.chosen(every, topic, group),
        topics=topics,
        groups=groups,
        topic=topic,
        group=group,
    )


@bp.get("/search")
@signed_in
def search() -> ResponseReturnValue:
    """Everything that may be read and has the words asked for, by kind, with the words marked."""
    words, kind = rules.asked(request.args.get("q", "")), request.args.get("part", "")
    part = Part(kind) if kind in set(Part) else None
    page = max(whole_number(request.args.get("page", "1"), digits=4) or 1, 1)
    return render_template(
        "study/search.html",
        words=words,
        part=part,
        groups=rules.found(catalogue(), words, part, page),
        many=rules.MANY,
        names=rules.PART_NAMES,
        few=rules.FEW,
    )


@bp.get("/courses/<string:slug>")
@signed_in
def course(slug: str) -> ResponseReturnValue:
    """One course: what it is about, its lessons with the own marks, its questions."""
    found = catalogue().course(slug)
    names = {lesson.id: rules.course_lesson(slug, lesson.id) for lesson in found.lessons}
    marks = queries.marks(db.session(), visitor().account_id, names.values())
    return render_template("study/course.html", course=found, names=names, marks=marks)


@bp.get("/courses/<string:slug>/<string:lesson>")
@signed_in
def course_lesson(slug: str, lesson: str) -> ResponseReturnValue:
    """One lesson of a course, with what stands before and after it."""
    found, its_course = catalogue().lesson(slug, lesson), catalogue().course(slug)
    before, after = rules.neighbours(its_course.lessons, its_course.lessons.index(found))
    name = rules.course_lesson(slug, lesson)
    marks = queries.marks(db.session(), visitor().account_id, [name])
    values = {"course": its_course, "lesson": found, "before": before, "after": after, "name": name}
    return _read("study/course_lesson.html", marks.get(name), **values)


@bp.get("/pages/<string:slug>")
@public
def page(slug: str) -> ResponseReturnValue:
    """A single page: about, privacy notice, what this software does not do."""
    return render_template("study/page.html", page=catalogue().page(slug))


@bp.get("/media/<string:digest>/<string:name>")
@public
def media(digest: str, name: str) -> ResponseReturnValue:
    """A picture, film or its captions, named by its bytes: kept by browsers for ever, sent in ranges when asked."""
    kind = MEDIA_TYPES.get(PurePath(name).suffix.lower())
    path = shelf().media_folder / digest
    if kind is None or not rules.is_digest(digest) or not path.is_file():
        raise NotInCatalogue
    response = send_file(path, mimetype=kind.partition(";")[0], conditional=True, etag=digest, max_age=FOR_EVER)
    response.content_type = kind
    response.cache_control.public = True
    response.cache_control.immutable = True
    return send_part_by_server(response, path)


@bp.get("/offline")
@public
def offline() -> ResponseReturnValue:
    """What a phone shows without network: what it keeps, and how to go on. The same for everybody."""
    return render_template("study/offline.html", visitor=lambda: None)


@bp.get("/study-worker.js")
@public
def worker() -> ResponseReturnValue:
    """The script that serves what a phone keeps; from the top of the site, since it may not reach above its own folder."""
    return Response(_WORKER, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})


@bp.get("/manifest.webmanifest")
@public
def manifest() -> ResponseReturnValue:
    """What a phone needs to know to keep the site among its programs."""
    name = current_app.config["SETTINGS"].site_name
    asset = cast(dict[str, str], current_app.jinja_env.globals["asset"])
    icons = [(f"img/icon-{size}.png", f"{size}x{size}", "image/png") for size in (192, 512)]
    icons.append(("img/logo.svg", "any", "image/svg+xml"))
    response = jsonify(
        name=name,
        short_name=name[:12],
        lang="zh-CN",
        id="/",
        start_url="/",
        scope="/",
        display="standalone",
        background_color="#fbf8f3",
        theme_color="#b3131b",
        icons=[{"src": asset[each], "sizes": sizes, "type": kind} for each, sizes, kind in icons],
    )
    response.content_type = "application/manifest+json"
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


@bp.post("/marks")
@signed_in
def set_mark() -> ResponseReturnValue:
    """Make or take back the mark 我学过了, and go back to where it stands."""
    form = MarkForm()
    if not form.validate_on_submit():
        raise NotInCatalogue
    found = rules.studied(catalogue(), form.unit.data)
    if form.set.data == "1":
        service.mark(db.session(), act(), unit=found.unit, content_hash=found.content_hash)
    else:
        service.unmark(db.session(), act(), unit=found.unit)
    db.session.commit()
    say(_("已经标记。这个标记只给您自己看。") if form.set.data == "1" else _("标记已经取消。"), "")
    return redirect(found.url, 303)
