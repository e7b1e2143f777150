"""The blueprint of the record book, and the words of its pages."""

from flask import Blueprint

from learnhub.records.rules import ANSWER_LABELS, CREDIT_LABELS, POST_LABELS, STATE_LABELS, UNIT_LABELS, WAY_LABELS

bp = Blueprint("records", __name__, template_folder="../templates")


@bp.context_processor
def _words() -> dict[str, object]:
    """The words of the record book for every template of the room."""
    return {
        "ANSWER_LABELS": ANSWER_LABELS,
        "CREDIT_LABELS": CREDIT_LABELS,
        "POST_LABELS": POST_LABELS,
        "STATE_LABELS": STATE_LABELS,
        "UNIT_LABELS": UNIT_LABELS,
        "WAY_LABELS": WAY_LABELS,
    }
