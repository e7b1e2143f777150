"""Pictures beside a record: three at most, one once, withdrawn as a fact, put back, and erased after a month."""

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from learnhub.attendance import queries, service
from learnhub.attendance.models import Attachment
from learnhub.attendance.rules import KEPT_WITHDRAWN, PictureValue
from learnhub.audit.models import AuditEntry
from learnhub.audit.rules import Act
from learnhub.core.errors import Conflict, DomainError
from learnhub.records.rules import CreditKind
from tests import cast

Acts = Callable[..., Act]
START = dt.datetime(2026, 11, 20, 1, 0, tzinfo=dt.UTC)


@pytest.fixture
def occasion(session: Session, act: Acts) -> int:
    return service.open_occasion(
        session,
        act(),
        organization_id=cast.WILLOW,
        title="主题党日",
        place="会议室",
        starts_at=START,
        ends_at=START + dt.timedelta(hours=2),
        credit_kind=CreditKind.THEME_DAY,
    )


def picture(number: int) -> PictureValue:
    return PictureValue(b"jpeg %d" % number, f"{number:064x}", 4, 3)


def attach(session: Session, act: Act, occasion: int, folder: Path, number: int) -> int:
    return service.attach(session, act, occasion_id=occasion, picture=picture(number), caption="走访", folder=folder)


def standing(session: Session, occasion: int) -> list[str]:
    return [each.sha256 for each in queries.attachments(session, [occasion]).get(occasion, ())]


def test_three_pictures_and_no_fourth(session: Session, act: Acts, occasion: int, tmp_path: Path) -> None:
    for number in range(3):
        attach(session, act(), occasion, tmp_path, number)
    with pytest.raises(DomainError, match="最多附 3 张"):
        attach(session, act(), occasion, tmp_path, 3)
    assert len(standing(session, occasion)) == 3
    row = session.scalars(select(Attachment)).first()
    assert row is not None
    with pytest.raises(IntegrityError), session.begin_nested():  # nor past the verb: the table itself refuses it
        session.add(Attachment(
            occasion_id=occasion, place=4, sha256="f" * 64, size=1, width=1, height=1, noted_at=cast.NOW, noted_by=2
        ))  # fmt: skip
        session.flush()


def test_the_same_sending_and_the_same_picture_count_once(
    session: Session, act: Acts, occasion: int, tmp_path: Path
) -> None:
    first = attach(session, act(key="press"), occasion, tmp_path, 1)
    assert attach(session, act(key="press"), occasion, tmp_path, 1) == first
    assert attach(session, act(key="another-press"), occasion, tmp_path, 1) == first
    assert standing(session, occasion) == [picture(1).sha256]
    assert service.path_of(tmp_path, picture(1).sha256).read_bytes() == b"jpeg 1"


def test_a_withdrawn_picture_can_be_put_back(session: Session, act: Acts, occasion: int, tmp_path: Path) -> None:
    first = attach(session, act(), occasion, tmp_path, 1)
    service.withdraw_attachment(session, act(), attachment_id=first, reason="")
    assert standing(session, occasion) == []
    again = service.restore_attachment(session, act(), attachment_id=first)
    assert again != first and standing(session, occasion) == [picture(1).sha256]
    assert service.restore_attachment(session, act(), attachment_id=first) == again
    assert len(queries.attachments_ever(session, occasion)) == 2
    done = list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))
    wanted = ["occasion.attach", "occasion.attachment-withdraw", "occasion.attachment-restore"]
    assert [each for each in done if "attach" in each] == wanted


def test_nothing_is_attached_to_what_was_called_off(session: Session, act: Acts, occasion: int, tmp_path: Path) -> None:
    service.cancel(session, act(), occasion_id=occasion, reason="停电")
    with pytest.raises(DomainError, match="已经取消"):
        attach(session, act(), occasion, tmp_path, 1)
    assert not list(tmp_path.iterdir())


def test_after_a_month_the_file_is_erased_and_the_fact_stays(
    session: Session, act: Acts, occasion: int, tmp_path: Path
) -> None:
    gone, kept = (attach(session, act(), occasion, tmp_path, number) for number in (1, 2))
    service.withdraw_attachment(session, act(), attachment_id=gone, reason="")
    orphan, fresh = (service.path_of(tmp_path, f"{number:064x}") for number in (8, 9))
    for path in (orphan, fresh):
        path.write_bytes(b"of a request that came to nothing")
    month_later = cast.NOW + KEPT_WITHDRAWN + dt.timedelta(minutes=1)
    old, young = cast.NOW.timestamp() - 40 * 86_400, cast.NOW.timestamp() + 3 * 86_400
    for path in (orphan, *(service.path_of(tmp_path, picture(number).sha256) for number in (1, 2))):
        os.utime(path, (old, old))
    os.utime(fresh, (young, young))

    def there() -> set[int]:
        return {int(path.stem, 16) for path in tmp_path.glob("*/*")}

    service.erase_withdrawn(session, cast.NOW, folder=tmp_path)
    assert there() == {1, 2, 9}
    service.erase_withdrawn(session, month_later, folder=tmp_path)
    assert there() == {2, 9}
    value = queries.attachment(session, gone)
    assert value is not None and value.erased_at == month_later and value.withdrawn_at == cast.NOW
    with pytest.raises(Conflict, match="彻底删除"):
        service.restore_attachment(session, act(), attachment_id=gone)
    assert standing(session, occasion) == [picture(2).sha256] and kept != gone
