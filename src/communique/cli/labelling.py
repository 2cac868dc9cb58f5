"""Commands on labelling by people or models: ask, answers."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from communique import writing
from communique.cli.options import JSON_LINES, Force, say, tell, wrote
from communique.problems import describe

Kind = StrEnum("Kind", {kind: kind for kind in ("types", "holders", "all")})  # type: ignore[misc]


def ask(
    source: Annotated[
        str,
        typer.Argument(metavar="SRC", help="A .jsonl of documents, or RELEASE:split; for prompts also plain texts."),
    ],
    wanted: Annotated[
        Kind, typer.Option("--for", help="Types of claims, holders of attributions, or all annotation of the texts.")
    ],
    output: Annotated[
        Path,
        typer.Option("-o", "--output", help="Folder for pages and forms; or a .jsonl of prompts for all annotation."),
    ],
    batch: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Folders batch-01 … of at most N claims each.")
    ] = None,
    between: Annotated[
        tuple[Path, Path] | None,
        typer.Option(metavar="A B", help="Types layers of two annotators: ask only where they differ."),
    ] = None,
    force: Force = False,
) -> None:
    """Write texts to read and forms to fill in, for people or models; no label is shown."""
    from communique import folders, releases, typed
    from communique.asking.ask import ask as write
    from communique.asking.ask import counted
    from communique.asking.assignment import Wanted, compared
    from communique.problems import CommuniqueError

    kind = Wanted(wanted)
    if between and kind is not Wanted.TYPES:
        raise CommuniqueError("--between decides on types; ask --for types")
    if writing.as_lines(output):
        _prompts(source, kind is Wanted.ALL and not batch, output, force)
        return
    folders.refuse_unwritten(output, force=force)
    documents, _, _ = releases.part(source)
    pair = (typed.read(between[0]), typed.read(between[1])) if between else None
    if between and pair:
        documents = compared(pair, (str(between[0]), str(between[1])), documents)
    tasks = write(documents, kind, output, source=source, batch=batch, pair=pair, force=force)
    texts, units = counted(tasks)
    say(f"{output} asks {units} questions about {texts} texts")


def _prompts(source: str, possible: bool, output: Path, force: bool) -> None:
    from communique import jsonl
    from communique.asking.prompts import prompts
    from communique.baselines.inputs import sources
    from communique.problems import CommuniqueError

    if not possible:
        raise CommuniqueError(f"{output}: prompts are --for all, and in no batches; name a folder for pages and forms")
    writing.refuse_unwritten(output, JSON_LINES, [Path(source)], force=force)
    asked = list(prompts(sources(source)))
    jsonl.write(output, asked)
    wrote(output, f"holds prompts for {len(asked)} texts")


def answers(
    folder: Annotated[Path, typer.Argument(metavar="TASKS", help="A folder of communique ask, its forms filled in.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="A .jsonl of types layers, or of predictions.")],
    texts: Annotated[
        str | None, typer.Option(metavar="FILE", help="The documents asked about, where they are not as named then.")
    ] = None,
    annotators: Annotated[
        int | None, typer.Option(min=1, help="How many decided on the types: 1, of differences 3.")
    ] = None,
    incomplete: Annotated[
        bool, typer.Option("--partial", help="Write the texts whose answers are complete, and tell the rest.")
    ] = False,
    force: Force = False,
) -> None:
    """Read filled-in forms: types layers, or predictions; what is incomplete or not verbatim is refused."""
    from communique import jsonl, releases
    from communique.asking import assignment
    from communique.asking.answers import answers as read
    from communique.problems import CommuniqueError

    asked = assignment.load(folder)
    if annotators and asked.asked is not assignment.Wanted.TYPES:
        raise CommuniqueError("--annotators is written into types layers alone; leave it out")
    source = texts or asked.source
    writing.refuse_unwritten(output, JSON_LINES, [folder, Path(source)], force=force)
    documents = assignment.same(asked, releases.part(source)[0], source)
    found = read(folder, asked, documents, annotators)
    if found.problems and not (incomplete and found.records):
        sys.exit(tell(found.problems, False))
    for problem in found.problems:
        say(describe(problem), error=True)
    jsonl.write(output, found.records)
    wrote(output, f"holds the answers about {len(found.records)} of {len(documents)} texts")
