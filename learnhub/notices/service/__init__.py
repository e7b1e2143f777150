"""Verbs of notices: ask for them, compose them, claim and send them. None commits."""

from learnhub.notices.service.choices import choose, confirm, pause, remind, resume, unsubscribe
from learnhub.notices.service.composing import confirmation, digest, look
from learnhub.notices.service.mail import Post, letter
from learnhub.notices.service.outbox import claim, failed, sent
from learnhub.notices.service.webhook import Robots

__all__ = [
    "Post",
    "Robots",
    "choose",
    "claim",
    "confirm",
    "confirmation",
    "digest",
    "failed",
    "letter",
    "look",
    "pause",
    "remind",
    "resume",
    "sent",
    "unsubscribe",
]
