"""What a run of `communique label` wrote, joined with the texts that it read: documents."""

import datetime
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from msgspec.structs import replace

from communique import admission
from communique.annotated import complete
from communique.archive import plan
from communique.archive.gather import LABELS, PLAN, gather
from communique.archive.reading import Columns, Text, read
from communique.archive.shards import About, Store
from communique.formats.common import Known, document
from communique.labels import Genre
from communique.problems import CommuniqueError, DataError, Level, Problem
from communique.records import Document, Prediction

Labelled = Sequence[tuple[About, Prediction]]
_MEND = "put the texts back where they were labelled, or label them again"


def holds_labels(folder: Path) -> bool:
    """Say whether a run wrote its labels there."""
    return (folder / PLAN).is_file() and (folder / LABELS).is_dir()


def documents(folder: Path) -> list[Document]:
    """Return the labelled texts, in their order; of a run that was stopped, those that are done.

    Parameters
    ----------
    folder : Path
        The output of `communique label`; the texts are read where it read them.

    Raises
    ------
    CommuniqueError
        The folder is of another version, holds nothing yet, or files of texts are gone.
    DataError
        Texts were changed since.
    """
    planned = plan.read(folder)
    if planned is None:
        raise CommuniqueError(f"{folder} holds no {PLAN}; name the output of communique label")
    store = Store(folder, planned.settings.format)
    labels = [pair for number in sorted(store.finished()) for pair in store.labels(number)]
    if not labels:
        raise CommuniqueError(f"{folder} holds no finished labels; run communique label again")
    return _admitted(labels, _texts(labels, planned.settings.columns))


def _texts(labels: Labelled, columns: Columns) -> dict[tuple[str, int], str]:
    """Return the texts by file and line; a file that is one text has line 0."""
    found = {}
    for name in dict.fromkeys(about.file for about, _ in labels):
        if not Path(name).is_file():
            raise CommuniqueError(f"{name}: the labelled texts are not there; {_MEND}")
        items = read(gather([name])[0], columns)
        found.update({(item.file, item.line): item.text for item in items if isinstance(item, Text)})
    return found


def _admitted(labels: Labelled, texts: Mapping[tuple[str, int], str]) -> list[Document]:
    admitted = admission.Admission()
    for about, layer in labels:
        text = texts.get((about.file, about.line))
        if text is None:
            told = f"{about.id}: the text is no longer there; {_MEND}"
            admitted.problems.append(Problem(about.file, about.line, "text-missing", Level.BYTES, told))
        else:
            admitted.admit(_document(about, layer, text), about.file, about.line)
    if admitted.problems:
        raise DataError(admitted.problems)
    return admitted.documents


def _document(about: About, layer: Prediction, text: str) -> Document:
    genre = Genre(about.genre) if about.genre in list(Genre) else Genre.OTHER
    day = None
    with suppress(ValueError):
        day = datetime.date.fromisoformat(about.date or "")
    made = document(layer, text, Known(collection="archive", genre=genre, date=day, title=about.title))
    return complete(replace(made, language=about.language) if about.language else made)
