"""Every importer on thousands of mutated files: documents or named problems, never a traceback."""

import gzip
import json
import random

import msgspec
import pytest

import samples
from communique import jsonl, layers, releases
from communique.build.quoted import align_all, read_quoted
from communique.formats import cas, conll, huggingface, label_studio, polnear
from communique.formats.brat import folder as brat
from communique.problems import CommuniqueError, Problem
from communique.validation import validate_documents, validate_paths

SEED = 20_331
POLNEAR = (
    "T1\tSource 0 9\tThe mayor\nT2\tCue 10 14\tsaid\nT3\tContent 15 21;25 29\tno way ever\n"
    "T4\tAttribution 10 14\tsaid\nE1\tAttribution:T4 Content:T3 Cue:T2 Source:T1\n"
)


def mutated(content: bytes, rng: random.Random) -> bytes:
    """Cut, double, shuffle, swap or overwrite some of a file."""
    at, to = sorted(rng.randrange(len(content) + 1) for _ in range(2))
    return rng.choice(MUTATIONS)(content, at, to, rng)


ODD = [b"-1", b"99999999999999999999", b"null", b"{}", b"\xed\xa0\x80", b"\x00", b"1e999", b"\t", b"\n", b"\xff\xfe"]


def _shuffled(content, at, to, rng):
    lines = content.split(b"\n")
    rng.shuffle(lines)
    return b"\n".join(lines)


def _digit(content, at, to, rng):
    place = rng.choice([i for i, byte in enumerate(content) if 48 <= byte < 58] or [0])
    return content[:place] + bytes([48 + rng.randrange(10)]) + content[place + 1 :]


def _recoded(content, at, to, rng):
    return content.decode("utf-8", "replace").encode(rng.choice(["utf-16", "latin-1"]), "replace")


MUTATIONS = [
    lambda content, at, to, rng: content[:at],
    lambda content, at, to, rng: content[:at] + content[to:],
    lambda content, at, to, rng: content[:to] + content[at:to] + content[to:],
    lambda content, at, to, rng: content[:at] + rng.randbytes(rng.randrange(1, 9)) + content[at:],
    lambda content, at, to, rng: content[:at] + (odd := rng.choice(ODD)) + content[at + len(odd) :],
    _shuffled,
    _digit,
    _recoded,
]


def survive(read, path, content, times, rng, files=()):
    """Read mutations of a file; whatever comes back must be documents that validate, or problems with a name."""
    seen = {"documents": 0, "problems": 0}
    for _ in range(times):
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
        for problem in validate_documents({"x": found.documents}, {}):
            assert problem.level != "schema"
        seen["documents"] += bool(found.documents)
        seen["problems"] += bool(found.problems)
    assert seen["problems"] > 0
    return seen


@pytest.fixture
def rng(request):
    return random.Random(f"{SEED}{request.node.name}")


def test_brat(tmp_path, rng):
    brat.write([samples.document()], tmp_path)
    ann, txt = tmp_path / "made" / "one.ann", tmp_path / "made" / "one.txt"
    survive(lambda: brat.read(tmp_path), ann, ann.read_bytes(), 2500, rng, [(txt, txt.read_bytes())])


def test_polnear(tmp_path, rng):
    for name in ("text", "attributions"):
        (tmp_path / "dev" / name).mkdir(parents=True)
    txt, ann = tmp_path / "dev" / "text" / "a.txt", tmp_path / "dev" / "attributions" / "a_4b22.ann"
    txt.write_text("The mayor said no way but ever, é 🚩.\n", encoding="utf-8")
    (tmp_path / "metadata.tsv").write_text("filename\tpublication_date\na\t2016-13-45\n")
    seen = survive(lambda: polnear.read(tmp_path), ann, POLNEAR.encode(), 2500, rng, [(txt, txt.read_bytes())])
    assert seen["documents"] > 1000


def test_label_studio(tmp_path, rng):
    path = tmp_path / "t.json"
    label_studio.write([samples.document()], path)
    survive(lambda: label_studio.read(path), path, path.read_bytes(), 2000, rng)


def test_conll(tmp_path, rng):
    path = tmp_path / "t.conll"
    conll.write(samples.documents(), path)
    survive(lambda: conll.read(path), path, path.read_bytes(), 2500, rng)


def test_cas(tmp_path, rng):
    cas.write([samples.document("made/two")], tmp_path)
    path, types = tmp_path / "made" / "two.xmi", tmp_path / cas.TYPES
    survive(lambda: cas.read(tmp_path), path, path.read_bytes(), 400, rng, [(types, types.read_bytes())])


def test_parquet(tmp_path, rng):
    huggingface.write(samples.documents(), tmp_path)
    path = tmp_path / "documents.parquet"
    survive(lambda: huggingface.read(tmp_path), path, path.read_bytes(), 300, rng)


def test_quotes(tmp_path, rng):
    path = tmp_path / "a.jsonl"
    content = b"".join(json.dumps(quoted).encode() + b"\n" for _, quoted, *_ in samples.SOURCES.values())
    samples.write_seeds(tmp_path / "seeds")
    for _ in range(1000):
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
    for _ in range(500):
        path.write_bytes(mutated(content, rng))
        try:
            documents, problems = layers.join(
                enumerate(jsonl.read(path, layers.Layer), 1), str(path), tmp_path / "seeds"
            )
        except CommuniqueError as error:
            assert str(error)
        else:
            assert all(isinstance(document.text, str) for document in documents)
            assert all(problem.id for problem in problems)


def test_json_lines(tmp_path, rng):
    path = tmp_path / "d.jsonl"
    jsonl.write(path, samples.documents())
    content = path.read_bytes()
    for _ in range(1500):
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
