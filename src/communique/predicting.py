"""Label texts from Python, and write records: ``communique.predict``, ``communique.write``."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from communique import admission, baselines, handed, jsonl
from communique.baselines.base import Baseline, Source
from communique.baselines.given import without_entities, without_types
from communique.baselines.inputs import Given, sources
from communique.problems import CommuniqueError
from communique.records import Document, Prediction
from communique.writing import JSON_LINES, refuse_unwritten

_LAYERS = {Given.CLAIMS: without_types, Given.ATTRIBUTIONS: without_entities}


def predict(model: str | Path | Baseline, texts: Any, *, given: str | None = None) -> list[Prediction]:
    """Label texts.

    Parameters
    ----------
    model : str, path-like or Baseline
        Folder of a saved model, ``news``, which is packaged, a baseline that needs no training (``rules``), or a
        fitted one.
    texts : str, path-like, Document, mapping, or iterable of them
        ``RELEASE:split``, a file or folder of documents or texts, documents or dicts like them, dicts of ``id`` and
        ``text``, or a mapping of id to text.
    given : {"claims", "attributions"}, optional
        Of documents, hand on their claims to be typed, or their attributions to be held by somebody; by default
        nothing but the text.

    Returns
    -------
    list of Prediction
        In the order of the texts.

    Raises
    ------
    CommuniqueError, DataError
        There is no such model, text, release or split, or a document is faulty.
    """
    known = _given(given)
    return _model(model).predict(_sources(texts, known))


def _given(name: str | None) -> Given | None:
    if name is not None and name not in list(Given):
        raise CommuniqueError(f"given={name!r} is nothing that can be given; one of {', '.join(Given)}, or None")
    return Given(name) if name else None


def _model(model: str | Path | Baseline) -> Baseline:
    if not isinstance(model, str | Path):
        if not hasattr(model, "predict"):
            raise CommuniqueError(f"model is {model!r:.60}; give a folder, a name, or a fitted baseline")
        return model
    return baselines.ready(str(model))


def _sources(texts: Any, given: Given | None) -> list[Source]:
    if isinstance(texts, str | Path):
        return list(sources(str(texts), given))
    if isinstance(texts, Mapping) and "id" not in texts and all(isinstance(text, str) for text in texts.values()):
        if given:
            raise CommuniqueError(f"plain texts bring no {given}; give documents, or leave out given=")
        return [Source(id=name, text=text) for name, text in texts.items()]
    return list(_of_documents(texts, given))


def _of_documents(texts: Any, given: Given | None) -> Iterator[Source]:
    given_texts = enumerate(handed.several(texts, (Document, Source), "texts"))
    found = [_text(one) or handed.record(Document, one, f"texts[{at}]") for at, one in given_texts]
    admission.sound([one for one in found if isinstance(one, Document)], "texts")
    for one in found:
        layer = _LAYERS[given](one) if given and isinstance(one, Document) else None
        yield one if isinstance(one, Source) else Source(id=one.id, text=one.text, layer=layer)


def _text(one: object) -> Source | None:
    """Return what has an id and a text alone, None for anything else."""
    if (
        isinstance(one, Mapping)
        and one.keys() == {"id", "text"}
        and all(isinstance(words, str) for words in one.values())
    ):
        return Source(**one)
    return one if isinstance(one, Source) else None


def write(records: Any, path: str | Path, *, force: bool = False) -> None:
    """Write documents or predictions as JSON lines, which every command reads.

    Parameters
    ----------
    records : Document, Prediction, or iterable of either
        All of one kind; held against the schema, documents against all that `communique.validate` asks of one.
    path : path-like
        A ``.jsonl`` file. It appears whole or not at all.
    force : bool, optional
        Replace also a file that communique did not write.

    Raises
    ------
    CommuniqueError, DataError
        A record is faulty, or the path is that of another file; nothing is written.
    """
    found = handed.several(records, (Document, Prediction), "records")
    if found and isinstance(found[0], Document):
        checked: list[Any] = [handed.record(Document, one, f"records[{at}]") for at, one in enumerate(found)]
        admission.sound(checked, "records")
    else:
        checked = [handed.record(Prediction, one, f"records[{at}]") for at, one in enumerate(found)]
    refuse_unwritten(Path(path), JSON_LINES, force=force)
    jsonl.write(path, checked)
