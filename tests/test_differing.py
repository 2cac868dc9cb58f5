"""`communique diff`: documents that came, went and changed, claims told by their stretches, labels counted."""

import json
import shutil
from collections import Counter

import msgspec
import pytest

import samples
from communique import jsonl, releases
from communique.build.freeze import build
from communique.differing import Differences, Placed, Retyped, between
from communique.problems import CommuniqueError
from communique.records import Span
from communique.report.changes import label_grid, lines, summary

replace = msgspec.structs.replace
ONE, TWO, THREE = "made/one", "made/two", "made/three"
SAID = [("Ada", "no", "Ada"), ("Bo", "no", "Bo"), ("Cy", "yes", "Cy"), ("Di", "no", "Di")]


@pytest.fixture
def compared(tmp_path):
    """Return a function from two lists of documents to their differences."""

    def call(before, after):
        for name, documents in (("before", before), ("after", after)):
            jsonl.write(tmp_path / f"{name}.jsonl", documents)
        return between(str(tmp_path / "before.jsonl"), str(tmp_path / "after.jsonl"))

    return call


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Two releases: in the second a text moves to another split, and a type is another."""
    home = tmp_path_factory.mktemp("corpus")
    seeds = samples.write_seeds(home / "seeds", "0.1.0")
    build(seeds, home / "corpus")
    splits = {"lock": "test", "weir": "dev", "gate": "train"}
    samples.write_plan(seeds, version="0.1.1", splits=splits)
    for gold in (seeds / "annotations").glob("*/made/three.ann"):
        gold.write_text(gold.read_text(encoding="utf-8").replace("denial", "rejection"), encoding="utf-8")
    build(seeds, home / "corpus")
    return home / "corpus"


def with_types(document, *types):
    claims = (replace(claim, rhetoric=name) for claim, name in zip(document.claims, types, strict=True))
    return replace(document, claims=tuple(claims))


def test_a_set_is_the_same_as_itself_in_any_order(compared):
    found = compared(samples.documents(), samples.documents()[::-1])
    assert (found.added, found.gone, found.changed, found.unchanged) == ((), (), (), 3)
    assert not label_grid(found).rows
    assert all(a == b for of in found.counts.values() for counted in of.values() for a, b in counted.values())


def test_what_one_side_alone_has_is_added_or_gone(compared):
    one, two, three = samples.documents()
    found = compared([one, two], [three, two])
    assert found.added == (Placed(id=THREE, split="all"),)
    assert found.gone == (Placed(id=ONE, split="all"),)
    assert (found.changed, found.unchanged) == ((), 1)
    assert list(lines(found)) == [f"+ all  {THREE}", f"- all  {ONE}"]
    back = compared([three, two], [one, two])
    assert (back.added, back.gone) == (found.gone, found.added)


def test_fields_that_differ_are_named(compared):
    one = samples.document()
    found = compared([one], [replace(one, title=None, entities=one.entities[::-1])])
    assert list(lines(found)) == [f"~ all  {ONE}", "    title, entities"]
    (changed,) = found.changed
    assert changed.fields == ("title", "entities")
    assert (changed.gone, changed.added, changed.retyped) == (0, 0, ())


def test_claims_are_told_by_their_stretch_whatever_their_ids(compared):
    two = samples.document(TWO)
    types = [str(claim.rhetoric) for claim in two.claims]
    renamed = tuple(replace(claim, id=f"z{number}") for number, claim in enumerate(two.claims))
    (found,) = compared([two], [replace(two, claims=renamed)]).changed
    assert (found.fields, found.gone, found.added, found.retyped) == (("claims",), 0, 0, ())
    (found,) = compared([two], [with_types(two, "offer", *types[1:])]).changed
    assert (found.gone, found.added, found.retyped) == (0, 0, (Retyped(before=types[0], after="offer"),))
    three, fewer = (samples.made("Ada said no. Bo said no. Cy said yes.", SAID[:number]) for number in (3, 2))
    (found,) = compared([three], [fewer]).changed
    assert (found.gone, found.added, found.retyped) == (1, 0, ())
    first = two.claims[0]
    (span, *rest) = first.spans
    shorter = Span(start=span.start, end=span.end - 1, text=span.text[:-1])
    moved = replace(two, claims=(replace(first, spans=(shorter, *rest)), *two.claims[1:]))
    (found,) = compared([two], [moved]).changed
    assert (found.gone, found.added, found.retyped) == (1, 1, ())


def test_in_another_text_claims_are_told_by_their_words_as_often_as_they_stand(compared):
    before = samples.made("Ada said no. Bo said no. Cy said yes.", SAID[:3], types=["assertion", "denial", "offer"])
    text = "Noon. Ada said no. Bo said no. Cy said yes. Di said no."
    after = samples.made(text, SAID, types=["assertion", "rejection", "offer", "threat"])
    (found,) = compared([before], [after]).changed
    assert found.fields[0] == "text"
    assert (found.gone, found.added, found.retyped) == (0, 1, (Retyped(before="denial", after="rejection"),))


def test_releases_are_compared_with_their_splits(corpus):
    found = between(str(corpus / "0.1.0"), str(corpus / "0.1.1"))
    assert (found.before, found.after) == ("made@0.1.0", "made@0.1.1")
    assert [(one.id, one.before, one.after, one.fields) for one in found.changed] == [
        (THREE, "test", "train", ("claims",)),
        (ONE, "train", "test", ()),
    ]
    assert found.changed[0].retyped == (Retyped(before="denial", after="rejection"),)
    assert (found.added, found.gone, found.unchanged) == ((), (), 1)
    counted = [
        Counter({(split, name): n for split in ("train", "dev", "test") for name, n in counts(corpus, version, split)})
        for version in ("0.1.0", "0.1.1")
    ]
    told = {(split, name): pair for split, of in found.counts.items() for name, pair in of["made"].items()}
    assert told == {key: (counted[0][key], counted[1][key]) for key in {*counted[0], *counted[1]}}
    assert ["train", "made", "claims.rejection", "0", "1", "+1"] in label_grid(found).rows


def counts(corpus, version, split):
    return releases.manifest(corpus / version).counts[split]["made"].items()


def test_a_split_or_a_file_stands_for_itself(corpus, tmp_path):
    old, new = str(corpus / "0.1.0"), str(corpus / "0.1.1")
    found = between(f"{old}:test", f"{new}:test")
    assert (found.before, found.after) == ("made@0.1.0:test", "made@0.1.1:test")
    assert ([one.id for one in found.added], [one.id for one in found.gone]) == ([ONE], [THREE])
    assert between(f"{old}:all", new) == between(old, new)
    apart = shutil.copytree(old, tmp_path / "a:b" / "0.1.0")
    assert between(str(apart), new) == between(old, new)
    against = between(f"{old}/dev.jsonl", new)
    assert list(against.counts) == ["all"], "a file has no splits, so none are compared"
    assert (len(against.added), against.gone, against.changed, against.unchanged) == (2, (), (), 1)


def test_a_document_in_two_splits_is_refused(corpus, tmp_path):
    folder = tmp_path / "broken"
    folder.mkdir()
    for name in ("train", "dev", "test"):
        source = "train" if name == "dev" else name
        (folder / f"{name}.jsonl").write_bytes((corpus / "0.1.0" / f"{source}.jsonl").read_bytes())
    told = json.loads((corpus / "0.1.0" / "MANIFEST.json").read_text(encoding="utf-8"))
    told["counts"]["dev"] = told["counts"]["train"]
    (folder / "MANIFEST.json").write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(CommuniqueError, match="'made/one' is in train and in dev"):
        between(str(folder), str(corpus / "0.1.0"))


def test_the_command_prints_lines_and_a_table_within_80_columns(corpus, run):
    old, new = corpus / "0.1.0", corpus / "0.1.1"
    code, out, err = run("diff", old, new)
    assert (code, err) == (0, "")
    found = between(str(old), str(new))
    assert out.splitlines()[:4] == [
        "made@0.1.0 → made@0.1.1, documents: 0 added, 0 gone, 2 changed, 1 the same",
        "~ test → train  made/three",
        "    claims; claims: 1 retyped",
        "~ train → test  made/one",
    ]
    assert out.splitlines()[0] == summary(found)
    assert len(out.splitlines()) == 5 + len(label_grid(found).rows)
    code, out, _ = run("diff", "0.1.0", "0.2.0")
    assert code == 0
    assert max(map(len, out.splitlines())) <= 80


def test_the_command_gives_everything_as_json(corpus, run):
    old, new = corpus / "0.1.0", corpus / "0.1.1"
    code, out, _ = run("diff", old, new, "--json")
    assert code == 0
    assert msgspec.json.decode(out, type=Differences) == between(str(old), str(new))


@pytest.mark.parametrize("name", ["9.9.9", "0.1.0:half", "nowhere.jsonl"])
def test_what_is_not_there_is_misuse(run, name):
    code, out, err = run("diff", name, "0.1.0")
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert name in err
