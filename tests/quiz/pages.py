"""What tests of quiz pages share: beginning, the right answers, what the script sends."""

import json

from learnhub.quiz.models import Attempt

START = "/months/2026-11/quiz"


def begin(client, start=START):
    """The address of a newly begun attempt."""
    answer = client.send(start)
    assert answer.status_code == 303
    return answer.location


def snapshots(session, url):
    found = session.get(Attempt, int(url.rsplit("/", 1)[1])).questions
    session.commit()
    return {each["id"]: each for each in found}


def right(question):
    """The fields of a right answer, as a form sends them."""
    name = f"answer.{question['id']}"
    if question["kind"] == "blank":
        return {f"{name}.{number}": each[0] for number, each in enumerate(question["blanks"])}
    if question["kind"] == "ordering":
        return {f"{name}.{number}": key for number, key in enumerate(question["correct"])}
    if question["kind"] == "matching":
        return {f"{name}.{left}": pair for left, pair in question["pairs"]}
    return {name: question["correct"] if question["kind"] == "multiple" else question["correct"][0]}


def all_right(questions, revision=1):
    fields = {}
    for id, question in questions.items():
        fields |= {f"revision.{id}": str(revision), **right(question)}
    return fields


def script(client, url, body, **headers):
    return client.post(
        f"{url}/answers",
        data=body if isinstance(body, bytes | str) else json.dumps(body),
        content_type="application/json",
        headers={"X-Requested-By": "script", "X-CSRFToken": client.token(), "Origin": "http://localhost", **headers},
    )
