"""Small invented documents, and a seeds folder made of them."""

import hashlib
import json
from pathlib import Path

import msgspec

from communique import jsonl, layers
from communique.formats import brat, conll
from communique.quotes.align import align
from communique.quotes.records import QuotedDocument
from communique.records import Claim, Document, Prediction, Provenance

TEXT = (
    "Lock dispute deepens\n"
    "Minister Orla Vint warned on Monday: “We will shut the lock,” "
    "and added that the Tarn Council had promised to pay.\n"
    "“Not one coin,” the council’s treasurer, Édil Maro 🚩, replied, “was ever promised.”\n"
)
QUOTED = {
    "id": "made/one",
    "entities": [
        {"id": "v", "name": "Orla Vint", "kind": "person", "mentions": ["Minister Orla Vint"]},
        {"id": "t", "name": "Tarn Council", "kind": "institution", "mentions": ["the Tarn Council"]},
        {"id": "m", "name": "Édil Maro", "kind": "person", "mentions": ["the council’s treasurer, Édil Maro"]},
    ],
    "attributions": [
        {
            "id": "x1",
            "at": 2,
            "speaker": "Minister Orla Vint",
            "cue": "warned",
            "entities": ["v"],
            "form": "direct",
            "claims": [{"id": "k1", "quote": "“We will shut the lock,”", "rhetoric": "threat", "targets": ["t"]}],
        },
        {
            "id": "x2",
            "at": 2,
            "speaker": "Minister Orla Vint",
            "cue": "added",
            "entities": ["v"],
            "form": "indirect",
            "claims": [
                {
                    "id": "k2",
                    "quote": "that the Tarn Council had promised to pay",
                    "rhetoric": "assertion",
                    "targets": ["t"],
                }
            ],
        },
        {
            "id": "x3",
            "at": 2,
            "speaker": "the Tarn Council",
            "cue": "had promised",
            "entities": ["t"],
            "form": "indirect",
            "parent": "k2",
            "claims": [{"id": "k3", "quote": "to pay", "rhetoric": "commitment"}],
        },
        {
            "id": "x4",
            "at": 3,
            "speaker": "the council’s treasurer, Édil Maro",
            "cue": "replied",
            "entities": ["m"],
            "form": "direct",
            "claims": [
                {
                    "id": "k4",
                    "quote": ["“Not one coin,”", "“was ever promised.”"],
                    "rhetoric": "denial",
                    "also": "accusation",
                    "targets": ["v"],
                }
            ],
        },
    ],
}
SECOND_TEXT = "The Reed Assembly urged both banks to wait. Nobody at the weir would comment.\n"
SECOND_QUOTED = {
    "id": "made/two",
    "entities": [{"id": "r", "name": "Reed Assembly", "kind": "institution", "mentions": ["The Reed Assembly"]}],
    "attributions": [
        {
            "id": "x1",
            "speaker": "The Reed Assembly",
            "cue": "urged",
            "entities": ["r"],
            "form": "indirect",
            "claims": [{"id": "k1", "quote": "to wait", "rhetoric": "appeal"}],
        }
    ],
}
THIRD_TEXT = "“Go home,” said a guard at the Ivel gate. He denied that shots had been fired.\n"
THIRD_QUOTED = {
    "id": "made/three",
    "entities": [{"id": "g", "name": "guard at the Ivel gate", "kind": "unknown", "mentions": []}],
    "attributions": [
        {
            "id": "x1",
            "speaker": "a guard at the Ivel gate",
            "cue": "said",
            "entities": ["g"],
            "form": "direct",
            "claims": [{"id": "k1", "quote": "“Go home,”", "rhetoric": "demand"}],
        },
        {
            "id": "x2",
            "speaker": "He",
            "cue": "denied",
            "entities": ["g"],
            "form": "indirect",
            "claims": [{"id": "k2", "quote": "that shots had been fired", "rhetoric": "denial"}],
        },
    ],
}
SOURCES = {
    "made/one": (TEXT, QUOTED, "lock", "2031-04-01", "Lock dispute deepens"),
    "made/two": (SECOND_TEXT, SECOND_QUOTED, "weir", None, None),
    "made/three": (THIRD_TEXT, THIRD_QUOTED, "gate", "2031-05-02", None),
}


def layer(name: str = "made/one") -> Prediction:
    text, quoted, *_ = SOURCES[name]
    return align(text, msgspec.convert(quoted, QuotedDocument))


