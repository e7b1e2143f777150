"""`flask accounts` and `flask organizations`: the ids they ask for are listed, and a wrong one is refused in words."""

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from learnhub.accounts.models import Account, RoleBinding
from learnhub.accounts.rules import Role
from learnhub.organizations.models import Organization
from learnhub.web.db import db
from tests import cast


def ask(app: Flask, *words: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of `flask` with these words."""
    result = app.test_cli_runner().invoke(args=words)
    return result.exit_code, result.stdout, result.stderr


def test_organizations_are_listed_with_ids_and_found_by_name_kind_and_place(own_app: Flask) -> None:
    code, out, counted = ask(own_app, "organizations", "list")
    with own_app.app_context(), Session(db.engine) as session:
        count = session.scalar(select(func.count()).select_from(Organization))
    assert code == 0 and len(out.splitlines()) == count and counted == f"organizations: {count}\n"
    _, below, _ = ask(own_app, "organizations", "list", "--below", str(cast.WILLOW_TOWN))
    assert 1 < len(below.splitlines()) < len(out.splitlines())
    assert {int(line.split()[0]) for line in below.splitlines()} >= {cast.WILLOW_TOWN}
    _, branches, _ = ask(own_app, "organizations", "list", "--below", str(cast.WILLOW_TOWN), "--kind", "branch")
    assert branches and set(branches.splitlines()) < set(below.splitlines())
    name = branches.splitlines()[0].split()[-1]
    _, named, _ = ask(own_app, "organizations", "list", "--name", name)
    assert named == branches.splitlines()[0] + "\n"
    assert ask(own_app, "organizations", "list", "--name", "%") == (0, "", "organizations: 0\n")
    assert ask(own_app, "organizations", "list", "--below", "999999") == (0, "", "organizations: 0\n")


def test_accounts_are_listed_with_ids_roles_and_what_is_disabled(own_app: Flask) -> None:
    _, out, counted = ask(own_app, "accounts", "list")
    assert counted == f"accounts: {len(cast.PEOPLE)}\n"
    number = cast.PEOPLE["recorder"][0]
    (line,) = [line for line in out.splitlines() if line.split()[0] == str(number)]
    with own_app.app_context(), Session(db.engine) as session:
        place = session.scalar(select(RoleBinding.organization_id).where(RoleBinding.account_id == number))
        name = session.scalar(select(Account.name).where(Account.id == number))
    assert line.endswith(f"  {name}  recorder@{place}")
    _, recorders, _ = ask(own_app, "accounts", "list", "--role", "recorder", "--below", str(place))
    assert line in recorders.splitlines() and all(Role.RECORDER.value in each for each in recorders.splitlines())
    assert line in ask(own_app, "accounts", "list", "--name", str(name))[1].splitlines()
    assert ask(own_app, "accounts", "list", "--name", "%") == (0, "", "accounts: 0\n")
    with own_app.app_context(), Session(db.engine) as session:
        session.execute(update(Account).where(Account.id == number).values(disabled_at=cast.NOW))
        session.commit()
    assert f"  {name}  disabled\n" in ask(own_app, "accounts", "list")[1]
    assert ask(own_app, "accounts", "link", str(number)) == (1, "", "Error: 没有这个账号，或者它已经停用。\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["link", "999999"], "没有这个账号，或者它已经停用。"),
        (["open", "李丁", "--role", "recorder", "--organization", "999999"], "没有这个组织。"),
        (["open", "李丁", "--login", "taken"], "登录名“taken”已经有别的账号在用。"),
    ],
)
def test_what_does_not_exist_or_is_taken_is_said_and_nothing_changes(
    own_app: Flask, words: list[str], said: str
) -> None:
    assert ask(own_app, "accounts", "open", "赵甲", "--login", "taken")[0] == 0
    before = ask(own_app, "accounts", "list")
    assert ask(own_app, "accounts", *words) == (1, "", f"Error: {said}\n")
    assert ask(own_app, "accounts", "list") == before
