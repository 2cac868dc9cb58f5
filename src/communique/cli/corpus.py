"""Commands on the corpus: start, build, verify, cite, validate, stats, diff, show, align."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from communique import jsonl
from communique.catalog import CATALOG
from communique.cli.options import JSON_LINES, Force, console, say, say_json, tell, texts_named
from communique.files import digest
from communique.labels import Genre
from communique.writing import STANDARD, as_lines, refuse_input, refuse_unwritten

Citation = StrEnum("Citation", {form: form for form in ("text", "bibtex", "cff")})  # type: ignore[misc]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


def start(
    texts: Annotated[list[str], typer.Argument(metavar="TEXTS", help="Folders of .txt files, files, or patterns.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="The seeds folder, a new one.")],
    collection: Annotated[
        str | None, typer.Option(help="What the texts are together; by default the name of their folder.")
    ] = None,
    genre: Annotated[Genre, typer.Option(help="Genre of all; the catalog may be edited.")] = Genre.OTHER,
) -> None:
    """Begin a corpus of your own: catalog, texts to annotate in brat or Label Studio, and a plan to fill in."""
    from communique.build.plan import PAGE, PLAN
    from communique.build.start import ANNOTATIONS, TASKS, altered
    from communique.build.start import start as begin

    begun = begin(texts, output, collection=collection, genre=genre)
    say(f"{output} holds {len(begun)} texts in stored form; {altered(texts)} of them were not")
    say(f"annotate them: {output / ANNOTATIONS} in brat, or {output / TASKS} in Label Studio")
    say(f"fill in {output / PLAN} and {output / PAGE}, then run communique build --seeds {output} --corpus FOLDER")


def build(
    seeds: Annotated[Path, typer.Option(help="Sources, annotations, catalog and plan.")] = Path("seeds"),
    corpus: Annotated[Path, typer.Option(help="Folder of releases.")] = Path("corpus"),
    replace: Annotated[
        bool, typer.Option("--replace", help="Overwrite an unpublished release of the same version.")
    ] = False,
) -> None:
    """Build the planned release from the seeds; the same seeds give the same bytes."""
    from communique import releases
    from communique.build.freeze import build as freeze

    if not (seeds / CATALOG).is_file():
        raise typer.BadParameter(
            f"{seeds} holds no catalog.jsonl; run this in a checkout or name the folder with --seeds"
        )
    folder, written = freeze(seeds, corpus, replace=replace)
    say(f"{folder} {'written' if written else 'unchanged'}")
    documents = releases.load(release=str(folder))
    if bare := [document.id for document in documents if not document.attributions]:
        told = f"{len(bare)} of {len(documents)} texts have no attribution, {bare[0]} for one"
        say(f"{told}; annotate them, or let them stand as texts without", error=True)


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


def cite(
    release: Annotated[str | None, typer.Argument(help="Version or folder; the newest release by default.")] = None,
    form: Annotated[Citation, typer.Option("--format", help="A paragraph, BibTeX, or a CITATION.cff.")] = Citation.text,  # type: ignore[attr-defined]
) -> None:
    """Say how to cite a release: title, version, date, licence, digest, and the signature of a number."""
    from communique import releases
    from communique.report.citation import FORMS, cited

    print(FORMS[form](cited(releases.find(release))), end="")


def validate(
    paths: Annotated[list[Path], typer.Argument(help="JSON lines files of any record, folders, releases.")],
    guidelines: Annotated[bool, typer.Option(help="Hold documents against the guidelines of annotation, too.")] = False,
    as_json: Json = False,
) -> None:
    """Check files on five levels: bytes, schema, spans, document, release."""
    from communique.validation import validate_paths

    code = tell(validate_paths(paths, guidelines=guidelines), as_json)
    if not code and not as_json:
        say(f"no problems in {', '.join(map(str, paths))}")
    sys.exit(code)


def stats(
    source: Annotated[str, typer.Argument(help="RELEASE:split (or :all), or a file of documents.")] = "newest:all",
    as_json: Json = False,
) -> None:
    """Count documents, units, labels and difficulties, per collection."""
    from communique import releases
    from communique.report.tables import stats_table
    from communique.stats import by_collection

    counted = by_collection(releases.part(source)[0])
    if as_json:
        say_json(counted)
    else:
        console().print(stats_table(counted))


def diff(
    first: Annotated[str, typer.Argument(metavar="A", help="RELEASE, RELEASE:split, or a file of documents.")],
    second: Annotated[str, typer.Argument(metavar="B", help="The later one, in the same ways.")] = "newest",
    as_json: Json = False,
) -> None:
    """Tell what came, went and changed between two releases or files, and how many of each label there were and are."""
    from communique.differing import between
    from communique.report.changes import label_grid, lines, summary
    from communique.report.tables import terminal

    found = between(first, second)
    if as_json:
        say_json(found)
        return
    for line in (summary(found), *lines(found)):
        say(line)
    if (grid := label_grid(found)).rows:
        console().print(terminal(grid))


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
    texts: Annotated[
        str, typer.Option(help="Folder with the text of each id as ID.txt, a .jsonl of documents, or RELEASE:split.")
    ],
    output: Annotated[Path, typer.Option("-o", "--output", help="A .jsonl, or a folder for brat files.")],
    drop: Annotated[
        bool, typer.Option("--drop", help="Leave out, and tell, what is not in the text and answers that are faulty.")
    ] = False,
    force: Force = False,
) -> None:
    """Find the offsets of quoted annotations; what is not verbatim in the text is refused."""
    from communique.formats.brat.folder import write_layers
    from communique.quotes.files import align_all, read_sound
    from communique.report.tables import told
    from communique.stats import quote_totals

    lines = as_lines(output)
    if lines:
        refuse_unwritten(output, JSON_LINES, [answers, Path(texts)], force=force)
    refuse_input(output, [answers, Path(texts)])
    text_of = texts_named(texts)
    placed, malformed = read_sound(answers, drop=drop)
    aligned, faulty = align_all(placed, text_of, drop=drop)
    if (code := tell([*malformed, *faulty], False, error=drop)) and not (drop and aligned):
        sys.exit(code)
    if lines:
        jsonl.write(output, aligned)
    else:
        write_layers(aligned, text_of, output, force=force)
    if counts := quote_totals(prediction.quotes for prediction in aligned):
        say(told(counts), error=str(output) == STANDARD)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (start, build, verify, cite, validate, stats, diff, show, align):
        app.command()(command)
