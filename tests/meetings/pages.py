"""What the tests of the recorder's pages do alike: schedule, call the roll, finish."""

import re
from collections.abc import Callable
from typing import Any

from tests.cast import WILLOW
from tests.pages import PageClient

Clients = Callable[[str | None], PageClient]
SCHEDULE = f"/meetings/schedule?organization={WILLOW}&month=2026-11"


def proposed(page: str) -> dict[str, Any]:
    """What a browser would send of the form on `page` as it stands."""
    body = re.search(r'<main.*?<form[^>]*method="post"[^>]*>(.*?)</form>', page, re.S)
    assert body
    fields: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", body[1]):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        kind = re.search(r'type="([^"]*)"', tag)
        if name and (" checked" in tag or kind is None or kind[1] not in {"radio", "checkbox"}):
            fields.setdefault(name[1], []).append(value[1] if value else "")
    for name, text in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>\s?\n?(.*?)</textarea>', body[1], re.S):
        fields[name] = [text]
    return {name: values for name, values in fields.items() if name not in {"csrf_token", "key"}}


def scheduled(client: PageClient, day: str = "2026-11-20", **changes: object) -> int:
    """Schedule as proposed, on a day that has passed, so that the roll can be finished."""
    fields = {**proposed(client.page(SCHEDULE)), "day": day, "place": "党群服务中心", **changes}
    answer = client.send(SCHEDULE, fields)
    assert answer.status_code == 303, answer.text
    return int(answer.location.rpartition("/")[2])


def roll_form(client: PageClient, meeting_id: int, **away: str) -> dict[str, Any]:
    """The roll as proposed, with `m3="leave:sick"` for somebody who is not there."""
    fields = proposed(client.page(f"/meetings/{meeting_id}/roll"))
    for name, code in away.items():
        fields["here"] = [each for each in fields["here"] if each != name[1:]]
        fields[f"why-{name[1:]}"] = code
    return fields


def called(client: PageClient, meeting_id: int, **away: str) -> None:
    assert client.send(f"/meetings/{meeting_id}/roll", roll_form(client, meeting_id, **away)).status_code == 303


def finished(client: PageClient, meeting_id: int, **changes: object) -> None:
    fields = {**proposed(client.page(f"/meetings/{meeting_id}/record")), "do": "finish", **changes}
    assert client.send(f"/meetings/{meeting_id}/record", fields).status_code == 303
