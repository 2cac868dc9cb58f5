"""Commands that exchange data with other tools: import, export."""

import sys
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperArgument, TyperCommand, TyperOption

from communique import writing
from communique.cli.options import JSON_LINES, Force, count, say, tell, wrote


def import_(
    name: Annotated[
        str,
        typer.Argument(
            metavar="FORMAT",
            help="{read}",
        ),
    ],
    source: Annotated[Path, typer.Argument(metavar="SRC", help="File or folder to read.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="A .jsonl of documents.")],
    annotator: Annotated[str | None, typer.Option(help="{annotator}")] = None,
    part: Annotated[list[str] | None, typer.Option(help="{part}")] = None,
    layer: Annotated[str | None, typer.Option(help="{layer}")] = None,
    mapping: Annotated[list[str] | None, typer.Option("--map", metavar="SEEN=MEANT", help="{map}")] = None,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Leave out, and tell, documents that are faulty; exit 0 if any is good.")
    ] = False,
    force: Force = False,
) -> None:
    """Read documents in a foreign format; what is irregular is counted at the end."""
    from communique import jsonl
    from communique.formats import keywords, named
    from communique.problems import CommuniqueError

    form = named(name, "read")
    options = keywords(form, {"annotator": annotator, "part": part, "layer": layer, "map": mapping})
    writing.refuse_unwritten(output, JSON_LINES, [source], force=force)
    found = form.read(source, **options)
    count(found.noticed)
    if (code := tell(found.problems, False, error=skip_bad)) and not (skip_bad and found.documents):
        sys.exit(code)
    if not found.documents:
        raise CommuniqueError(f"{source}: no document in it that can be imported; nothing is written")
    jsonl.write(output, found.documents)
    claims = sum(len(document.claims) for document in found.documents)
    wrote(output, f"holds {len(found.documents)} documents with {claims} claims")
    if skipped := len({(problem.file, problem.line) for problem in found.problems}):
        say(f"{skipped} faulty documents are skipped", error=True)


def export(
    name: Annotated[str, typer.Argument(metavar="FORMAT", help="{write}")],
    source: Annotated[
        str, typer.Argument(metavar="SRC", help="A .jsonl of documents, RELEASE:split, or a .jsonl of predictions.")
    ],
    output: Annotated[Path, typer.Option("-o", "--output", help="File or folder to write.")],
    texts: Annotated[
        str | None,
        typer.Option(help="Texts of predictions: a folder with ID.txt, a .jsonl of documents, or RELEASE:split."),
    ] = None,
    model: Annotated[
        str | None, typer.Option(metavar="NAME", help="Whose predictions they are; the file's name by default.")
    ] = None,
    force: Force = False,
) -> None:
    """Write documents, or predictions to be corrected, in a foreign format, and say what it cannot hold."""
    from communique.exported import gold, predicted
    from communique.formats import named, refuse_unwritten, write
    from communique.problems import CommuniqueError

    form = named(name, "write")
    if model and not texts:
        raise CommuniqueError("--model names whose predictions they are; name their texts with --texts")
    refuse_unwritten(form, output, [Path(source), *([Path(texts)] if texts else [])], force=force)
    noticed: Counter[str] = Counter()
    documents, outgoing = predicted(Path(source), texts, model, noticed) if texts else gold(source)
    write(form, documents, output, outgoing, force=force)
    count(+noticed)
    wrote(output, f"holds {len(documents)} documents")
    for told in form.loses:
        say(f"not held: {told}", error=str(output) == writing.STANDARD)


class Declared(TyperCommand):
    """A command whose help is what formats declare; they are imported for that alone, and not to register it."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Put what the formats declare in the place of its name."""
        told = _told()
        for parameter in self.params:
            if isinstance(parameter, TyperArgument | TyperOption) and parameter.help:
                parameter.help = told.get(parameter.help, parameter.help)
        super().format_help(ctx, formatter)


def _told() -> dict[str, str]:
    """Return what stands for each name in braces: the formats that can be read, can be written, have an option."""
    from communique.formats import able

    told = {f"{{{action}}}": ", ".join(form.name for form in able(action)) + "." for action in ("read", "write")}
    for form in able("read"):
        for option in form.options:
            before = told.get(f"{{{option.name}}}", "").removesuffix(".")
            told[f"{{{option.name}}}"] = f"{before}{'; ' if before else ''}{form.name}: {option.help}."
    return told
