"""What a model is told and asked, from the versioned files under ``baselines/llm/prompts``."""

import hashlib
from collections.abc import Sequence
from string import Template
from typing import Any

import msgspec

from communique import jsonl, resources
from communique.baselines.base import Source
from communique.baselines.given import without_types
from communique.baselines.llm.cache import Message
from communique.baselines.llm.quoting import quoted
from communique.baselines.llm.settings import FOLDER
from communique.problems import CommuniqueError
from communique.records import Document, Prediction


class Prompts:
    """One version of the prompts.

    Parameters
    ----------
    version : str
        Name of its folder.

    Attributes
    ----------
    sha256 : str
        Of all its files, names and contents.

    Raises
    ------
    CommuniqueError
        There is no such version.
    """

    def __init__(self, version: str):
        folder = resources.folder("baselines") / FOLDER / "prompts"
        versions = sorted(path.name for path in folder.iterdir())
        if version not in versions:
            raise CommuniqueError(f"llm: there is no prompt {version!r}; one of {', '.join(versions)}")
        files = {path.stem: path.read_text(encoding="utf-8") for path in sorted((folder / version).glob("*.md"))}
        self.sha256 = hashlib.sha256(msgspec.json.encode(files)).hexdigest()
        self._templates = {name: Template(content) for name, content in files.items()}

    def conversation(self, source: Source, examples: Sequence[Document] = ()) -> list[Message]:
        """Return what is said before the answer.

        Parameters
        ----------
        source : Source
            Text to be labelled, or, with a layer, only its claims to be typed.
        examples : sequence of Document
            Shown before as questions with their answers.
        """
        system = self._filled("rhetoric" if source.layer else "system", types=self._filled("types"))
        turns = [_said("system", system)]
        for document in examples:
            layer = without_types(document) if source.layer else None
            shown = Source(id=document.id, text=document.text, layer=layer)
            turns += [self._question(shown), _said("assistant", _answer(document, shown))]
        return [*turns, self._question(source)]

    def again(self, content: str, reason: str) -> list[Message]:
        """Return the turns that follow an answer which cannot be used."""
        return [_said("assistant", content or "{}"), _said("user", self._filled("again", reason=reason))]

    def _question(self, source: Source) -> Message:
        fields = {"text": _numbered(source.text), "mark": hashlib.sha256(source.text.encode()).hexdigest()[:12]}
        if source.layer:
            return _said("user", self._filled("claims", **fields, claims=_claims(source.layer)))
        return _said("user", self._filled("user", **fields))

    def _filled(self, name: str, **fields: str) -> str:
        return self._templates[name].substitute(fields).strip()


def _said(role: str, content: str) -> Message:
    return {"role": role, "content": content}


def _numbered(text: str) -> str:
    return "\n".join(f"{number}\t{line}" for number, line in enumerate(text.rstrip("\n").split("\n"), 1))


def _claims(layer: Prediction) -> str:
    spoken = {unit.id: [span.text for span in unit.spans] for unit in (*layer.speakers, *layer.cues)}
    items = {item.id: item for item in layer.attributions}
    rows = []
    for claim in layer.claims:
        item = items[claim.attribution]
        speaker, cue = (" ".join(spoken.get(name or "", ())) or None for name in (item.speaker, item.cue))
        words = [span.text for span in claim.spans]
        rows.append(jsonl.encode({"id": claim.id, "speaker": speaker, "cue": cue, "claim": words}))
    return "\n".join(rows)


def _answer(document: Document, shown: Source) -> str:
    if shown.layer:
        return jsonl.encode({"types": {claim.id: claim.rhetoric for claim in document.claims if claim.rhetoric}})
    answer: dict[str, Any] = msgspec.to_builtins(quoted(document))
    return jsonl.encode({name: answer[name] for name in ("entities", "attributions")})
