"""Carrying out a plan: which rows begin, end and change. What ends does so on the roster's day, and nothing overlaps."""

import datetime as dt
from collections.abc import Iterable

from learnhub.core.orm import FOREVER, changed
from learnhub.core.text import search_key
from learnhub.members.models import Circumstance, Member, Membership, Post
from learnhub.members.queries.roster_state import MemberState, OrganizationState, Span
from learnhub.members.rules.cells import HOLDS
from learnhub.members.rules.columns import SheetKind
from learnhub.members.rules.days import UNKNOWN, first_day, precision
from learnhub.members.rules.plan import CIRCUMSTANCES, PlannedRow, Status
from learnhub.members.service.planning import Prepared
from learnhub.members.service.writing import Row, Writer
from learnhub.organizations import queries as organizations
from learnhub.organizations.models import FormerDescription, Organization, OrganizationLink

_LAST = FOREVER.isoformat()


def carry_out(writer: Writer, prepared: Prepared, on: dt.date, *, next_code: int) -> None:
    """Write a plan without faults from the civil day `on`; new members without a code get one from `next_code` on."""
    rows = [row for row in prepared.plan.rows if row.status in {Status.NEW, Status.CHANGED}]
    tree = [row for row in rows if row.sheet is SheetKind.ORGANIZATIONS]
    people = [row for row in rows if row.sheet is SheetKind.MEMBERS]
    ids = _organizations(writer, tree, prepared.tree, on)
    links = _links(writer, tree, prepared.tree, ids, on)
    begun = _Begun(on.isoformat())
    fresh = [row for row in people if row.target_id is None]
    new_ids = writer.insert(Member, _new_members(fresh, next_code))
    for member_id, row in zip(new_ids, fresh, strict=True):
        changed(writer.session, members=[member_id])
        begun.membership(member_id, ids[row.values["organization"]])
        begun.all_of(member_id, ids[row.values["organization"]], row.values, held=())
    for row in people:
        if row.target_id is not None:
            _change_member(writer, begun, prepared.members[row.target_id], row.values, ids)
    for row in prepared.plan.rows:
        if row.status is Status.LEAVING and row.target_id is not None:
            _leave(writer, prepared.members[row.target_id], begun.day)
    described = [row.target_id for row in tree if row.target_id is not None]
    if described:
        changed(writer.session, organizations=organizations.ids_below(writer.session, described, on))
    writer.flush()
    writer.insert(OrganizationLink, links)
    writer.insert(Membership, begun.memberships)
    writer.insert(Post, begun.posts)
    writer.insert(Circumstance, begun.circumstances)


class _Begun:
    """Dated rows that begin with this import."""

    def __init__(self, day: str) -> None:
        self.day = day
        self.memberships: list[Row] = []
        self.posts: list[Row] = []
        self.circumstances: list[Row] = []

    def _dated(self, **columns: object) -> Row:
        return {**columns, "valid_from": self.day, "valid_to": _LAST}

    def membership(self, member_id: int, organization_id: int) -> None:
        self.memberships.append(self._dated(member_id=member_id, organization_id=organization_id))

    def all_of(self, member_id: int, branch: int, values: dict[str, str], held: Iterable[str]) -> None:
        """The posts and circumstances that `values` name, but for those `held` already."""
        for kind, since in _post_days(values).items():
            if kind not in held:
                row = self._dated(member_id=member_id, organization_id=branch, kind=kind, is_start_known=bool(since))
                self.posts.append({**row, "valid_from": since or self.day})
        for kind in CIRCUMSTANCES:
            if values[kind] and kind not in held:
                reason = _reason(values[kind])
                self.circumstances.append(self._dated(member_id=member_id, kind=kind, reason=reason))


