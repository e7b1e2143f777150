"""Make the pictures of the README: each role's main page, as it looks in the demonstration town.

Needs `requirements-dev.txt`, and `chromium` and Noto CJK fonts from Debian. Run it as `make pictures`.
"""

import datetime as dt
import logging
import shutil
import sys
import tempfile
import threading
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import make_server

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from config import Config  # noqa: E402
from learnhub.app import create_app  # noqa: E402
from learnhub.content.publish import publish  # noqa: E402
from learnhub.core import clock  # noqa: E402
from learnhub.demo import service as demo  # noqa: E402
from learnhub.web.db import db  # noqa: E402

NOW = dt.datetime(2026, 11, 22, 2, 0, tzinfo=dt.UTC)
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
# Order of the roles in `demo.links`, where each goes from the start page, and the size of the window.
ROLES = {
    "member": ("/", (390, 844)),
    "recorder": ("/", (390, 844)),
    "organizer": ("/training/batches/2", (1280, 900)),
    "reader": ("/reports/training/1", (1280, 1250)),
}


def town(folder: Path) -> Flask:
    """An application on a new demonstration town."""
    secret = "pictures-only-0123456789-abcdefghij"
    environment = {
        "LEARNHUB_SECRET_KEY": secret,
        "LEARNHUB_IDENTITY_KEY": secret,
        "LEARNHUB_INSTANCE": str(folder),
        "LEARNHUB_SECURE_COOKIES": "0",
        "LEARNHUB_DEMO": "1",
        "LEARNHUB_SITE_NAME": "示例县党员学习平台",
        "LEARNHUB_SPONSOR": "中共示例县委组织部",
    }
    settings = Config.from_environment(environment)
    outcome = publish(settings.content_folder, settings.published_content)
    if outcome.version is None:
        raise SystemExit(outcome.first_error(settings.content_folder))
    app = create_app(settings)
    clock.fix(NOW)
    with app.app_context():
        upgrade()
        demo.build(db.session(), size="town")
        db.session.commit()
    return app


def take(browser: Browser, address: str, name: str, token: str) -> None:
    """Sign in by a link, open the page of this role and keep its picture."""
    path, (width, height) = ROLES[name]
    context = browser.new_context(viewport={"width": width, "height": height}, base_url=address, locale="zh-CN")
    page = context.new_page()
    page.goto(f"/sign-in/link/{token}")
    page.get_by_role("button", name="进入").click()
    page.goto(path)
    page.screenshot(path=str(Path(__file__).parent / f"{name}.png"))
    context.close()


def main() -> None:
    """Make all pictures."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    app = town(Path(tempfile.mkdtemp()))
    with app.app_context():
        tokens = [token for _label, token in demo.links(db.session())]
        db.session.commit()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for name, token in zip(ROLES, tokens, strict=False):
            take(browser, f"http://127.0.0.1:{server.server_port}", name, token)
        browser.close()
    server.shutdown()


if __name__ == "__main__":
    main()
