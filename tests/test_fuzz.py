"""Every importer on thousands of mutated files: sound documents or named problems, never a traceback.

``COMMUNIQUE_FUZZ`` is a factor for the number of inputs.
"""

import gzip
import importlib
import json
import os
import random
import re
import unicodedata

import msgspec
import pytest

import samples
from communique import jsonl, layers, releases
from communique.formats import cas, conll, gum, huggingface, label_studio, plover, polnear, unsc
from communique.formats.brat import folder as brat
from communique.problems import CommuniqueError, Problem
from communique.quotes.files import align_all, read_quoted
from communique.validation import validate_documents, validate_paths

SEED = 20_331
FACTOR = float(os.environ.get("COMMUNIQUE_FUZZ", "1"))
POLNEAR = (
    "T1\tSource 0 9\tThe mayor\nT2\tCue 10 14\tsaid\nT3\tContent 15 21;25 29\tno way ever\n"
    "T4\tAttribution 10 14\tsaid\nE1\tAttribution:T4 Content:T3 Cue:T2 Source:T1\n"
)


def mutated(content: bytes, rng: random.Random) -> bytes:
    """Cut, double, shuffle, swap or overwrite some of a file."""
    at, to = sorted(rng.randrange(len(content) + 1) for _ in range(2))
    return rng.choice(MUTATIONS)(content, at, to, rng)


def times(count):
    """Yield as many numbers as a test has inputs."""
    return range(int(count * FACTOR))


ODD = [b"-1", b"99999999999999999999", b"null", b"{}", b"\xed\xa0\x80", b"\x00", b"1e999", b"\t", b"\n", b"\xff\xfe"]
ODD += [b"\x1b[2J", b"\x7f", b"\xc2\x85", b"\xc2\x9b", b"\xe2\x80\xae", b"\xe2\x81\xa6", b"\xe2\x80\xa8", b"\\u2028"]
ODD += [b"\\ud800", b"\\n", b"\r", b"\xef\xbb\xbf", b"\xcc\x81", b"9" * 4500, b"[" * 2000, b'{"a":' * 2000]


def _shuffled(content, at, to, rng):
    lines = content.split(b"\n")
    rng.shuffle(lines)
    return b"\n".join(lines)


def _digit(content, at, to, rng):
    place = rng.choice([i for i, byte in enumerate(content) if 48 <= byte < 58] or [0])
    return content[:place] + bytes([48 + rng.randrange(10)]) + content[place + 1 :]


def _recoded(content, at, to, rng):
    return content.decode("utf-8", "replace").encode(rng.choice(["utf-16", "latin-1"]), "replace")


def _decomposed(content, at, to, rng):
    return unicodedata.normalize("NFD", content.decode("utf-8", "replace")).encode()


def _one_for_another(pattern):
    """Return a mutation that puts one of what a pattern finds in the place of another."""

    def mutate(content, at, to, rng):
        found = list(re.finditer(pattern, content))
        if not found:
            return content
        one, other = rng.choice(found), rng.choice(found)
        return content[: one.start()] + other[0] + content[one.end() :]

    return mutate


def _shifted(content, at, to, rng):
    found = list(re.finditer(rb"\d+", content))
    if not found:
        return content
    one = rng.choice(found)
    moved = max(0, int(one[0][:18]) + rng.choice([-2, -1, 1, 2]))
    return content[: one.start()] + str(moved).encode() + content[one.end() :]


def _emptied(content, at, to, rng):
    found = list(re.finditer(rb'"[^"]*"', content))
    if not found:
        return content
    one = rng.choice(found)
    return content[: one.start()] + rng.choice([b'""', b'" "', b'" x\\n"']) + content[one.end() :]


def _nested(content, at, to, rng):
    found = list(re.finditer(rb'"[^"]*"|\d+', content))
    if not found:
        return content
    one, deep = rng.choice(found), rng.choice([900, 2000])
    return content[: one.start()] + b"[" * deep + one[0] + b"]" * deep + content[one.end() :]


def _huge(content, at, to, rng):
    return re.sub(rb"\d+", b"9" * 4500, content[:to], count=1) + content[to:]


def _again(content, at, to, rng):
    """Give a document twice: an element of a list, or a line."""
    try:
        items = json.loads(content)
        return json.dumps([*items, rng.choice(items)], ensure_ascii=False).encode()
    except (ValueError, LookupError, TypeError, RecursionError):
        lines = content.split(b"\n")
        return b"\n".join([*lines, rng.choice(lines), b""])


