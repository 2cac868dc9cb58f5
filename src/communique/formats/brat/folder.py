"""Folders of brat files, read and written."""

from collections.abc import Callable, Iterable, Sequence
from importlib.resources import files
from pathlib import Path

from communique.files import content
from communique.folders import replacing_folder
from communique.formats.brat.reading import read as read_ann
from communique.formats.brat.standoff import BratError
from communique.formats.brat.writing import write as write_ann
from communique.formats.common import Imported, document
from communique.formats.declared import BREAKS, Format
from communique.formats.settling import settled
from communique.paths import spread
from communique.problems import CommuniqueError, DataError, Level, Problem
from communique.records import Document, Prediction
from communique.texts import Normalised, decoded
from communique.writing import replacing

CONFIGURATION = ("annotation.conf", "visual.conf", "tools.conf")


def read(folder: Path) -> Imported:
    """Read every ``.ann`` file of a folder with the ``.txt`` beside it; ids are paths below the folder.

    Offsets count over the text as it stands in its file or, where the words of the annotation show it, in stored form.

    Raises
    ------
    CommuniqueError
        The folder holds no ``.ann`` file.
    """
    found = Imported()
    paths = sorted(folder.rglob("*.ann"))
    if not paths:
        raise CommuniqueError(f"{folder}: no .ann files here; name the folder that brat opens")
    for path in paths:
        name = path.relative_to(folder).with_suffix("").as_posix()
        try:
            source = path.with_suffix(".txt")
            raw = decoded(content(source), str(source))
            layer, text = read_ann(decoded(content(path), str(path)), raw, name, found.noticed), Normalised(raw).text
            found.noticed["texts normalised to NFC, LF"] += text != raw
            found.admit(document(settled(layer, text, found.noticed), text), str(path))
        except BratError as error:
            found.problems += [
                Problem(str(path), one.line, "brat-malformed", Level.SCHEMA, str(one)) for one in (error, *error.others)
            ]
        except DataError as error:
            found.problems += error.problems
        except CommuniqueError as error:
            found.problems.append(Problem(str(path), 0, "text-missing", Level.BYTES, str(error)))
        except ValueError as error:
            found.problems.append(Problem(str(path), 0, "brat-malformed", Level.SCHEMA, str(error)))
    found.noticed = +found.noticed
    return found


def write(documents: Iterable[Document], target: Path, *, force: bool = False) -> None:
    """Write a folder that brat opens: a ``.txt`` and an ``.ann`` per document, and brat's configuration.

    Parameters
    ----------
    documents : iterable of Document
        Their ids become names of files.
    target : Path
        What else stands there stays.
    force : bool, optional
        Replace files of the same names that communique did not write, or that were changed since.
    """
    items = list(documents)
    with replacing_folder(target, force=force) as stage:
        _write_pairs(stage, items, {item.id: item.text for item in items}.__getitem__)
        write_configuration(stage)


def write_configuration(folder: Path) -> None:
    """Write brat's configuration into a folder; it holds for all folders below."""
    for name in CONFIGURATION:
        with replacing(folder / name) as file:
            file.write((files("communique.formats.brat") / name).read_bytes())


def write_layers(
    layers: Sequence[Prediction], text_of: Callable[[str], str], target: Path, *, force: bool = False
) -> None:
    """Write annotations into a folder, each beside its text, without brat's configuration.

    Parameters
    ----------
    layers : sequence of Prediction
        Their ids become names of files.
    text_of : callable
        Returns the stored text of an id.
    target, force
        As of `write`.
    """
    with replacing_folder(target, force=force) as stage:
        _write_pairs(stage, layers, text_of)


def _write_pairs(stage: Path, layers: Sequence[Document | Prediction], text_of: Callable[[str], str]) -> None:
    paths = spread(stage, (layer.id for layer in layers), (".txt", ".ann"))
    for layer in layers:
        text = text_of(layer.id)
        for path, words in zip(paths[layer.id], (text, write_ann(layer, text)), strict=True):
            with replacing(path) as file:
                file.write(words.encode("utf-8"))


FORMAT = Format(
    name="brat",
    place="folder of `.txt` and `.ann`, with configuration",
    loses=(
        "language, collection, genre, storyline, stratum, title, date and provenance of a document",
        "ids of claims",
        "entities that are neither mentioned, nor holder, nor target",
        BREAKS,
    ),
    read=read,
    write=write,
)
