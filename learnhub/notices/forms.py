"""Forms of notices."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, PasswordField, RadioField, SelectField, StringField, TimeField
from wtforms.validators import InputRequired, Length

from learnhub.notices.rules import (
    CHANNEL_LABELS,
    DIGEST_LABELS,
    QUIET_FROM,
    QUIET_TO,
    Channel,
    ChoiceValue,
    DigestDay,
    Wish,
)
from learnhub.web.form import Form


class NoticesForm(Form):
    """What to be sent, where, and when not."""

    digest = SelectField(_l("支部要办的事"), default=DigestDay.NEVER.value)
    meetings = BooleanField(_l("我所在支部的会议和活动"))
    channel = RadioField(_l("送到哪里"), [InputRequired(_l("请选一种。"))])
    mail = StringField(_l("邮箱"), [Length(max=254)])
    webhook = StringField(_l("机器人地址"), [Length(max=500)])
    secret = PasswordField(_l("加签密钥（只有钉钉用，可以不填）"), [Length(max=200)])
    quiet_from = TimeField(_l("从"), [InputRequired(_l("请填时间。"))], default=QUIET_FROM)
    quiet_to = TimeField(_l("到"), [InputRequired(_l("请填时间。"))], default=QUIET_TO)

    def offer(self, channels: list[Channel]) -> None:
        """Offer the days and the channels that are open."""
        self.digest.choices = [(each.value, _(label)) for each, label in DIGEST_LABELS.items()]
        self.channel.choices = [(each.value, _(CHANNEL_LABELS[each])) for each in channels]
        if len(channels) == 1:
            self.channel.default = self.channel.data = self.channel.data or channels[0].value

    def show(self, kept: ChoiceValue) -> None:
        """Fill in what is kept; a robot's address and secret are not shown again."""
        self.digest.data, self.meetings.data = kept.digest.value, kept.meetings
        self.quiet_from.data, self.quiet_to.data = kept.quiet_from, kept.quiet_to
        if kept.ended_at is None:
            self.channel.data = kept.channel.value
            self.mail.data = kept.address if kept.channel is Channel.MAIL else ""

    def wish(self, language: str, *, recorder: bool, member: bool) -> Wish:
        """What was asked for; a digest is for recorders only, meetings for members."""
        channel = Channel(self.channel.data)
        return Wish(
            channel=channel,
            address=(self.mail.data if channel is Channel.MAIL else self.webhook.data) or "",
            digest=DigestDay(self.digest.data) if recorder else DigestDay.NEVER,
            meetings=member and bool(self.meetings.data),
            quiet_from=self.quiet_from.data,
            quiet_to=self.quiet_to.data,
            secret=(self.secret.data or "") if channel is Channel.DINGTALK else "",
            language=language,
        )
