"""Commands on the corpus: start, build, validate, stats, show, align."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from communique import jsonl
from communique.catalog import CATALOG
from communique.cli.options import JSON_LINES, Force, Json, console, draw, say, say_json, tell, texts_named
from communique.labels import Genre, Split
from communique.writing import STANDARD, as_lines, refuse_input, refuse_unwritten

if TYPE_CHECKING:
    from communique.records import Document


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
    from communique.report.tables import stats_grid
    from communique.stats import by_collection

    counted = by_collection(releases.part(source)[0])
    if as_json:
        say_json(counted)
    else:
        draw(stats_grid(counted))


def show(
    name: Annotated[str, typer.Argument(help="Id of a document, RELEASE:split, or a file of documents.")],
    release: Annotated[str | None, typer.Option(help="Version or folder; the newest by default.")] = None,
    html: Annotated[
        Path | None,
        typer.Option(help="Write a page with filters and search into this folder instead; also of RELEASE:split."),
    ] = None,
    predictions: Annotated[
        Path | None, typer.Option(help="With --html: predictions, shown beside gold as hits, misses, wrong types.")
    ] = None,
    texts: Annotated[
        str | None,
        typer.Option(help="With --html: texts of predictions: a folder, a .jsonl of documents, or RELEASE:split."),
    ] = None,
    force: Force = False,
) -> None:
    """Print documents with their claims marked in the text and listed, speakers and cues coloured."""
    if html:
        from communique.cli.looking import look

        look(name, html, release=release, predictions=predictions, texts=texts, force=force)
        return
    if predictions or texts:
        raise typer.BadParameter("--predictions and --texts are for the page; add --html FOLDER")
    from communique.report.terminal import legend, rendered

    terminal = console()
    width = terminal.width if terminal.is_terminal else None
    documents = _named(name, release)
    if width:
        terminal.print(legend())
    for document in documents:
        if width or document is not documents[0]:
            say("")
        terminal.print(rendered(document, width), soft_wrap=width is None)


def _named(name: str, release: str | None) -> "list[Document]":
    """Return the documents of a file or of a release's part, or the one of an id."""
    from communique import releases
    from communique.problems import CommuniqueError

    if Path(name).is_file() or name.rpartition(":")[2] in [*Split, "all"]:
        if release:
            raise CommuniqueError(f"{name} is no id; leave out --release, or name a part of it as {release}:test")
        return releases.part(name)[0]
    found = releases.load(release=release)
    if documents := [document for document in found if document.id == name]:
        return documents
    known = ", ".join(document.id for document in found[:3])
    raise CommuniqueError(f"there is no document, file or RELEASE:split {name!r}; ids look like {known}")


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
