"""Checks of folders and files: there, writable by this very process, with room and fonts."""

import shutil
import tempfile
from pathlib import Path

from pydantic import ValidationError

from learnhub.content.child import read_catalogue
from learnhub.content.publish import fault_file
from learnhub.doctor.service.examination import Answer, Check, Examination, ok, refused, warning
from learnhub.typesetter import client as typesetter
from learnhub.typesetter.errors import FontsMissing, TypesetterUnavailable

_LITTLE_MEGABYTES = 512
# Folders that the site makes below the instance folder; a command run by another user may own them.
_BELOW = ("media", "jobs", "imports")


def _find_why_unwritable(folder: Path) -> str:
    """Why no file can be made in `folder`, tried by making one: rights asked for are not always the rights there are."""
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".doctor-") as file:
            file.write(b"x")
            file.flush()
    except OSError as error:
        return error.strerror or str(error)
    return ""


def _look_at_instance_folder(examination: Examination) -> Answer:
    folder = examination.settings.instance_folder
    if not folder.is_dir():
        return refused(f"the instance folder {folder} is not there: make it, or set LEARNHUB_INSTANCE")
    below = [folder / name for name in _BELOW if (folder / name).exists()]
    for each in (folder, *below):
        because = _find_why_unwritable(each)
        if because:
            return refused(f"{each} cannot be written ({because}): give it to the user that runs the site")
    return ok(f"{folder} can be written")


def _look_at_attachments(examination: Examination) -> Answer:
    folder = examination.settings.attachments
    if not folder.exists() and folder.parent == examination.settings.instance_folder:
        return ok(f"{folder} is made with the first picture")
    if not folder.is_dir():
        return refused(f"LEARNHUB_ATTACHMENTS is {folder}, which is not there: mount it, or make it")
    because = _find_why_unwritable(folder)
    if because:
        return refused(f"{folder} cannot be written ({because}): give it to the user that runs the site")
    return ok(f"{folder} can be written")


def _look_at_content_folder(examination: Examination) -> Answer:
    folder = examination.settings.content_folder
    try:
        there = any(folder.iterdir())
    except OSError as error:
        return refused(f"the content folder {folder} cannot be read ({error.strerror}): set LEARNHUB_CONTENT")
    if not there:
        return refused(f"the content folder {folder} is empty: check the content out again, or set LEARNHUB_CONTENT")
    return ok(str(folder))


def _look_at_published_content(examination: Examination) -> Answer:
    """A start that prepares publishes what is missing, and says itself when that fails."""
    file = examination.settings.published_content
    try:
        published = read_catalogue(file)
    except (OSError, ValidationError) as error:
        if examination.prepares:
            return ok("is published now")
        if isinstance(error, FileNotFoundError):
            return refused("no content was published: run `flask content publish`")
        because = error.strerror if isinstance(error, OSError) else "it is damaged, or of another version of LearnHub"
        return refused(f"the published content {file} cannot be read ({because}): run `flask content publish`")
    if not published.courses and not published.units and not examination.prepares:
        return refused("the published content is empty: look at LEARNHUB_CONTENT and run `flask content publish`")
    if fault_file(file).exists():
        return warning("the newest content has errors and an older version serves: `flask content check` names them")
    return ok(f"{len(published.courses)} courses, {len(published.units)} months")


def _look_at_room(examination: Examination) -> Answer:
    settings = examination.settings
    folders = {folder for folder in (settings.instance_folder, settings.attachments) if folder.is_dir()}
    free = {folder: shutil.disk_usage(folder).free // 2**20 for folder in folders}
    for folder, megabytes in sorted(free.items()):
        if megabytes < _LITTLE_MEGABYTES:
            return warning(f"only {megabytes} MB are free at {folder}: make room before writes fail")
    return ok(f"{min(free.values(), default=0)} MB are free")


def _look_at_fonts(examination: Examination) -> Answer:
    folder, spare = examination.settings.fonts, typesetter.find_spare_fonts()
    try:
        typesetter.check_fonts(folder)
    except FontsMissing as error:
        if spare is None:
            return warning(f"no PDF can be made, {error}")
        return ok(f"PDFs are printed without bold, with the fonts installed with the site: {error}")
    except TypesetterUnavailable as error:
        return warning(f"no PDF can be made, the typesetter does not start ({error.__cause__!r})")
    return ok(f"Chinese can be printed with the fonts of {folder}")


CHECKS = (
    Check("instance folder", _look_at_instance_folder),
    Check("attachments", _look_at_attachments),
    Check("content folder", _look_at_content_folder),
    Check("published content", _look_at_published_content),
    Check("room", _look_at_room),
    Check("fonts", _look_at_fonts),
)
