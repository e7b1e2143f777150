"""How far a theme day has come."""

import datetime as dt
import enum

from learnhub.core.text import N_
from learnhub.meetings.rules import State


class Step(enum.Enum):
    """What comes next on a theme day's way."""

    SCHEDULE = "schedule"
    PRINT = "print"
    CALL = "call"
    FINISH = "finish"
    NOTHING = "nothing"


def next_step(state: State, day: dt.date, today: dt.date) -> Step:
    """The next step of a theme day in `state` to be held on `day`.

    The sheet is printed before the day; from the day on the roll comes first.
    """
    if state is State.CANCELLED:
        return Step.SCHEDULE
    if state is State.FINISHED:
        return Step.NOTHING
    if state is State.CALLED:
        return Step.FINISH
    return Step.CALL if today >= day else Step.PRINT


def reason_of_failure(*, has_content: bool, has_schema: bool) -> str:
    """Why the site cannot serve, in English for machines and their keepers; empty when it can."""
    if not has_schema:
        return "the database does not answer, or its tables are missing"
    if not has_content:
        return "no study content is published; `flask content check` says why"
    return ""


# What a person's copy of their own data does not hold, said in the copy itself.
LEFT_OUT = (
    N_("不在其中的：密码、登录和订阅用的密钥只存算出来的值，没有可以交出的内容；别人是谁、别人的账号属于别人。"),
    N_("不记名的投诉和建议不知道是谁写的，所以也不在其中；已经发出的报表是整个单位的，个人的一份在“为什么”页上看。"),
    N_("时间在 JSON 文件里是世界时，在 PDF 文件里是本地时间。"),
)
# The columns of a person's own data in words. Others (numbers of rows, what only a machine reads) stand in the JSON alone.
COLUMN_LABELS = {
    "login_name": N_("登录名"),
    "name": N_("姓名"),
    "created_at": N_("建立时间"),
    "disabled_at": N_("停用时间"),
    "valid_from": N_("从哪天起"),
    "valid_to": N_("到哪天为止"),
    "organization": N_("组织"),
    "role": N_("职责"),
    "started_at": N_("开始时间"),
    "seen_at": N_("最近一次使用"),
    "ended_at": N_("结束时间"),
    "agent": N_("设备"),
    "expires_at": N_("有效期到"),
    "used_at": N_("使用时间"),
    "code": N_("编号"),
    "sort_key": N_("名册顺序"),
    "sex": N_("性别"),
    "birth_month": N_("出生年月"),
    "joined_on": N_("入党日期"),
    "joined_precision": N_("入党日期知道到"),
    "full_on": N_("转正日期"),
    "full_precision": N_("转正日期知道到"),
    "is_start_known": N_("起始日期是否清楚"),
    "phone": N_("手机号"),
    "identity_last_four": N_("身份证号后四位"),
    "kind": N_("类别"),
    "reason": N_("原因"),
    "title": N_("名称"),
    "place": N_("地点"),
    "day": N_("日期"),
    "occasion_title": N_("哪一次活动"),
    "occasion_day": N_("活动日期"),
    "outcome": N_("结果"),
    "leave_reason": N_("请假原因"),
    "noted_at": N_("登记时间"),
    "approved_at": N_("同意时间"),
    "withdrawn_at": N_("撤回时间"),
    "withdrawn_because": N_("撤回原因"),
    "visitor": N_("谁去送学"),
    "content": N_("内容"),
    "issued_at": N_("发出时间"),
    "quarters": N_("学时"),
    "source": N_("来源"),
    "basis": N_("依据"),
    "subject": N_("对象"),
    "way": N_("方式"),
    "completed_on": N_("完成日期"),
    "paper": N_("证书内容"),
    "above": N_("由上级答复"),
    "about": N_("关于哪一条"),
    "words": N_("所写的内容"),
    "raised_at": N_("提出时间"),
    "due_on": N_("答复期限"),
    "answered_at": N_("答复时间"),
    "answer": N_("回答"),
    "answer_words": N_("答复内容"),
    "batch": N_("班次"),
    "task": N_("任务"),
    "organizer": N_("主办单位"),
    "starts_on": N_("开始日期"),
    "ends_on": N_("结束日期"),
    "evidence": N_("凭证类别"),
    "reference": N_("凭证"),
    "text": N_("正文"),
    "written_at": N_("写成时间"),
    "percent": N_("正确的百分比"),
    "opened_at": N_("开通时间"),
    "since": N_("起算日期"),
    "channel": N_("送到哪里"),
    "address": N_("地址"),
    "digest": N_("摘要"),
    "meetings": N_("会议提醒"),
    "quiet_from": N_("安静时间从"),
    "quiet_to": N_("安静时间到"),
    "language": N_("语言"),
    "asked_at": N_("提出时间"),
    "confirmed_at": N_("同意并确认的时间"),
    "paused_at": N_("暂停时间"),
    "digested_on": N_("最近一次摘要"),
    "composed_at": N_("写成时间"),
    "due_at": N_("应发时间"),
    "claimed_at": N_("取走时间"),
    "sent_at": N_("发出时间"),
    "problem": N_("没有送到的原因"),
    "tries": N_("试过的次数"),
    "unit": N_("哪一份内容"),
    "marked_at": N_("标记时间"),
    "question": N_("题目"),
    "saved_at": N_("保存时间"),
    "handed_in_at": N_("交卷时间"),
    "earned": N_("得到的半分"),
    "possible": N_("全部的半分"),
    "number": N_("受理号"),
    "contact": N_("联系方式"),
    "page": N_("所在页面"),
    "received_at": N_("收到时间"),
    "clarity": N_("看不看得懂"),
    "use": N_("用不用得上"),
    "given_at": N_("评价时间"),
    "submitted_at": N_("提出时间"),
    "finished_at": N_("办完时间"),
    "failed_because": N_("没有办成的原因"),
    "cancelled_at": N_("取消时间"),
    "file_name": N_("文件名"),
    "media_type": N_("文件类型"),
    "size": N_("文件大小"),
    "expired_at": N_("过期时间"),
    "at": N_("时间"),
    "action": N_("做了什么"),
    "details": N_("细节"),
    "own_act": N_("是自己做的"),
    "fact": N_("哪一项"),
    "before": N_("更改前"),
    "after": N_("更改后"),
    "because": N_("更改原因"),
}