def _organizations(
    writer: Writer, rows: list[PlannedRow], tree: dict[str, OrganizationState], on: dt.date
) -> dict[str, int]:
    """Insert the new organizations, note what changes of the others from `on`; the ids of all by code."""
    ids = {code: state.id for code, state in tree.items()}
    last: dict[str, int] = {}
    for state in tree.values():
        parent = state.values["parent"]
        last[parent] = max(last.get(parent, 0), int(state.values["position"]))
    fresh = [row.values for row in rows if row.target_id is None]
    inserted = []
    for values in fresh:
        last[values["parent"]] = last.get(values["parent"], 0) + 1
        inserted.append({**_described(values, last[values["parent"]]), "founded_on": values["founded_on"]})
    for values, id_ in zip(fresh, writer.insert(Organization, inserted), strict=True):
        ids[values["code"]] = id_
    for row in rows:
        if row.target_id is not None:
            before = _described(tree[row.values["code"]].values, 0)
            after = _described(row.values, 0)
            news = {key: value for key, value in after.items() if value != before[key]}
            _keep_former(writer, tree[row.values["code"]], before, news, on)
            if news:
                writer.change(Organization, row.target_id, {key: before[key] for key in news}, news, of=row.target_id)
    return ids


def _keep_former(writer: Writer, known: OrganizationState, before: Row, news: Row, on: dt.date) -> None:
    """Keep what an organization was until `on`, where its name, kind or domain is among the `news`."""
    if {"name", "kind", "domain"}.isdisjoint(news):
        return
    writer.described[str(known.id)] = on.isoformat()
    if known.described_from < on:
        was = {name: before[name] for name in ("name", "kind", "domain")}
        span = {"valid_from": known.described_from.isoformat(), "valid_to": on.isoformat()}
        writer.insert(FormerDescription, [{"organization_id": known.id, **was, **span}])


def _described(values: dict[str, str], position: int) -> Row:
    """The columns of an organization; `position` stands in where the file names none."""
    return {
        "code": values["code"],
        "name": values["name"],
        "kind": values["kind"],
        "domain": values["domain"] or None,
        "position": int(values["position"] or position),
    }


def _links(
    writer: Writer, rows: list[PlannedRow], tree: dict[str, OrganizationState], ids: dict[str, int], on: dt.date
) -> list[Row]:
    """The links that begin; those that end are noted. A new link begins when both its ends stand."""
    founded = {code: state.founded_on.isoformat() for code, state in tree.items()}
    founded.update({row.values["code"]: row.values["founded_on"] for row in rows})
    begun = []
    for row in rows:
        code, parent = row.values["code"], row.values["parent"]
        known = tree.get(code)
        if not parent or (known and known.values["parent"] == parent):
            continue
        start = on.isoformat() if known else max(founded[code], founded[parent])
        if known and known.link:
            if known.link.valid_from == on:
                before = {"parent_id": known.parent_id}
                writer.change(OrganizationLink, known.link.id, before, {"parent_id": ids[parent]}, of=known.id)
                continue
            writer.change(OrganizationLink, known.link.id, {"valid_to": _LAST}, {"valid_to": start}, of=known.id)
        begun.append({"organization_id": ids[code], "parent_id": ids[parent], "valid_from": start, "valid_to": _LAST})
    return begun


def _new_members(rows: Iterable[PlannedRow], next_code: int) -> list[Row]:
    taken = {row.values["code"] for row in rows}
    found = []
    for row in rows:
        columns = _known(row.values, f"{row.number:06d}")
        while not columns["code"]:
            code = f"{next_code:08d}"
            next_code += 1
            columns["code"] = "" if code in taken else code
        found.append(columns)
    return found


def _known(values: dict[str, str], sort_key: str) -> Row:
    """The columns of a member; `sort_key`, the row's place in the file, stands in where the file names none."""
    hash_, _, last_four = values["identity"].partition(":")
    joined, full = values["joined_on"], values["full_on"]
    return {
        "code": values["code"],
        "name": values["name"],
        "search_key": search_key(values["name"]),
        "sort_key": values["sort_key"] or sort_key,
        "sex": values["sex"],
        "birth_month": values["birth_month"],
        "joined_on": first_day(joined),
        "joined_precision": precision(joined).value,
        "full_on": (first_day(joined) if full == UNKNOWN else first_day(full)) if full else None,
        "full_precision": precision(full).value if full else "day",
        "phone": values["phone"] or None,
        "identity_hash": hash_ or None,
        "identity_last_four": last_four or None,
    }


