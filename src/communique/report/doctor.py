"""What an installation has, and whether it is whole: versions, releases, extras, checkpoint, variables, folders."""

import os
import platform
import tempfile
from collections.abc import Iterator
from enum import StrEnum
from importlib import metadata
from pathlib import Path

import msgspec

from communique import __version__, extras, releases, resources
from communique.digests import published
from communique.problems import CommuniqueError
from communique.report.grids import Grid
from communique.verification import verify

VARIABLES = {
    "COMMUNIQUE_ENCODER": "checkpoint that encoder starts from",
    "COMMUNIQUE_LLM_MODEL": "model that llm asks",
    "COMMUNIQUE_CACHE": "where llm keeps answers",
    "OPENAI_API_KEY": "key for llm's endpoint",
    "OPENAI_BASE_URL": "address of llm's endpoint",
    "HF_HOME": "where datasets keeps what it read",
    "HF_DATASETS_CACHE": "the same, before HF_HOME",
    "HF_HUB_OFFLINE": "datasets asks no network",
}
"""What the environment may say, and of what."""
_CHECKPOINT = ("config.json", "tokenizer.json", "*.safetensors")
_OF_DEVELOPERS = ("dev", "test")


class State(StrEnum):
    """How it stands with one thing: as it should, not there and not needed, or broken."""

    FINE = "ok"
    ABSENT = "absent"
    BROKEN = "broken"


class Check(msgspec.Struct, frozen=True):
    """One thing that was looked at."""

    about: str
    name: str
    state: State
    told: str


def checks() -> list[Check]:
    """Look at everything; values of variables are never told."""
    return [*_versions(), *_releases(), _pages(), *_extras(), _checkpoint(), *_variables(), *_folders()]


def grid(found: list[Check]) -> Grid:
    """Return a row for each check."""
    return Grid(["about", "name", "state", "told"], [[one.about, one.name, one.state, one.told] for one in found], 4, 1)


def _versions() -> Iterator[Check]:
    yield Check("version", "communique", State.FINE, __version__)
    yield Check("version", "python", State.FINE, f"{platform.python_version()}, {platform.system()}")
    yield from (_library(*wanted, State.BROKEN, "install communique again") for wanted in _wanted(""))


def _wanted(extra: str) -> Iterator[tuple[str, str]]:
    """Yield name and versions of the libraries that the package, or one of its extras, asks for."""
    from packaging.requirements import Requirement

    for line in _requires():
        one = Requirement(line)
        if (one.marker is None) == (not extra) and (one.marker is None or one.marker.evaluate({"extra": extra})):
            yield one.name, str(one.specifier)


def _requires() -> list[str]:
    try:
        return metadata.requires("communique") or []
    except metadata.PackageNotFoundError:
        return []


def _library(name: str, wanted: str, without: State, mend: str) -> Check:
    from packaging.specifiers import SpecifierSet

    try:
        version = metadata.version(name)
    except metadata.PackageNotFoundError:
        return Check("version", name, without, f"not installed; {mend}")
    if version in SpecifierSet(wanted, prereleases=True):
        return Check("version", name, State.FINE, version)
    return Check("version", name, State.BROKEN, f"{version}, but {wanted} is needed; {mend}")


def _releases() -> Iterator[Check]:
    """Yield of each release whether its files are those of its manifest, and its manifest the published one."""
    try:
        names = releases.listed()
    except CommuniqueError as error:
        names = []
        yield Check("release", "corpus", State.BROKEN, str(error))
    for name in names:
        folder = releases.find(name)
        if problems := verify(folder):
            yield Check("release", name, State.BROKEN, f"{len(problems)} problems; see communique verify {name}")
        else:
            known = "" if name in published(folder.parent) else ", its digest is not published"
            yield Check("release", name, State.FINE, f"intact{known}: {folder}")


def _pages() -> Check:
    """Tell where datasheet and documentation are, which come with the package."""
    try:
        return Check("pages", "documentation", State.FINE, str(resources.folder("docs")))
    except CommuniqueError as error:
        return Check("pages", "documentation", State.BROKEN, str(error))


def _extras() -> Iterator[Check]:
    try:
        names = metadata.metadata("communique").get_all("Provides-Extra") or []
    except metadata.PackageNotFoundError:
        names = []
    for extra in sorted(set(names) - set(_OF_DEVELOPERS)):
        found = [_library(*wanted, State.ABSENT, extras.install(extra)) for wanted in _wanted(extra)]
        bad = next((one for state in (State.BROKEN, State.ABSENT) for one in found if one.state is state), None)
        told = f"{bad.name}: {bad.told}" if bad else ", ".join(f"{one.name} {one.told}" for one in found)
        yield Check("extra", extra, bad.state if bad else State.FINE, told)


def _checkpoint() -> Check:
    """Tell of the folder that encoder starts from, where no setting names another."""
    named = os.environ.get("COMMUNIQUE_ENCODER")
    if not named:
        return Check("checkpoint", "encoder", State.ABSENT, "set COMMUNIQUE_ENCODER to a folder with a checkpoint")
    missing = [pattern for pattern in _CHECKPOINT if not any(Path(named).glob(pattern))]
    told = f"{named} has no {', no '.join(missing)}; name another in COMMUNIQUE_ENCODER" if missing else named
    return Check("checkpoint", "encoder", State.BROKEN if missing else State.FINE, told)


def _variables() -> Iterator[Check]:
    for name, told in VARIABLES.items():
        yield Check("variable", name, State.FINE if os.environ.get(name) else State.ABSENT, told)


def _folders() -> Iterator[Check]:
    """Yield of the folders that are written to without being named whether they can be."""
    home = Path(os.environ.get("HF_HOME") or Path.home() / ".cache" / "huggingface").expanduser()
    yield _writable("datasets", Path(os.environ.get("HF_DATASETS_CACHE") or home / "datasets"), State.BROKEN)
    answers = Path(os.environ.get("COMMUNIQUE_CACHE") or Path.home() / ".cache" / "communique")
    yield _writable("answers of llm", answers, State.BROKEN)
    yield _writable("temporary", Path(tempfile.gettempdir()), State.BROKEN)
    yield _writable("here", Path.cwd(), State.ABSENT)


def _writable(name: str, folder: Path, without: State) -> Check:
    there = next(place for place in (folder, *folder.parents) if place.exists())
    if there.is_dir() and os.access(there, os.W_OK | os.X_OK):
        return Check("writing", name, State.FINE, str(folder))
    return Check("writing", name, without, f"{there} cannot be written to; change its rights or name another folder")
