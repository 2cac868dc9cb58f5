"""Every format of the registry, whatever the document, and whatever one letter of its file becomes.

A format that is added is held to this at once; it keeps whole documents unless `KEEPS` says otherwise.
"""

import hashlib
import os
import random
import zlib
from datetime import date

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

import samples
import strategies
from communique import admission, formats
from communique.canonical import canonical
from communique.formats.declared import BREAKS
from communique.labels import Genre, Origin
from communique.problems import CommuniqueError
from communique.records import Provenance, Span
from communique.validation import validate_documents

ANNOTATION = ("entities", "speakers", "cues", "attributions", "claims")
KEEPS = {"brat": ("id", "text", *ANNOTATION), "conll": ("id", "text")}
NEEDS = {"spacy": "spacy", "cas": "cassis"}
BOTH = [form.name for form in formats.able("read") if form.write]
LETTERS = ["", "0", "7", "9", "-", " ", "\t", "\n", "\r\n", '"', "'", "\\", "{", "]", ":", ",", ";", "<", "/", "#", "*"]
LETTERS += ["e", "T", "é", "e\u0301", "🚩", "\u202e", "\u2028", "\ufeff", "\0", "null", "true", "1e9", "&#0;"]
MUTATIONS = int(150 * float(os.environ.get("COMMUNIQUE_FUZZ", "1")))


@pytest.fixture(scope="module", params=BOTH)
def form(request):
    name = request.param
    if name in NEEDS:
        pytest.importorskip(NEEDS[name], reason=f"{NEEDS[name]} is not installed, so {name} is NOT tested")
    return formats.named(name, "read")


def target(form, folder):
    return folder / "all.x" if form.sign else folder / "all"


names = st.text("aÉ🚩ñ-_.,'’“(&<\"\\|;:=0", min_size=1, max_size=8).filter(lambda name: name == name.strip())


@st.composite
def documents(draw):
    """Return a valid document: any separators of words, types or none, names, title, date and provenance."""
    layer = draw(strategies.predictions())
    marks = draw(st.lists(st.sampled_from([" ", " ", " ", "\n", "\t", "\u00a0"]), min_size=59, max_size=59))
    text = "".join(f"{word}{mark}" for word, mark in zip(strategies.WORDS * 6, [*marks, ""], strict=True))
    text += draw(st.sampled_from(["", "\n", " ", "\n\n"]))

    def anew(unit):
        return replace(
            unit, spans=tuple(Span(start=s.start, end=s.end, text=text[s.start : s.end]) for s in unit.spans)
        )

    made = strategies.as_document(layer)
    typed = draw(st.booleans())
    return replace(
        made,
        text=text,
        genre=draw(st.sampled_from(Genre)),
        storyline=draw(st.none() | names),
        collection=draw(names),
        title=text.split("\n", 1)[0] if draw(st.booleans()) else None,
        date=draw(st.none() | st.dates(date(1700, 1, 1))),
        provenance=Provenance(
            origin=draw(st.sampled_from(Origin)),
            publisher=draw(st.none() | names),
            license=draw(st.sampled_from(["CC-BY-4.0", "LicenseRef-unknown"])),
            url=draw(st.none() | st.just("https://example.org/1?a=b&c")),
            sha256=hashlib.sha256(text.encode()).hexdigest(),
        ),
        entities=tuple(replace(entity, name=draw(names)) for entity in made.entities),
        speakers=tuple(map(anew, made.speakers)),
        cues=tuple(map(anew, made.cues)),
        claims=tuple(replace(anew(c), **({} if typed else {"rhetoric": None, "also": None})) for c in made.claims),
    )


@settings(max_examples=25)
@given(document=documents().filter(lambda document: not validate_documents({"x": [document]}, {})))
@example(document=samples.document())
def test_any_document_comes_back_as_far_as_the_format_says(form, document, tmp_path_factory):
    document = canonical(document)
    path = target(form, tmp_path_factory.mktemp("x"))
    form.write([document], path)
    found = form.read(path)
    assert found.problems == []
    (back,) = found.documents
    assert validate_documents({"x": [back]}, {}) == []
    for field in KEEPS.get(form.name, document.__struct_fields__):
        assert getattr(back, field) == getattr(document, field), field


@pytest.fixture(scope="module")
def written(form, tmp_path_factory):
    """Return a folder with what the format writes, and the files in it."""
    folder = tmp_path_factory.mktemp(form.name)
    form.write(samples.documents(), target(form, folder))
    files = [
        p for p in sorted(folder.rglob("*")) if p.is_file() and p.suffix not in (".conf", ".xml") and p.name[0] != "."
    ]
    assert files
    return folder, [path for path in files if path.name != "README.md"]


def changed(source, rng):
    """Return a file with another letter in one place, without a line or one of its items, or with one twice."""
    text = source.decode("utf-8", "surrogateescape")
    kind, at = rng.random(), rng.randrange(len(text))
    if kind < 0.7:
        text = text[:at] + rng.choice(LETTERS) + text[at + rng.randrange(2) :]
    else:
        mark = rng.choice(["\n", ",", " ", "\t", "}"])
        items = text.split(mark)
        item = rng.randrange(len(items))
        items[item : item + 1] = [] if kind < 0.85 else [items[item]] * 2
        text = mark.join(items)
    return text.encode("utf-8", "surrogateescape")


def test_a_letter_or_an_item_that_changed_is_read_or_told(form, written):
    folder, files = written
    rng, outcomes = random.Random(15), set()
    for _ in range(MUTATIONS if form.name not in ("cas", "huggingface") else MUTATIONS // 2):
        path = rng.choice(files)
        before = path.read_bytes()
        packed = form.name == "spacy"
        after = changed(zlib.decompress(before) if packed else before, rng)
        path.write_bytes(zlib.compress(after) if packed else after)
        try:
            found = form.read(target(form, folder))
            admission.sound(found.documents, form.name)
            assert found.documents or found.problems or found.noticed or not after.strip()
            assert all(problem.message and problem.file for problem in found.problems)
            outcomes |= {"read"} if found.documents else set()
            outcomes |= {"told"} if found.problems else set()
        except CommuniqueError as error:
            assert str(error)
        finally:
            path.write_bytes(before)
    assert outcomes == {"read", "told"}


def test_a_whole_file_cut_off_anywhere_is_read_or_told(form, written):
    folder, files = written
    for path in files[:1]:
        before = path.read_bytes()
        for at in range(0, len(before), max(1, len(before) // 12)):
            path.write_bytes(before[:at])
            try:
                admission.sound(form.read(target(form, folder)).documents, form.name)
            except CommuniqueError as error:
                assert str(error)
        path.write_bytes(before)


def test_what_is_kept_is_what_is_declared():
    """A format that keeps less than whole documents says that it loses something, and the other way round."""
    for form in formats.able("read"):
        whole = form.name not in KEEPS
        if form.write:
            assert whole == ({*form.loses} <= {BREAKS}) or form.name == "cas", form.name
    assert set(KEEPS) <= set(BOTH)
    assert msgspec.json.encode(samples.document())