def document(name: str = "made/one") -> Document:
    text, _, storyline, day, title = SOURCES[name]
    date = msgspec.convert(day, Document.__annotations__["date"]) if day else None
    return msgspec.structs.replace(_document(layer(name), text), storyline=storyline, date=date, title=title)


def _document(found: Prediction, text: str) -> Document:
    sha = hashlib.sha256(text.encode()).hexdigest()
    claims = tuple(
        msgspec.convert({k: v for k, v in msgspec.to_builtins(c).items() if k != "probabilities"}, Claim)
        for c in found.claims
    )
    return Document(
        id=found.id,
        text=text,
        language="en",
        collection="made",
        genre="wire",
        storyline=None,
        title=None,
        date=None,
        provenance=Provenance(origin="composed", publisher=None, license="CC-BY-4.0", url=None, sha256=sha),
        entities=found.entities,
        speakers=found.speakers,
        cues=found.cues,
        attributions=found.attributions,
        claims=claims,
    )


def documents() -> list[Document]:
    return [document(name) for name in SOURCES]


def write_seeds(folder: Path, version: str = "0.0.1") -> Path:
    """Write a seeds folder with one train, one dev and one test text, gold and two annotators alike."""
    rows = []
    for name, (text, _, storyline, day, title) in SOURCES.items():
        path = folder / f"{name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
        rows.append(
            {
                "id": name,
                "collection": "made",
                "genre": "wire",
                "storyline": storyline,
                "title": title,
                "date": day,
                "language": "en",
                "origin": "composed",
                "publisher": None,
                "license": "CC-BY-4.0",
                "url": None,
                "sha256": hashlib.sha256(text.encode()).hexdigest(),
            }
        )
        for annotator in ("gold", "first", "second"):
            ann = folder / "annotations" / annotator / f"{name}.ann"
            ann.parent.mkdir(parents=True, exist_ok=True)
            ann.write_text(brat.write(layer(name), text), encoding="utf-8")
    (folder / "catalog.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    write_plan(folder, version=version)
    (folder / "about.md").write_text("News of the locks of Ivel.\n", encoding="utf-8")
    return folder


def write_plan(folder: Path, **fields: object) -> None:
    """Write a plan that is filled in, up to the given fields."""
    plan = {
        "name": "made",
        "title": "news of the locks",
        "version": "0.0.1",
        "language": "en",
        "authors": ["Ada Lock", "The Weir Office"],
        "texts": {"by": "person", "who": "two reporters", "license": "CC-BY-4.0"},
        "labels": {"by": "both", "who": "a model and an editor", "license": "CC-BY-4.0"},
        "tags": ["locks"],
        "splits": {"lock": "train", "weir": "dev", "gate": "test"},
    }
    (folder / "release.json").write_text(json.dumps({**plan, **fields}), encoding="utf-8")


def write_everything(folder: Path) -> None:
    """Write the documents as ``in.jsonl``, ``in.conll``, ``in.layer.jsonl``, ``in.answers.jsonl``, and their texts."""
    jsonl.write(folder / "in.jsonl", documents())
    conll.write(documents(), folder / "in.conll")
    jsonl.write(folder / "in.layer.jsonl", map(layers.dehydrate, documents()))
    answers = (json.dumps(quoted) + "\n" for _, quoted, *_ in SOURCES.values())
    (folder / "in.answers.jsonl").write_text("".join(answers), encoding="utf-8")
    for document in documents():
        path = folder / f"{document.id}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(document.text, encoding="utf-8")


def made(
    text: str, said: list[tuple[str, str, str]], mentions: dict[str, list[str]] | None = None, types: list[str] = ()
):
    """Return a document of (speaker, content, holders) without cues, in the text's order; holders joined by ``+``."""
    held = {name: None for _, _, holders in said for name in holders.split("+")}
    named = mentions or {name: sorted({speaker for speaker, _, who in said if who == name}) for name in held}
    quoted = {
        "id": "made/one",
        "entities": [{"id": n, "name": n, "kind": "person", "mentions": named[n]} for n in held],
        "attributions": [
            {
                "id": f"a{number}",
                "speaker": speaker,
                "entities": who.split("+"),
                "form": "indirect",
                "claims": [{"id": f"c{number}", "quote": content, "rhetoric": (types or ["assertion"] * 9)[number]}],
            }
            for number, (speaker, content, who) in enumerate(said)
        ],
    }
    found = align(text, msgspec.convert(quoted, QuotedDocument))
    return msgspec.structs.replace(_document(found, text), title=None)
