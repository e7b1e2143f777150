"""Handing mail over to the site's mail server (SMTP)."""

import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from types import TracebackType
from typing import Self

from learnhub.core import clock
from learnhub.notices.queries import Due
from learnhub.notices.rules import Failure, MailServer, Problem, plain_line

# Seconds that any one step with a mail server may take.
PATIENCE = 20
# Base 64 or quoted-printable: some relays still cannot carry eight bits.
_POLICY = SMTP.clone(cte_type="7bit")


def letter(server: MailServer, due: Due, *, subject: str, text: str, html: str, unsubscribe: str) -> EmailMessage:
    """The mail for a claimed message: plain text and HTML, and how to be sent nothing more by one click (RFC 8058).

    `unsubscribe` is that whole address, empty in a mail that may not have been asked for. Every try bears the same
    Message-ID, so that one handed over twice after a crash can be known as the same.
    """
    mail = EmailMessage(policy=_POLICY)
    domain = server.sender.rpartition("@")[2]
    mail["From"] = Address(plain_line(server.name), addr_spec=server.sender)
    mail["To"] = Address(addr_spec=due.choice.address)
    mail["Subject"] = plain_line(subject)
    mail["Date"] = format_datetime(clock.local(due.composed_at))
    mail["Message-ID"] = f"<{due.message_id}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    if unsubscribe:
        mail["List-Unsubscribe"] = f"<{unsubscribe}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(text)
    mail.add_alternative(html, subtype="html")
    return mail


class Post:
    """A connection to the mail server, opened with the first letter and kept for the others of one run."""

    def __init__(self, server: MailServer, context: ssl.SSLContext | None = None) -> None:
        self._server = server
        self._context = context
        self._open: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hang_up()

    def send(self, mail: EmailMessage, address: str) -> None:
        """Hand a letter over for `address`; raises Failure."""
        try:
            connection = self._open = self._open or self._connected()
            connection.send_message(mail, self._server.sender, [address])
        except smtplib.SMTPRecipientsRefused as error:
            self._hang_up()
            code, _words = next(iter(error.recipients.values()))
            raise _answered(code) from None
        except smtplib.SMTPDataError as error:
            self._hang_up()
            raise _answered(error.smtp_code) from None
        except (
            smtplib.SMTPSenderRefused,
            smtplib.SMTPAuthenticationError,
            smtplib.SMTPNotSupportedError,
            ssl.SSLError,
        ):
            self._hang_up()
            raise Failure(Problem.OUR_SETTINGS, everywhere=True) from None
        except (OSError, smtplib.SMTPException):
            self._hang_up()
            raise Failure(Problem.UNREACHABLE, everywhere=True) from None

    def _connected(self) -> smtplib.SMTP:
        server = self._server
        # Named by the sender's domain: asking the name servers for this machine's own name can take seconds.
        name = server.sender.rpartition("@")[2]
        context = self._context or (None if server.security == "smtp+plain" else ssl.create_default_context())
        if server.security == "smtps":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, name, timeout=PATIENCE, context=context
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, name, timeout=PATIENCE)
        try:
            if server.security == "smtp":
                connection.starttls(context=context)
            if server.user:
                connection.login(server.user, server.password)
        except BaseException:
            connection.close()
            raise
        return connection

    def _hang_up(self) -> None:
        if self._open is not None:
            try:
                self._open.quit()
            except (OSError, smtplib.SMTPException):
                self._open.close()
            self._open = None


def _answered(code: int) -> Failure:
    """What an answer of the server means: 5xx is for good, anything else for now (RFC 5321, 4.2.1)."""
    return Failure(Problem.REFUSED, final=True) if code >= 500 else Failure(Problem.BUSY)
