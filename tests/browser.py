"""Headless Chromium for tests of pages: what it complains of, and what axe finds."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
SERIOUS = ("serious", "critical")


@contextmanager
def chromium() -> Iterator[Any]:
    """Start Debian's Chromium; where it is missing, skip and say how to get it."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="pages are not tried in a browser: no playwright")
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if not found:
        pytest.skip("pages are not tried in a browser: no chromium here; apt-get install chromium")
    with sync_api.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        browser.close()


def opened(browser: Any, path: Path, address: str = "", *, dark: bool = False, width: int = 1280, height: int = 900):
    """Open a file, with ``#address`` if there is one; what goes wrong on the page is kept in ``page.troubles``."""
    page = browser.new_page(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
    )
    page.troubles = troubles = []
    page.on("console", lambda told: troubles.append(told.text) if told.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("requestfailed", lambda asked: troubles.append(f"cannot be loaded: {asked.url}"))
    page.on("request", lambda asked: None if local(asked.url) else troubles.append(f"from elsewhere: {asked.url}"))
    page.goto(path.resolve().as_uri() + address)
    return page


def local(url: str) -> bool:
    return url.startswith(("file:", "data:", "blob:"))


def serious(page: Any, *, drawings: bool = True, rules: Sequence[str] = ()) -> list[str]:
    """Return what axe-core finds on a page that is serious or critical.

    Without ``drawings`` it passes over what is within charts, which takes it long; ``rules`` are the only ones held.
    """
    from axe_playwright_python.sync_playwright import Axe

    where = None if drawings else {"exclude": [["svg"]]}
    how = {"preload": False, "resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
    found = Axe().run(page, context=where, options=how).response["violations"]
    return [
        f"{one['id']}: {one['help']}: {node['html'][:200]}"
        for one in found
        if one["impact"] in SERIOUS
        for node in one["nodes"]
    ]