def _change_member(
    writer: Writer, begun: _Begun, state: MemberState, values: dict[str, str], ids: dict[str, int]
) -> None:
    changed(writer.session, members=[state.id], organizations=[state.organization_id])
    before, after = _known(state.values, ""), _known(values, "")
    news = {key: value for key, value in after.items() if value != before[key]}
    if news:
        writer.change(Member, state.id, {key: before[key] for key in news}, news, of=state.id)
    branch = ids[values["organization"]]
    moves = branch != state.organization_id
    if moves and state.membership.valid_from.isoformat() == begun.day:
        old = {"organization_id": state.organization_id}
        writer.change(Membership, state.membership.id, old, {"organization_id": branch}, of=state.id)
    elif moves:
        writer.change(Membership, state.membership.id, {"valid_to": _LAST}, {"valid_to": begun.day}, of=state.id)
        begun.membership(state.id, branch)
    held = set(values["posts"].split(",")) if not moves else set()
    since = _post_days(values)
    for kind, span in state.posts.items():
        if kind not in held:
            _end_post(writer, (state.id, state.organization_id, kind), span, begun.day)
        elif since[kind] and since[kind] != span.since:
            begins: Row = {"valid_from": span.valid_from.isoformat(), "is_start_known": span.is_start_known}
            writer.change(Post, span.id, begins, {"valid_from": since[kind], "is_start_known": True}, of=state.id)
    _change_circumstances(writer, begun, state, values)
    begun.all_of(state.id, branch, values, held=(*(() if moves else state.posts), *state.circumstances))


def _change_circumstances(writer: Writer, begun: _Begun, state: MemberState, values: dict[str, str]) -> None:
    for kind, span in state.circumstances.items():
        before = _reason(state.values[kind])
        if not values[kind]:
            row = {"member_id": state.id, "kind": kind, "reason": before}
            _end(writer, Circumstance, span, row, begun.day)
        elif _reason(values[kind]) != before:
            after = {"reason": _reason(values[kind])}
            writer.change(Circumstance, span.id, {"reason": before}, after, of=state.id)


def _post_days(values: dict[str, str]) -> dict[str, str]:
    """The posts that `values` name, each with the day of taking it up, empty where it is not known."""
    posts = values["posts"].split(",") if values["posts"] else []
    return dict(zip(posts, values["posts_since"].split(","), strict=True)) if posts else {}


def _leave(writer: Writer, state: MemberState, day: str) -> None:
    """Take a member off the roster from `day`: the membership ends, and whatever is held or lived in."""
    changed(writer.session, members=[state.id], organizations=[state.organization_id])
    for kind, span in state.posts.items():
        _end_post(writer, (state.id, state.organization_id, kind), span, day)
    for organization_id, kind, span in state.posts_elsewhere:
        _end_post(writer, (state.id, organization_id, kind), span, day)
    for kind, span in state.circumstances.items():
        living: Row = {"member_id": state.id, "kind": kind, "reason": _reason(state.values[kind])}
        _end(writer, Circumstance, span, living, day)
    row: Row = {"member_id": state.id, "organization_id": state.organization_id}
    _end(writer, Membership, state.membership, row, day)


def _end_post(writer: Writer, held: tuple[int, int, str], span: Span, day: str) -> None:
    """End a post, which is given by member, organization and kind."""
    row: Row = dict(zip(("member_id", "organization_id", "kind"), held, strict=True))
    _end(writer, Post, span, {**row, "is_start_known": span.is_start_known}, day)


def _end(
    writer: Writer, table: type[Post] | type[Circumstance] | type[Membership], span: Span, row: Row, day: str
) -> None:
    """End what is dated; what began that same day never held, so it goes."""
    if span.valid_from.isoformat() == day:
        days = {"valid_from": day, "valid_to": span.valid_to.isoformat()}
        writer.remove(table, {"id": span.id, **row, **days})
    else:
        writer.change(table, span.id, {"valid_to": span.valid_to.isoformat()}, {"valid_to": day}, of=row["member_id"])


def _reason(value: str) -> str:
    return "" if value == HOLDS else value
