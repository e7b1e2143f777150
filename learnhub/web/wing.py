"""A blueprint for a wing: a folder of rooms that share endpoints and addresses."""

from functools import cached_property
from pathlib import Path

from flask import Blueprint
from jinja2 import BaseLoader, FileSystemLoader


class WingBlueprint(Blueprint):
    """A blueprint whose templates stand beside the rooms of its folder, in `<room>/templates`."""

    @cached_property
    def jinja_loader(self) -> BaseLoader:
        """Loads a template from whichever room has it; names are unique within a wing (a test says so)."""
        return FileSystemLoader(sorted(Path(self.root_path).glob("*/templates")))
