import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

from browser import chromium
from browser import opened as open_page

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("HF_DATASETS_DISABLE_PROGRESS_BARS", "1")

settings.register_profile("steady", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("unshrunk", settings.get_profile("steady"), phases=set(Phase) - {Phase.shrink, Phase.explain})
settings.load_profile("unshrunk" if os.environ.get("COMMUNIQUE_UNSHRUNK") else "steady")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def clone(root):
    """Find the user's copy of a corpus, beside the checkout or where the environment says; without one, skip."""

    def found(name: str, holds: str = "") -> Path:
        variable = f"COMMUNIQUE_{name.upper()}"
        place = Path(os.environ.get(variable, root.parent / "shared" / name))
        if not (place / holds).is_dir():
            pytest.skip(f"{name} is not at {place}; set {variable} to your copy")
        return place

    return found


@pytest.fixture(scope="module")
def browser():
    """Chromium for the tests of a module: while it runs, no other event loop can."""
    with chromium() as started:
        yield started


@pytest.fixture
def opened(browser):
    """Open pages; at the end none may have complained of anything or asked for anything from elsewhere."""
    pages = []

    def call(*where: object, **how: object):
        pages.append(open_page(browser, *where, **how))
        return pages[-1]

    yield call
    troubles = [trouble for page in pages for trouble in page.troubles]
    for page in pages:
        page.close()
    assert not troubles


@pytest.fixture
def run(monkeypatch, capfd):
    """Run the command line in this process; returns exit code, standard output, standard error."""

    def call(*arguments: object) -> tuple[int, str, str]:
        from communique.cli import main

        monkeypatch.setattr("sys.argv", ["communique", *map(str, arguments)])
        try:
            main()
            code = 0
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else int(bool(stop.code))
        out, err = capfd.readouterr()
        return code, out, err

    return call
