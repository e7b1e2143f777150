"""`flask notices …`: look what is to be told, and send it. The jobs worker does the same every half minute."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import Flask, current_app, g, render_template
from flask.cli import AppGroup
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from learnhub.core import clock
from learnhub.notices import queries, service
from learnhub.notices.queries import Due
from learnhub.notices.rules import (
    Channel,
    Content,
    Failure,
    Item,
    MailServer,
    MessageKind,
    Problem,
    Voice,
    as_text,
    open_channels,
    payload,
    sealed,
)
from learnhub.notices.service import Post, Robots
from learnhub.web import filters
from learnhub.web.db import db

cli = AppGroup("notices", help="Digests and reminders: what is to be sent, what was not.")
# A run ends after so many seconds, so that a worker comes back to its jobs; what is left waits for the next run.
RUN_SECONDS = 20.0
VOICE = Voice(_, filters.day, filters.weekday, filters.time, filters.month)


@cli.command("send")
@click.option("--dry-run", is_flag=True, help="Only say what would be sent; compose and send nothing.")
def send(dry_run: bool) -> None:
    """Compose what is due and send what waits, until nothing is left to do."""
    application = current_app._get_current_object()  # type: ignore[attr-defined]
    if not _channels(application):
        click.echo("Sending is off: neither LEARNHUB_SMTP nor LEARNHUB_WEBHOOK_HOSTS is set.")
        return
    if dry_run:
        _rehearse(application)
        return
    composed, sent, failed = run(application, seconds=3600.0)
    click.echo(f"looked at {composed}, sent {sent}, failed {failed}")


@cli.command("list")
def list_messages() -> None:
    """What has not arrived: waiting, failing, given up. Neither addresses nor what the messages say."""
    found = queries.counts(db.session())
    click.echo(", ".join(f"{name} {found.get(name, 0)}" for name in ("sent", "waiting", "ended")))
    for each in queries.listed(db.session(), limit=100):
        state = "ended" if each.ended_at else f"next try {clock.local(each.due_at):%Y-%m-%d %H:%M}"
        why = each.problem.value if each.problem else "-"
        click.echo(f"{each.id}  account {each.account_id}  {each.kind.value}  tries {each.tries}  {why}  {state}")


def tick(application: Flask) -> None:
    """What a worker does beside its jobs: one short run, nothing when sending is off."""
    with application.app_context():
        if _channels(application):
            run(application, seconds=RUN_SECONDS)


def run(
    application: Flask, *, seconds: float, post: Post | None = None, robots: Robots | None = None
) -> tuple[int, int, int]:
    """Look at everybody whose time has come, then send what waits; returns how many looked at, sent and failed.

    Any number may run at once. A mail server that cannot be reached ends the run's mail; the rest waits its turn.
    """
    settings = application.config["SETTINGS"]
    end = time.monotonic() + seconds
    post = post or Post(server_of(application))
    robots = robots or Robots(settings.webhook_hosts)
    looked = sent = failed = 0
    while time.monotonic() < end and _look(application):
        looked += 1
    with post:
        while time.monotonic() < end:
            with _writing(application, "zh-CN") as session:
                due = service.claim(session, at=clock.now())
            if due is None:
                break
            failure = _deliver(application, due, post, robots)
            with _writing(application, "zh-CN") as session:
                if failure is None:
                    service.sent(session, due=due, at=clock.now())
                    sent += 1
                else:
                    service.failed(session, due=due, failure=failure, at=clock.now())
                    failed += 1
            if failure is not None and failure.everywhere:
                break
    return looked, sent, failed


@contextmanager
def _writing(application: Flask, language: str) -> Iterator[Session]:
    """A short transaction of its own, speaking a person's language; committed when the block ends well."""
    with application.test_request_context("/", headers={"Cookie": f"language={language}"}):
        g.visitor, g.may_write = None, True
        with Session(db.engine) as session:
            yield session
            session.commit()
        db.session.remove()


def _look(application: Flask) -> bool:
    """Look for the next person whose time has come; False when there is none."""
    with _writing(application, "zh-CN") as session:
        row = queries.due_choice(session, clock.now())
        if row is None:
            return False
        g.language = row.language
        service.look(session, row, VOICE, clock.now())
    return True


def _deliver(application: Flask, due: Due, post: Post, robots: Robots) -> Failure | None:
    """Send one claimed message, outside of any transaction; why it failed, or None."""
    try:
        with application.test_request_context("/", headers={"Cookie": f"language={due.choice.language}"}):
            g.visitor = None
            _send(application, due, post, robots)
    except Failure as failure:
        return failure
    except Exception as error:  # one odd message never stops the others
        application.logger.error("notice %s was not sent: %s", due.id, type(error).__name__)
        return Failure(Problem.OUR_SETTINGS, final=True)
    return None


def _send(application: Flask, due: Due, post: Post, robots: Robots) -> None:
    site = application.config["SETTINGS"].address
    content = _content(application, due)
    if due.choice.channel is not Channel.MAIL:
        robots.send(due, payload(due.choice.channel, content, site))
        return
    unwanted = "" if due.kind is MessageKind.CONFIRM else f"{site}{_unsubscribe(application, due)}"
    text = as_text(content, site)
    html = render_template("notices/mail.html", content=content, site=site)
    mail = service.letter(
        server_of(application), due, subject=content.title, text=text, html=html, unsubscribe=unwanted
    )
    post.send(mail, due.choice.address)


def _content(application: Flask, due: Due) -> Content:
    """What the message says, with the links below it."""
    if due.kind is MessageKind.CONFIRM:
        token = sealed(application.config["SECRET_KEY"], "confirm", due.choice.id, due.choice.version)
        return service.confirmation(VOICE, application.config["SETTINGS"].site_name, f"/notices/confirm/{token}")
    return Content.from_json(due.content or {}).closed(
        Item(_("这是您自己要的提醒，上级看不到。改时间或者地址："), "/account/notices"),
        Item(_("不想再收到，一次退订（不用登录）："), _unsubscribe(application, due)),
    )


def _unsubscribe(application: Flask, due: Due) -> str:
    return f"/notices/unsubscribe/{sealed(application.config['SECRET_KEY'], 'unsubscribe', due.choice.id)}"


def _channels(application: Flask) -> list[Channel]:
    settings = application.config["SETTINGS"]
    return open_channels(settings.smtp, settings.webhook_hosts)


def server_of(application: Flask) -> MailServer:
    """The mail server of the settings."""
    settings = application.config["SETTINGS"]
    return MailServer.from_settings(settings.smtp, settings.smtp_from, settings.site_name)


def _rehearse(application: Flask) -> None:
    """Do it all in one transaction and take it back: what would be composed now, and what would be sent."""
    with application.test_request_context("/"):
        g.visitor, g.may_write = None, True
        with Session(db.engine) as session:
            while row := queries.due_choice(session, clock.now()):
                g.language = row.language
                service.look(session, row, VOICE, clock.now())
                session.flush()
            while due := service.claim(session, at=clock.now()):
                click.echo(f"account {due.choice.account_id}  {due.kind.value}  by {due.choice.channel.value}")
            session.rollback()
