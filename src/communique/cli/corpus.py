"""Commands on the corpus: build, verify, validate, stats, show, align."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from communique.cli.options import console, tell

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


def build(
    seeds: Annotated[Path, typer.Option(help="Sources, annotations, catalog and plan.")] = Path("seeds"),
    corpus: Annotated[Path, typer.Option(help="Folder of releases.")] = Path("corpus"),
    replace: Annotated[
        bool, typer.Option("--replace", help="Overwrite an unpublished release of the same version.")
    ] = False,
) -> None:
    """Build the planned release from the seeds; the same seeds give the same bytes."""
    from communique.build.freeze import build as freeze

    if not (seeds / "catalog.jsonl").is_file():
        raise typer.BadParameter(
            f"{seeds} holds no catalog.jsonl; run this in a checkout or name the folder with --seeds"
        )
    folder, written = freeze(seeds, corpus, replace=replace)
    print(f"{folder} {'written' if written else 'unchanged'}")


def verify(
    release: Annotated[str | None, typer.Argument(help="Version or folder; the newest release by default.")] = None,
    as_json: Json = False,
) -> None:
    """Compare every file of a release with the sha256 in its manifest."""
    from communique import releases

    folder = Path(release) if release and Path(release).is_dir() else releases.find(release)
    code = tell(releases.verify(folder), as_json)
    if not code and not as_json:
        print(f"{folder} is intact: {len(releases.manifest(folder).files)} files")
    sys.exit(code)


def validate(
    paths: Annotated[list[Path], typer.Argument(help="JSON lines files of any record, folders, releases.")],
    as_json: Json = False,
) -> None:
    """Check files on five levels: bytes, schema, spans, document, release."""
    from communique.validation import validate_paths

    code = tell(validate_paths(paths), as_json)
    if not code and not as_json:
        print(f"no problems in {', '.join(map(str, paths))}")
    sys.exit(code)


def stats(
    source: Annotated[str, typer.Argument(help="RELEASE:split (or :all), or a file of documents.")] = "newest:all",
    as_json: Json = False,
) -> None:
    """Count documents, units, labels and difficulties, per collection."""
    from communique import jsonl, releases
    from communique.report.tables import stats_table
    from communique.stats import counts

    documents, _, _ = releases.part(source)
    collections = sorted({document.collection for document in documents})
    counted = {name: counts(d for d in documents if d.collection == name) for name in collections}
    if as_json:
        print(jsonl.encode(counted))
    else:
        console().print(stats_table(counted))


def show(
    name: Annotated[str, typer.Argument(help="Id of a document in the release, or a file of documents.")],
    release: Annotated[str | None, typer.Option(help="Version or folder; the newest by default.")] = None,
) -> None:
    """Print documents with their spans coloured, and their claims listed."""
    from communique import admission, releases
    from communique.problems import CommuniqueError
    from communique.report.terminal import rendered

    if Path(name).is_file():
        documents = admission.documents(name)
    else:
        documents = [document for document in releases.load(release=release) if document.id == name]
    if not documents:
        known = ", ".join(document.id for document in releases.load(release=release)[:3])
        raise CommuniqueError(f"there is no document or file {name!r}; ids look like {known}")
    terminal = console()
    for document in documents:
        terminal.print(rendered(document))


def align(
    answers: Annotated[Path, typer.Argument(help="Quoted annotations: .jsonl, .json, or a folder of .json files.")],
    texts: Annotated[Path, typer.Option(help="Folder with the text of each id as ID.txt, or a .jsonl of documents.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="A .jsonl, or a folder for brat files.")],
    drop: Annotated[bool, typer.Option("--drop", help="Leave out what is not in the text, and count it.")] = False,
) -> None:
    """Find the offsets of quoted annotations; what is not verbatim in the text is refused."""
    from communique.build.quoted import align_all, read_quoted, write_aligned
    from communique.quotes import total
    from communique.report.tables import told

    aligned, problems = align_all(read_quoted(answers), texts, drop=drop)
    if code := tell(problems, False):
        sys.exit(code)
    write_aligned(aligned, texts, output)
    if counts := total(prediction.quotes for prediction in aligned):
        print(told(counts))


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (build, verify, validate, stats, show, align):
        app.command()(command)
