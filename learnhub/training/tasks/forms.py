"""Forms of tasks: opening one, amending one; a reason for taking something back."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, DecimalField, IntegerField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from learnhub.members.rules import CIRCUMSTANCE_LABELS, POST_LABELS, CircumstanceKind, PostKind
from learnhub.organizations.rules import DOMAIN_LABELS, Domain
from learnhub.training.tasks.rules import KIND_LABELS, MOST_ATTEMPTS, Audience, CompletionRule, MemberKind
from learnhub.web.form import Form


class ReasonForm(Form):
    """A reason for taking something back."""

    reason = StringField(_l("原因"), [InputRequired(_l("请写明原因。")), Length(max=500)])


MOST_HOURS = 1000
MOST_PLACES = 2000
# The longest "since at most so many months": the five years of a cycle.
MOST_MONTHS = 60
# Rows for sessions on the form of a new batch; more are added on the batch's own page.
SESSION_ROWS = 6


def quarters_of(hours: Any) -> int:
    """Hours as quarter hours."""
    return int(hours * 4)


class WholeQuarters:
    """Hours come in quarters: 0.25, 0.5, 0.75."""

    def __call__(self, form: Any, field: DecimalField) -> None:
        if field.data is not None and field.data * 4 % 1:
            raise ValidationError(_("学时按四分之一计，例如 4、3.5、0.25。"))


class Ticks(SelectMultipleField):
    """Any number of choices to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class TaskForm(Form):
    """A training task: what, when, on which basis, for whom, completed by which rule."""

    title = StringField(_l("名称"), [InputRequired(_l("请填名称。")), Length(max=200)])
    starts_on = DateField(_l("开始日期"), [InputRequired(_l("请填开始日期。"))])
    ends_on = DateField(_l("结束日期"), [InputRequired(_l("请填结束日期。"))])
    hours = DecimalField(_l("学时"), [InputRequired(_l("请填学时。")), NumberRange(0.25, MOST_HOURS), WholeQuarters()])
    basis = StringField(_l("依据"), [InputRequired(_l("请填依据的文件或者计划。")), Length(max=300)])
    kinds = Ticks(_l("党员类别"))
    posts = Ticks(_l("职务"))
    domains = Ticks(_l("领域"))
    circumstances = Ticks(_l("情形"))
    leave_part = IntegerField(
        _l("缺课不超过总学时的几分之一"), [InputRequired(_l("请填一个数。")), NumberRange(1, 100)], default=7
    )
    pass_percent = IntegerField(_l("结业测试的合格线"), [Optional(), NumberRange(0, 100)])
    attempts = IntegerField(_l("平台上的测试最多做几次"), [Optional(), NumberRange(1, MOST_ATTEMPTS)])
    post_months = IntegerField(_l("任职不超过几个月"), [Optional(), NumberRange(0, MOST_MONTHS)])
    full_months = IntegerField(_l("预备党员和转正不超过几个月的党员"), [Optional(), NumberRange(0, MOST_MONTHS)])

    def offer(self) -> None:
        """Offer the words that an audience is made of."""
        self.kinds.choices = [(each.value, _(label)) for each, label in KIND_LABELS.items()]
        self.posts.choices = [(each.value, _(label)) for each, label in POST_LABELS.items()]
        self.domains.choices = [(each.value, _(label)) for each, label in DOMAIN_LABELS.items()]
        self.circumstances.choices = [(each.value, _(label)) for each, label in CIRCUMSTANCE_LABELS.items()]

    @property
    def quarters(self) -> int:
        """The hours in quarter hours."""
        return quarters_of(self.hours.data)

    @property
    def audience(self) -> Audience:
        """Whom the task is for."""
        return Audience(
            kinds=frozenset(MemberKind(each) for each in self.kinds.data or ()),
            posts=frozenset(PostKind(each) for each in self.posts.data or ()),
            domains=frozenset(Domain(each) for each in self.domains.data or ()),
            circumstances=frozenset(CircumstanceKind(each) for each in self.circumstances.data or ()),
            post_months=self.post_months.data,
            full_months=self.full_months.data,
        )

    @property
    def rule(self) -> CompletionRule:
        """Who completes it."""
        return CompletionRule(self.leave_part.data, self.pass_percent.data, self.attempts.data)


class AmendForm(Form):
    """What of a task may be said otherwise later, and why."""

    title = StringField(_l("名称"), [InputRequired(_l("请填名称。")), Length(max=200)])
    ends_on = DateField(_l("结束日期"), [InputRequired(_l("请填结束日期。"))])
    basis = StringField(_l("依据"), [InputRequired(_l("请填依据的文件或者计划。")), Length(max=300)])
    leave_part = IntegerField(
        _l("缺课不超过总学时的几分之一"), [InputRequired(_l("请填一个数。")), NumberRange(1, 100)]
    )
    pass_percent = IntegerField(_l("结业测试的合格线"), [Optional(), NumberRange(0, 100)])
    attempts = IntegerField(_l("平台上的测试最多做几次"), [Optional(), NumberRange(1, MOST_ATTEMPTS)])
    because = StringField(_l("更改的原因"), [InputRequired(_l("请写明原因。")), Length(max=500)])

    @property
    def rule(self) -> CompletionRule:
        """Who completes the batches opened from now on."""
        return CompletionRule(self.leave_part.data, self.pass_percent.data, self.attempts.data)
