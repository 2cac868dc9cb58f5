"""Commands on releases: verify, diff, cite."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from communique.cli.options import Json, draw, say, say_json, tell
from communique.files import digest
from communique.problems import CommuniqueError, plain

Citation = StrEnum("Citation", {form: form for form in ("text", "bibtex", "apa", "cff", "datacite")})  # type: ignore[misc]


def verify(
    release: Annotated[str | None, typer.Argument(help="Version or folder; the newest release by default.")] = None,
    against: Annotated[
        str | None,
        typer.Option(metavar="DIGEST", help="sha256 of its manifest as a paper gives it, 16 digits or more."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Compare a release with its manifest, and the manifest with its published sha256."""
    from communique import releases
    from communique.verification import verify as differences

    folder = Path(release) if release and Path(release).is_dir() else releases.find(release)
    code = tell(differences(folder, against), as_json)
    if not code and not as_json:
        say(f"{folder} is intact: {len(releases.manifest(folder).files)} files")
        say(f"sha256 of its manifest: {digest(folder / releases.MANIFEST)}")
    sys.exit(code)


def diff(
    first: Annotated[str, typer.Argument(metavar="A", help="RELEASE, RELEASE:split, or a file of documents.")],
    second: Annotated[str, typer.Argument(metavar="B", help="The later one, in the same ways.")] = "newest",
    as_json: Json = False,
) -> None:
    """Tell what came, went and changed between two releases or files, and how many of each label there were and are."""
    from communique.differing import between
    from communique.report.changes import label_grid, lines, summary

    found = between(first, second)
    if as_json:
        say_json(found)
        return
    for line in (summary(found), *lines(found)):
        say(line)
    if (grid := label_grid(found)).rows:
        draw(grid)


def cite(
    release: Annotated[str | None, typer.Argument(help="Version or folder; the newest release by default.")] = None,
    form: Annotated[
        Citation, typer.Option("--format", help="A paragraph, BibTeX, APA, a CITATION.cff, or JSON of DataCite 4.")
    ] = Citation.text,  # type: ignore[attr-defined]
    as_json: Json = False,
) -> None:
    """Say how to cite a release: title, version, date, licence, digest, collections and their sources, a signature."""
    from communique import releases
    from communique.report.citation import as_record, cited
    from communique.report.citation_forms import FORMS

    if as_json and form != "text":
        raise CommuniqueError(f"--json and --format {form} are two forms; ask for one")
    told = cited(releases.find(release))
    if as_json:
        say_json(as_record(told))
    else:
        print(plain(FORMS[form](told)), end="")
