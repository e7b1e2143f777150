"""Verbs of meetings."""

from learnhub.meetings.service.decisions import tell_decisions
from learnhub.meetings.service.duties import add_duty_rule, explain, withdraw_explanation
from learnhub.meetings.service.feeds import end_feed, open_feed
from learnhub.meetings.service.guests import find_guests
from learnhub.meetings.service.meetings import call_roll, cancel, fill_in, finish, move, schedule
from learnhub.meetings.service.packs import choose_own, prepare_pack, publish_pack, withdraw_pack
from learnhub.meetings.service.published_rules import load_published_duties
from learnhub.meetings.service.usual import set_usual
from learnhub.meetings.service.work import ask_help, dismiss_hint, restore_hint, withdraw_help

__all__ = [
    "add_duty_rule",
    "ask_help",
    "call_roll",
    "cancel",
    "choose_own",
    "dismiss_hint",
    "end_feed",
    "explain",
    "fill_in",
    "find_guests",
    "finish",
    "load_published_duties",
    "move",
    "open_feed",
    "prepare_pack",
    "publish_pack",
    "restore_hint",
    "schedule",
    "set_usual",
    "tell_decisions",
    "withdraw_explanation",
    "withdraw_help",
    "withdraw_pack",
]