MUTATIONS = [
    lambda content, at, to, rng: content.replace(b"\n", b"\r\n"),
    lambda content, at, to, rng: b"\xef\xbb\xbf" + content,
    lambda content, at, to, rng: content.replace(b" ", b"\xe2\x80\xa8", 1),
    _decomposed,
    _one_for_another(rb"\b[A-Za-z]{1,2}\d+\b"),
    _one_for_another(rb"\b[A-Za-z]{1,2}\d+\b"),
    _one_for_another(rb'"[^"]*"'),
    _shifted,
    _emptied,
    _nested,
    _huge,
    _again,
    lambda content, at, to, rng: content[:at],
    lambda content, at, to, rng: content[:at] + content[to:],
    lambda content, at, to, rng: content[:to] + content[at:to] + content[to:],
    lambda content, at, to, rng: content[:at] + rng.randbytes(rng.randrange(1, 9)) + content[at:],
    lambda content, at, to, rng: content[:at] + (odd := rng.choice(ODD)) + content[at + len(odd) :],
    _shuffled,
    _digit,
    _recoded,
]


def valid(documents, path):
    """Say that documents are sound, in memory and written down."""
    assert validate_documents({"x": documents}, {}) == []
    if documents:
        jsonl.write(path, documents)
        assert validate_paths([path]) == []


def survive(read, path, content, count, rng, files=()):
    """Read mutations of a file; whatever comes back must be documents that validate, or problems with a name."""
    seen = {"documents": 0, "problems": 0}
    for _ in times(count):
        path.write_bytes(mutated(mutated(content, rng), rng) if rng.random() < 0.5 else mutated(content, rng))
        for other, original in files:
            other.write_bytes(mutated(original, rng) if rng.random() < 0.2 else original)
        try:
            found = read()
        except CommuniqueError as error:
            assert str(error)
            seen["problems"] += 1
            continue
        assert all(isinstance(problem, Problem) and problem.id and problem.message for problem in found.problems)
        assert found.documents or found.problems or found.noticed
        valid(found.documents, path.parent / "found.out.jsonl")
        seen["documents"] += bool(found.documents)
        seen["problems"] += bool(found.problems)
    assert seen["problems"] > 0
    print(f"{path.name}: {seen}")
    return seen


@pytest.fixture
def rng(request):
    return random.Random(f"{SEED}{request.node.name}")


def test_brat(tmp_path, rng):
    brat.write([samples.document()], tmp_path)
    ann, txt = tmp_path / "made" / "one.ann", tmp_path / "made" / "one.txt"
    survive(lambda: brat.read(tmp_path), ann, ann.read_bytes(), 1500, rng, [(txt, txt.read_bytes())])


def test_polnear(tmp_path, rng):
    for name in ("text", "attributions"):
        (tmp_path / "dev" / name).mkdir(parents=True)
    txt, ann = tmp_path / "dev" / "text" / "a.txt", tmp_path / "dev" / "attributions" / "a_4b22.ann"
    txt.write_text("The mayor said no way but ever, é 🚩.\n", encoding="utf-8")
    about = tmp_path / "metadata.tsv"
    about.write_text("filename\tpublication_date\ttitle\tpublisher\na\t2016-13-45\tA title\tThe  Courier\n")
    files = [(txt, txt.read_bytes()), (about, about.read_bytes())]
    seen = survive(lambda: polnear.read(tmp_path), ann, POLNEAR.encode(), 1500, rng, files)
    assert seen["documents"] > 0.3 * len(times(1500))


def test_gum(tmp_path, rng):
    made = importlib.import_module("test_gum")
    for name in ("dep", "rst/rstweb"):
        (tmp_path / name).mkdir(parents=True)
    words, tree = tmp_path / "dep" / f"{made.NAME}.conllu", tmp_path / "rst" / "rstweb" / f"{made.NAME}.rs4"
    tree.write_text(made.rs4(), encoding="utf-8")
    survive(lambda: gum.read(tmp_path), words, made.conllu().encode(), 600, rng, [(tree, tree.read_bytes())])


