"""Commands on labels without texts: collections, hydrate, dehydrate."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from communique import writing
from communique.cli.options import JSON_LINES, Force, Json, draw, say, say_json, tell, wrote

if TYPE_CHECKING:
    from communique.collection import Shelved
    from communique.labels import Split


def collections(as_json: Json = False) -> None:
    """List what is labelled: texts that are shipped, and texts that you clone, from where and at which commit."""
    from communique.collection import listed
    from communique.report.collections import grid, notes, shipped

    release, counts = shipped()
    found = listed()
    if as_json:
        say_json({"release": release, "shipped": counts, "cloned": [one.about for one in found]})
        return
    draw(grid(release, counts, found))
    for note in notes(found):
        say(note)


def hydrate(
    name: Annotated[
        str,
        typer.Argument(metavar="COLLECTION", help="One that `communique collections` lists, or a standoff layer file."),
    ],
    texts: Annotated[Path, typer.Argument(metavar="CLONE", help="Your clone, or folder with the layer's texts.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="A folder as load_dataset reads it, or a .jsonl.")],
    split: Annotated[str | None, typer.Option(help="train, dev or test; all that there are by default.")] = None,
    force: Force = False,
) -> None:
    """Join labels with your own copy of their texts; a text that differs is refused, and nothing is written."""
    if Path(name).is_file():
        _layer(Path(name), texts, output, split, force)
    else:
        _collection(name, texts, output, split, force)


def _layer(path: Path, texts: Path, output: Path, split: str | None, force: bool) -> None:
    from communique import jsonl, layers, typed
    from communique.problems import CommuniqueError

    if split or typed.holds_types(path):
        told = "a layer file is one split" if split else "types are of somebody else's claims, which an importer reads"
        raise CommuniqueError(f"{path}: {told}; name the collection instead of a file")
    if not texts.is_dir():
        raise CommuniqueError(f"{texts}: not there; give the folder with your copy of the texts")
    writing.refuse_unwritten(output, JSON_LINES, [path, texts], force=force)
    documents, problems = layers.join(jsonl.numbered(path, layers.Layer), str(path), texts)
    code = tell(problems, False)
    if not code:
        jsonl.write(output, documents)
        wrote(output, f"holds {len(documents)} documents")
    sys.exit(code)


def _collection(name: str, texts: Path, output: Path, split: str | None, force: bool) -> None:
    from communique import folders, hydrated, jsonl
    from communique.collection import chosen, find
    from communique.joining import join
    from communique.problems import CommuniqueError
    from communique.writing import refuse_input

    found = find(name)
    names = chosen(found, split)
    lines = writing.as_lines(output)
    if lines and len(names) > 1:
        raise CommuniqueError(f"{output} can hold one of {', '.join(names)}; choose with --split, or name a folder")
    refuse_input(output, [texts])
    if lines:
        writing.refuse_unwritten(output, JSON_LINES, [texts], force=force)
    else:
        folders.refuse_unwritten(output, force=force)
    parts = {one: join(found, one, texts) for one in names}
    if lines:
        jsonl.write(output, parts[names[0]])
    else:
        hydrated.write(found, parts, output, force=force)
    wrote(output, f"holds {', '.join(_told(found, one, len(parts[one])) for one in names)}")


def _told(found: "Shelved", split: "Split", number: int) -> str:
    return f"{split}: {number} documents ({found.version(split)})"


def dehydrate(
    source: Annotated[str, typer.Argument(metavar="SRC", help="A .jsonl of documents, or RELEASE:split.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="A .jsonl layer: offsets and labels, no words.")],
    force: Force = False,
) -> None:
    """Make a standoff layer of annotated documents."""
    from communique import jsonl, layers, releases

    writing.refuse_unwritten(output, JSON_LINES, [Path(source)], force=force)
    documents, _, _ = releases.part(source)
    jsonl.write(output, map(layers.dehydrate, documents))
    wrote(output, f"holds {len(documents)} documents without their text")
