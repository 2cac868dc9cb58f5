"""Commands that exchange data with other tools: import, export."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from communique import writing
from communique.cli.options import JSON_LINES, Force, say, tell, wrote


def import_(
    name: Annotated[
        str,
        typer.Argument(
            metavar="FORMAT",
            help="brat, cas, conll, gum, huggingface, label-studio, plover, polnear or unsc.",
        ),
    ],
    source: Annotated[Path, typer.Argument(metavar="SRC", help="File or folder to read.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="A .jsonl of documents.")],
    annotator: Annotated[
        str | None, typer.Option(help="polnear: first (the default), all, or an annotator's id.")
    ] = None,
    part: Annotated[
        list[str] | None,
        typer.Option(help="polnear: train, dev, test, annotator-training; gum: news, interview, speech, court …"),
    ] = None,
    layer: Annotated[str | None, typer.Option(help="unsc: conflicts, the spans that people marked.")] = None,
    force: Force = False,
) -> None:
    """Read documents in a foreign format; what is irregular is counted at the end."""
    from communique import jsonl
    from communique.formats import named, refuse_options
    from communique.problems import CommuniqueError

    module = named(name, "read")
    given = {"annotator": annotator, "parts": part, "layer": layer}
    options = {key: value for key, value in given.items() if value}
    refuse_options(name, module, options)
    writing.refuse_unwritten(output, JSON_LINES, [source], force=force)
    found = module.read(source, **options)
    for told, times in sorted(found.noticed.items()):
        say(f"{times:>8}  {told}", error=True)
    if code := tell(found.problems, False):
        sys.exit(code)
    if not found.documents:
        raise CommuniqueError(f"{source}: no document in it that can be imported; nothing is written")
    jsonl.write(output, found.documents)
    claims = sum(len(document.claims) for document in found.documents)
    wrote(output, f"holds {len(found.documents)} documents with {claims} claims")


def export(
    name: Annotated[
        str, typer.Argument(metavar="FORMAT", help="brat, cas, conll, events, huggingface or label-studio.")
    ],
    source: Annotated[str, typer.Argument(metavar="SRC", help="A .jsonl of documents, or RELEASE:split.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="File or folder to write.")],
    force: Force = False,
) -> None:
    """Write documents in a foreign format, and say what it cannot hold."""
    from communique import releases
    from communique.formats import named, refuse_unwritten

    module = named(name, "write")
    refuse_unwritten(module, output, Path(source), force=force)
    documents, _, _ = releases.part(source)
    module.write(documents, output, force=force)
    wrote(output, f"holds {len(documents)} documents")
    for told in module.LOSES:
        say(f"not held: {told}", error=str(output) == writing.STANDARD)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("import")(import_)
    app.command()(export)