def test_unsc(tmp_path, rng):
    made = importlib.import_module("test_unsc")
    text = tmp_path / "Corpora" / "Raw" / "Preproc_Text" / "m" / f"{made.NAME}.txt"
    table = tmp_path / "Corpora" / "Annotated" / "Conflicts" / "main_conflicts.csv"
    for path in (text, table):
        path.parent.mkdir(parents=True)
    text.write_text(made.TEXT, encoding="utf-8")
    rows = [f'{made.NAME}.txt,{n},"{u[0]}",{",".join(u[1:])},0' for n, u in enumerate(made.UNITS)]
    content = "\n".join([",".join(unsc._COLUMNS), *rows]).encode()
    survive(lambda: unsc.read(tmp_path, layer="conflicts"), table, content, 600, rng, [(text, text.read_bytes())])


def test_plover(tmp_path, rng):
    made = importlib.import_module("test_plover")
    path = tmp_path / "records.txt"
    content = json.dumps([made.HEADER, made.record(), made.record("(SRC: Fenn) (EVT: sued) (TAR: Tarn).", 2)]).encode()
    survive(lambda: plover.read(path), path, content, 600, rng)


def test_label_studio(tmp_path, rng):
    path = tmp_path / "t.json"
    label_studio.write(samples.documents(), path)
    survive(lambda: label_studio.read(path), path, path.read_bytes(), 1200, rng)


def test_conll(tmp_path, rng):
    path = tmp_path / "t.conll"
    conll.write(samples.documents(), path)
    survive(lambda: conll.read(path), path, path.read_bytes(), 1500, rng)


def test_cas(tmp_path, rng):
    cas.write([samples.document("made/two")], tmp_path)
    path, types = tmp_path / "made" / "two.xmi", tmp_path / cas.TYPES
    survive(lambda: cas.read(tmp_path), path, path.read_bytes(), 300, rng, [(types, types.read_bytes())])


def test_parquet(tmp_path, rng):
    huggingface.write(samples.documents(), tmp_path)
    path = tmp_path / "documents.parquet"
    survive(lambda: huggingface.read(tmp_path), path, path.read_bytes(), 250, rng)


def test_quotes(tmp_path, rng):
    path = tmp_path / "a.jsonl"
    content = b"".join(json.dumps(quoted).encode() + b"\n" for _, quoted, *_ in samples.SOURCES.values())
    samples.write_seeds(tmp_path / "seeds")
    for _ in times(600):
        path.write_bytes(mutated(content, rng))
        try:
            for drop in (False, True):
                align_all(read_quoted(path), tmp_path / "seeds", drop=drop)
        except CommuniqueError as error:
            assert str(error)


def test_layers(tmp_path, rng):
    path = tmp_path / "l.jsonl"
    jsonl.write(path, map(layers.dehydrate, samples.documents()))
    content = path.read_bytes()
    samples.write_seeds(tmp_path / "seeds")
    for _ in times(300):
        path.write_bytes(mutated(content, rng))
        try:
            documents, problems = layers.join(jsonl.numbered(path, layers.Layer), str(path), tmp_path / "seeds")
        except CommuniqueError as error:
            assert str(error)
        else:
            valid(documents, tmp_path / "found.out.jsonl")
            assert all(problem.id and problem.message for problem in problems)


def test_json_lines(tmp_path, rng):
    path = tmp_path / "d.jsonl"
    jsonl.write(path, samples.documents())
    content = path.read_bytes()
    for _ in times(900):
        path.write_bytes(mutated(content, rng))
        assert all(problem.id and problem.line >= 0 for problem in validate_paths([path]))


def test_a_small_file_that_unpacks_to_gigabytes_is_refused(tmp_path):
    path = tmp_path / "bomb.jsonl.gz"
    line = msgspec.json.encode(samples.document()) + b"\n"
    with gzip.open(path, "wb", compresslevel=9) as file:
        for _ in range(200):
            file.write(line * 1000)
    (problem,) = validate_paths([path])
    assert problem.id == "unpacked-too-large"
    with pytest.raises(CommuniqueError, match="unpack"):
        list(jsonl.read(path, type(samples.document())))


def test_mutations_of_the_release_are_documents_or_problems(tmp_path, rng):
    path = tmp_path / "t.conll"
    conll.write(releases.load("dev")[:1], path)
    survive(lambda: conll.read(path), path, path.read_bytes(), 60, rng)
