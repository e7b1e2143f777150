"""Writing the record book: facts are added, and withdrawn by a correction; never changed."""

from learnhub.records.service.book import complete, credit, withdraw, withdraw_completions
from learnhub.records.service.certificates import TooManyCodes, issue, look_up, withdraw_certificate
from learnhub.records.service.corrections import correct_entry, possible_changes
from learnhub.records.service.hour_rules import add_hour_rule, add_yearly_need
from learnhub.records.service.objections import answer, raise_objection, take_up
from learnhub.records.service.printing import paper_pdf, picture
from learnhub.records.service.published_rules import load_published_needs

__all__ = [
    "TooManyCodes",
    "add_hour_rule",
    "add_yearly_need",
    "answer",
    "complete",
    "correct_entry",
    "credit",
    "issue",
    "load_published_needs",
    "look_up",
    "paper_pdf",
    "picture",
    "possible_changes",
    "raise_objection",
    "take_up",
    "withdraw",
    "withdraw_certificate",
    "withdraw_completions",
]
