"""The `crf` baseline: linked conditional random fields find the stretches, logistic regressions link them."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import msgspec
import numpy as np

from communique import jsonl, resources
from communique.baselines.base import ModelCard, Source, save_card
from communique.baselines.crf.columns import Features, Words, base, earlier
from communique.baselines.crf.gold import ROLES, Said, said, tags
from communique.baselines.crf.linking import Linker
from communique.baselines.crf.pages import Column, Pages, pages
from communique.baselines.crf.tables import Tables
from communique.baselines.crf.tagger import Tagger, stretches, train
from communique.baselines.crf.words import own, words
from communique.baselines.frames import Frame, assemble
from communique.baselines.linear import Linear
from communique.baselines.resolve import resolve
from communique.problems import CommuniqueError
from communique.records import Document, Prediction

WEIGHTS = "weights.npz"
WORDS = "words.json"
TYPER = "types"
_AT_ONCE = 64


class Crf:
    """Finds attributions with taggers for cue, source, content and inner content, each seeing what those before found.

    Parameters
    ----------
    parameters : dict, optional
        As in ``baselines/crf/config.toml``, which is the default.

    Attributes
    ----------
    taggers : dict of str to Tagger
        By role; a role that the training documents do not have has none.
    typer : Linear or None
        Types the claims; None where the training documents have no types.
    """

    name = "crf"
    tasks = ("spans", "attribution", "full")

    def __init__(self, parameters: dict[str, Any] | None = None):
        self.parameters = parameters if parameters is not None else _packaged()
        self.taggers: dict[str, Tagger] = {}
        self.words = Words({}, {}, {})
        self.linker = Linker({})
        self.typer: Linear | None = None

    def fit(self, documents: Sequence[Document]) -> Self:
        """Learn stretches, links and types.

        Raises
        ------
        CommuniqueError
            No document has an attribution.
        """
        table = pages([document.text for document in documents])
        attributions = said(documents, table)
        if not attributions:
            raise CommuniqueError(f"crf needs attributions to learn from; {len(documents)} documents have none")
        rows = tags(attributions, len(table.form))
        self.words = words(table, rows, self.parameters["clusters"], self.parameters["seed"])
        features = Features(table, self.words, own(table, rows))
        self.taggers = self._taggers(features, rows)
        self.linker = Linker.fit(features, attributions, self.parameters["linker"]["C"])
        types = {claim.rhetoric for document in documents for claim in document.claims} - {None}
        self.typer = Linear().fit(documents) if len(types) > 1 else None
        return self

    def _taggers(self, features: Features, rows: Mapping[str, Column]) -> dict[str, Tagger]:
        columns = list(base(features))
        found: dict[str, Column] = {}
        fitted: dict[str, Tagger] = {}
        for role in (role for role in ROLES if rows[role].any()):
            told = [*columns, *earlier(features, found)]
            found[role], lean = self._held_out(told, rows[role], features.table)
            tagger = self._trained(told, rows[role], features.table, np.ones(features.size, bool))
            fitted[role] = replace(tagger, lean=lean)
        return fitted

    def _trained(self, columns: Sequence[Column], row: Column, table: Pages, mask: np.ndarray) -> Tagger:
        chosen = [column[mask] for column in columns]
        return train(chosen, row[mask], _bounds(table, mask), self.parameters["crfsuite"])

    def _held_out(self, columns: Sequence[Column], row: Column, table: Pages) -> tuple[Column, float]:
        """Tag each text by a model that has not seen it, and find the lean of most exact fragments (F1).

        Later models learn from these tags, which are as good and as bad as those of new texts.
        """
        part = table.document % self.parameters["folds"]
        folds = [(part == fold, self._trained(columns, row, table, part != fold)) for fold in np.unique(part)]
        wanted = set(stretches(row, table.document))

        def tagged(lean: float) -> Column:
            found = np.zeros_like(row)
            for out, tagger in folds if len(folds) > 1 else ():
                leaning = replace(tagger, lean=lean)
                found[out] = leaning.tags([column[out] for column in columns], _bounds(table, out))
            return found

        def right(lean: float) -> float:
            given = set(stretches(tagged(lean), table.document))
            return 2 * len(wanted & given) / (len(wanted) + len(given))

        lean = max(self.parameters["leans"], key=right)
        return tagged(lean), lean

    def predict(self, sources: Iterable[Source]) -> list[Prediction]:
        """Find the claims of texts that bring none, and type them all."""
        if not self.taggers:
            raise CommuniqueError("crf is not fitted; call fit first")
        given = list(sources)
        parts = (given[at : at + _AT_ONCE] for at in range(0, len(given), _AT_ONCE))
        return [layer for part in parts for layer in self._predicted(part)]

    def _predicted(self, sources: Sequence[Source]) -> Iterator[Prediction]:
        new = [source for source in sources if source.layer is None]
        found = dict(zip((source.id for source in new), self._found(new), strict=True))
        pairs = [(source, source.layer or found[source.id]) for source in sources]
        return iter(self.typer.label(pairs) if self.typer else [layer for _, layer in pairs])

    def _found(self, sources: Sequence[Source]) -> Iterator[Prediction]:
        table = pages([source.text for source in sources])
        features = Features(table, self.words)
        frames: dict[int, list[Frame]] = {}
        for item in self.linker.attributions(features, self.parts(features)) if features.size else ():
            document, frame = _frame(table, item)
            frames.setdefault(document, []).append(frame)
        for number, source in enumerate(sources):
            yield assemble(source.id, source.text, frames.get(number, []), resolve)

    def parts(self, features: Features) -> dict[str, set[tuple[int, int]]]:
        """Return the stretches of tokens found for cue, source and content."""
        columns = list(base(features))
        found: dict[str, Column] = {}
        for role, tagger in self.taggers.items():
            found[role] = tagger.tags([*columns, *earlier(features, found)], features.table.bounds())
        parts: dict[str, set[tuple[int, int]]] = {"cue": set(), "source": set(), "content": set()}
        for role, row in found.items():
            parts["content" if role == "inner" else role].update(stretches(row, features.table.document))
        return parts

    def save(self, folder: Path) -> None:
        """Write ``model.json``, the weights as plain arrays, the words as JSON, the typer into a folder of its own."""
        arrays = {name: array for role, tagger in self.taggers.items() for name, array in tagger.arrays(role).items()}
        for name, model in self.linker.models.items():
            arrays |= model.arrays(f"linker/{name}")
        save_card(folder, self.name, self.parameters)
        with jsonl.replacing(folder / WEIGHTS) as file:
            np.savez_compressed(file, allow_pickle=False, **arrays)
        with jsonl.replacing(folder / WORDS) as file:
            file.write(msgspec.json.encode(self.words))
        if self.typer:
            self.typer.save(folder / TYPER)

    @classmethod
    def load(cls, folder: Path, card: ModelCard) -> Self:
        """Read a saved model.

        Raises
        ------
        CommuniqueError
            The weights are damaged, or hold anything but numbers.
        """
        model = cls(card.parameters)
        try:
            with np.load(folder / WEIGHTS, allow_pickle=False) as file:
                arrays = {name: file[name] for name in file.files}
            model.words = msgspec.json.decode((folder / WORDS).read_bytes(), type=Words)
            names = {name.rpartition("/")[0] for name in arrays}
            model.taggers = {role: Tagger.read(arrays, role) for role in ROLES if role in names}
            linked = sorted(name for name in names if name.startswith("linker/"))
            model.linker = Linker({name.partition("/")[2]: Tables.read(arrays, name) for name in linked})
        except Exception as error:
            raise CommuniqueError(f"{folder}: its weights cannot be read: {error}; train it again") from error
        if (folder / TYPER).is_dir():
            from communique.baselines.base import load_card

            model.typer = Linear.load(folder / TYPER, load_card(folder / TYPER))
        return model


def _packaged() -> dict[str, Any]:
    return tomllib.loads((resources.folder("baselines") / "crf" / "config.toml").read_text(encoding="utf-8"))


def _bounds(table: Pages, mask: np.ndarray) -> Column:
    return np.append(np.flatnonzero(np.diff(table.paragraph[mask], prepend=-1)), mask.sum())


def _frame(table: Pages, item: Said) -> tuple[int, Frame]:
    def places(parts: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
        return tuple((int(table.start[first]), int(table.end[end - 1])) for first, end in parts)

    frame = Frame(places(item.cue), places(item.source), tuple(places(claim) for claim in item.claims))
    return int(table.document[item.claims[0][0][0]]), frame
