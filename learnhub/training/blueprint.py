"""The blueprint of rotational training: the pages of all rooms of the wing."""

from learnhub.web.wing import WingBlueprint

bp = WingBlueprint("training", __name__)
