"""Since when posts are held: what a file tells, what the roster knows, and where neither does, a question."""

import datetime as dt
from collections.abc import Callable

from learnhub.core.text import N_
from learnhub.members.queries.roster_state import MemberState
from learnhub.members.rules import days
from learnhub.members.rules.parsing import ParsedRow
from learnhub.members.rules.questions import Choice, Interview, QuestionKind

_FROM_ROSTER_DAY, _NOT_KNOWN = "roster-day", "unknown"
_MOST_NAMED = 10
_QUESTION = N_("%(count)s 人有新的职务，文件里没有任职日期（%(names)s）。他们是从名册日期 %(day)s 这一天起任职的吗？")
_SINCE_ROSTER_DAY = N_("是，从名册日期这一天起任职")
_SINCE_UNKNOWN = N_("不是，任职日期暂时不详；“任职不超过几个月”的培训先不算到他们")

Report = Callable[..., None]


class PostPlanner:
    """Settles the days of taking up posts of each row, once all rows have been noted."""

    def __init__(self, on: dt.date, report: Report) -> None:
        self.on = on
        self.report = report
        self.open: list[tuple[dict[str, str], dict[str, str]]] = []

    def note(self, row: ParsedRow, said: dict[str, str], known: MemberState | None, wanted: dict[str, str]) -> None:
        """Put the days of taking up the posts of `wanted` into it: as told, else as the roster has them."""
        posts = [post for post in wanted["posts"].split(",") if post]
        stays = known is not None and wanted["organization"] == known.values["organization"]
        before = {kind: span.since for kind, span in known.posts.items()} if known and stays else {}
        told = self._told(row, said, posts)
        since = {post: told.get(post) or before.get(post, "") for post in posts}
        wanted["posts_since"] = ",".join(since.values())
        if any(not day and post not in before for post, day in since.items()):
            self.open.append((wanted, before))

    def _told(self, row: ParsedRow, said: dict[str, str], posts: list[str]) -> dict[str, str]:
        if not said.get("posts_since"):
            return {}
        given = said["posts_since"].split(",")
        if len(given) == 1:
            given *= len(posts)
        if len(given) != len(posts):
            message = N_("这里有 %(days)s 个任职日期，职务却有 %(posts)s 个。请按职务的次序写，或者只写一个。")
            self.report(row, "posts_since", message, days=len(given), posts=len(posts))
            return {}
        return dict(zip(posts, given, strict=True))

    def settle(self, interview: Interview) -> None:
        """Ask about the posts that are new and have no day."""
        if not self.open:
            return
        names = [wanted["name"] for wanted, _before in self.open]
        shown = "\u3001".join(names[:_MOST_NAMED]) + ("\u2026\u2026" if len(names) > _MOST_NAMED else "")
        values = {"count": len(names), "names": shown, "day": self.on.isoformat()}
        choices = [Choice(_FROM_ROSTER_DAY, _SINCE_ROSTER_DAY), Choice(_NOT_KNOWN, _SINCE_UNKNOWN)]
        if interview.ask(QuestionKind.POSTS_SINCE, "", _QUESTION, values, choices) != _FROM_ROSTER_DAY:
            return
        for wanted, before in self.open:
            since = zip(wanted["posts"].split(","), wanted["posts_since"].split(","), strict=True)
            filled = (day if day or post in before else self.on.isoformat() for post, day in since)
            wanted["posts_since"] = ",".join(filled)

    def check(self, row: ParsedRow, known: MemberState | None, wanted: dict[str, str]) -> None:
        """Report days on which nobody can have taken up a post."""
        stays = known is not None and wanted["organization"] == known.values["organization"]
        ends = known.post_ends if known and stays else {}
        for post, day in zip(wanted["posts"].split(","), wanted["posts_since"].split(","), strict=False):
            if day > self.on.isoformat():
                self.report(row, "posts_since", N_("任职日期晚于名册日期。"))
            elif day and wanted["joined_on"] and day < days.first_day(wanted["joined_on"]):
                self.report(row, "posts_since", N_("任职日期早于入党日期。"))
            elif day and day < ends.get(post, ""):
                message = N_("这个职务在名册上有一段到 %(day)s 为止，任职日期不能早于它。")
                self.report(row, "posts_since", message, day=ends[post])
