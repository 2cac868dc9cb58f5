import itertools
import json

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

import samples
from communique.problems import CommuniqueError, DataError
from communique.records import Span
from communique.score.agreement import agree, by_annotator, cohen_kappa, krippendorff_alpha, mean_kappa


def units(first, second):
    return list(zip(first, second, strict=True))


def typed(document, *types, **fields):
    """Return a document whose claims have other types."""
    claims = [msgspec.structs.replace(c, rhetoric=t, also=None) for c, t in zip(document.claims, types, strict=True)]
    return msgspec.structs.replace(document, claims=tuple(claims), **fields)


def said_by_four():
    """Return a text with four claims, each said by one of four, and nothing else."""
    text = "Vint said no. Maro said yes. Tarn said wait. Reed said go."
    return samples.made(text, [("Vint", "no", "v"), ("Maro", "yes", "m"), ("Tarn", "wait", "t"), ("Reed", "go", "r")])


def versions(gold, **types):
    return {name: [typed(gold, *labels)] for name, labels in types.items()}


THREE = {
    "anna": ["threat", "threat", "denial", "warning"],
    "bert": ["threat", "denial", "denial", "threat"],
    "cleo": ["warning", "threat", "denial", "warning"],
}


def test_alpha_reproduces_the_worked_examples_of_its_author():
    """Krippendorff (2011), Computing Krippendorff's Alpha-Reliability: sections A (binary) and B (nominal)."""
    assert krippendorff_alpha(units("0100000010", "1110010000")) == pytest.approx(0.095, abs=5e-4)
    assert krippendorff_alpha(units("aabbdcccedda", "babbbcccedddd"[:12])) == pytest.approx(0.692, abs=5e-4)


def test_alpha_reproduces_its_author_s_example_with_gaps():
    """Section C: four observers, twelve units, values missing; nominal alpha is .743."""
    observers = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")
    found = krippendorff_alpha([label for label in unit if label != "."] for unit in zip(*observers, strict=True))
    assert found == pytest.approx(0.743, abs=5e-4)


def test_alpha_of_units_of_different_size():
    """Of four, two, two and two labels the ordered pairs weigh 1/3, 1, 1 and 1: by pooled pairs it would be .64."""
    assert krippendorff_alpha(["tttt", "dt", "dt", "dd"]) == 0.25
    assert krippendorff_alpha(["tttt", "dt", "dt", "dd", "t"]) == 0.25, "one label alone is no agreement"


def test_kappa_reproduces_a_hand_computed_table():
    table = [("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10 + [("no", "no")] * 15
    assert cohen_kappa(table) == pytest.approx(0.4)


labels = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=2, max_size=12)


@settings(max_examples=50)
@given(labels.filter(lambda pairs: len({x for pair in pairs for x in pair}) == 3))
def test_kappa_with_three_labels_is_one_less_disagreement_over_that_of_chance(pairs):
    n = len(pairs)
    by_chance = sum(a != b for a, _ in pairs for _, b in pairs) / n**2
    assert cohen_kappa(pairs) == pytest.approx(1 - sum(a != b for a, b in pairs) / n / by_chance, abs=1e-6)


@pytest.mark.parametrize("measure", [cohen_kappa, krippendorff_alpha])
def test_measures_are_undefined_without_variation_and_1_when_equal(measure):
    assert measure([]) is None
    assert measure([("a", "a")] * 5) is None
    assert measure([("a", "a"), ("b", "b")]) == 1


def test_the_mean_kappa_is_of_pairs_of_annotators_for_whom_it_is_defined():
    same, other, none = [("a", "a"), ("b", "b")], [("a", "b"), ("b", "a")], [("a", "a")]
    assert mean_kappa({"x": same, "y": other, "z": none}) == 0
    assert mean_kappa({"z": none}) is None


def test_kappa_of_three_annotators_is_the_mean_of_their_pairs():
    result = agree(versions(said_by_four(), **THREE))
    of_pairs = [cohen_kappa_score(THREE[a], THREE[b]) for a, b in itertools.combinations(THREE, 2)]
    assert len(set(of_pairs)) > 1
    assert (result.texts, result.annotators, result.matched) == (1, 3, 12)
    assert result.kappa == pytest.approx(sum(of_pairs) / 3, abs=1e-6)
    assert result.alpha == krippendorff_alpha(zip(*THREE.values(), strict=True))


@pytest.mark.parametrize("names", [*itertools.permutations("xyz")])
def test_what_annotators_are_called_is_nothing(names):
    """Pooled pairs gave another kappa by the order of the names: the marginals were those of firsts and seconds."""
    result = agree(versions(said_by_four(), **THREE))
    renamed = agree(versions(said_by_four(), **dict(zip(names, THREE.values(), strict=True))))
    for field in ("texts", "annotators", "matched", "kappa", "alpha", "family_kappa"):
        assert getattr(renamed, field) == getattr(result, field), field
    values = [
        {(s.task, s.unit, s.measure): s.value for s in found.scores.scores if s.group == "all"}
        for found in (result, renamed)
    ]
    assert values[0] == values[1]


def test_agreement_of_equal_annotations_is_whole():
    result = agree({"one": samples.documents(), "two": samples.documents()})
    assert (result.texts, result.annotators, result.matched, result.kappa, result.alpha) == (3, 2, 7, 1, 1)
    assert {score.value for score in result.scores.scores if score.gold} == {1.0}


def test_a_difference_in_type_is_counted_where_it_lies():
    first = samples.documents()
    claims = list(first[0].claims)
    claims[0] = msgspec.structs.replace(claims[0], rhetoric="warning")
    second = [msgspec.structs.replace(first[0], claims=tuple(claims)), *first[1:]]
    result = agree({"one": first, "two": second})
    threat = next(item for item in result.types if item.type == "threat")
    warning = next(item for item in result.types if item.type == "warning")
    assert (threat.first, threat.second, threat.both) == (1, 0, 0)
    assert (warning.first, warning.second, warning.both) == (0, 1, 0)
    assert result.kappa < 1
    assert result.family_kappa == 1


def shortened(document, share):
    """Return a document whose first claim has but a share of its characters."""
    first = document.claims[0]
    span = first.spans[0]
    end = span.start + round(share * (span.end - span.start))
    words = Span(start=span.start, end=end, text=document.text[span.start : end])
    return msgspec.structs.replace(
        document, claims=(msgspec.structs.replace(first, spans=(words,)), *document.claims[1:])
    )


@pytest.mark.parametrize(("share", "matched"), [(0.5, 2), (0.4, 1)])
def test_claims_that_overlap_by_less_than_half_are_not_the_same_claim(share, matched):
    text = "Vint said aaaaaaaaaa. Maro said yes."
    gold = samples.made(text, [("Vint", "aaaaaaaaaa", "v"), ("Maro", "yes", "m")])
    result = agree({"one": [gold], "two": [shortened(gold, share)]})
    assert result.matched == matched


def test_a_claim_under_the_threshold_takes_no_other_s_partner():
    """The long claim of one meets a part of it and a near copy of it: only the copy is the same claim."""
    text = "Vint said aaaaaaaaaa bbbbbbbbbb. Maro said yes."
    one = samples.made(text, [("Vint", "aaaaaaaaaa bbbbbbbbbb", "v"), ("Maro", "yes", "m")])
    two = samples.made(text, [("Vint", "aaa", "v"), ("Vint", "aa bbbbbbbbbb", "v"), ("Maro", "yes", "m")])
    assert agree({"one": [one], "two": [two]}).matched == 2


def test_all_pairs_of_one_text_are_one_cluster():
    """Twelve texts by three annotators are 36 comparisons, and twelve texts: an interval is over those."""
    texts = [msgspec.structs.replace(said_by_four(), id=f"made/{number:02}") for number in range(12)]
    by = {
        name: [typed(text, *(types if n % 3 else types[::-1])) for n, text in enumerate(texts)]
        for name, types in THREE.items()
    }
    by["bert"] = [
        msgspec.structs.replace(d, claims=d.claims[:3], attributions=d.attributions[:3], speakers=d.speakers[:3])
        if n % 4
        else d
        for n, d in enumerate(by["bert"])
    ]
    scores = agree(by).scores
    (content,) = [s for s in scores.scores if (s.task, s.measure, s.group) == ("full", "content", "all")]
    assert scores.documents == 36
    assert content.low < content.value < content.high
    few = agree({name: documents[:5] for name, documents in by.items()}).scores
    (content,) = [s for s in few.scores if (s.task, s.measure, s.group) == ("full", "content", "all")]
    assert (few.documents, content.low, content.reason) == (15, None, "gold in 5 clusters, fewer than 6")


def test_versions_of_a_text_are_compared_each_with_each():
    named = [msgspec.structs.replace(samples.document(), id=f"made/one@{name}") for name in "abc"]
    result = agree(by_annotator([*named, samples.document("made/two")]))
    assert (result.texts, result.annotators, result.scores.documents, result.kappa) == (1, 3, 3, 1)
    with pytest.raises(CommuniqueError, match="no two annotators have a text in common"):
        agree(by_annotator(samples.documents()))


def test_different_texts_cannot_be_compared():
    with pytest.raises(CommuniqueError, match="no two annotators have a text in common"):
        agree({"one": [samples.document("made/one")], "two": [samples.document("made/two")]})


def test_a_text_twice_by_one_annotator_is_refused():
    with pytest.raises(DataError, match="made/one"):
        agree({"one": [samples.document(), samples.document()], "two": [samples.document()]})


def annotations(folder):
    """Write the annotation of the samples in every form that can be compared, and their texts."""
    from communique import jsonl
    from communique.formats import brat, label_studio

    samples.write_everything(folder)
    brat.FORMAT.write(samples.documents(), folder / "brat")
    label_studio.write(samples.documents(), folder / "tasks.json")
    jsonl.write(folder / "predictions.jsonl", map(samples.layer, samples.SOURCES))
    for name, (_, quoted, *_) in samples.SOURCES.items():
        path = folder / f"quotes/{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(quoted), encoding="utf-8")
    rows = ({"id": quoted["id"], "answer": json.dumps(quoted)} for _, quoted, *_ in samples.SOURCES.values())
    (folder / "said.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


OF_OTHERS = ("in.jsonl", "brat", "predictions.jsonl", "in.answers.jsonl", "said.jsonl", "quotes")


@pytest.mark.parametrize("name", OF_OTHERS)
def test_annotations_are_compared_in_whatever_form_they_come(tmp_path, run, name):
    annotations(tmp_path)
    gold = tmp_path / "in.jsonl"
    code, out, err = run("agreement", gold, tmp_path / name, "--texts", gold, "--json")
    assert (code, err) == (0, "")
    result = json.loads(out)
    assert (result["texts"], result["matched"], result["kappa"]) == (3, 7, 1)


def test_exports_of_label_studio_are_compared_one_with_one_or_all_annotators_of_one(tmp_path, run):
    annotations(tmp_path)
    path = tmp_path / "tasks.json"
    assert json.loads(run("agreement", path, path, "--json")[1])["matched"] == 7
    tasks = json.loads(path.read_text(encoding="utf-8"))
    for task in tasks:
        (one,) = task["annotations"]
        task["annotations"] = [{**one, "completed_by": 1, "id": 1}, {**one, "completed_by": 2, "id": 2}]
    path.write_text(json.dumps(tasks), encoding="utf-8")
    result = json.loads(run("agreement", path, "--json")[1])
    assert (result["annotators"], result["matched"]) == (2, 7)


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["quotes", "brat"], "holds quotes, which are without their texts; name these with --texts"),
        (["said.jsonl", "brat"], "holds quotes, which are without their texts; name these with --texts"),
        (["predictions.jsonl", "brat"], "holds predictions, which are without their texts"),
        (["in.conll", "brat"], "import it first, communique import FORMAT"),
        (["empty", "brat"], "holds no .ann and no .json file"),
        (["brat"], "one annotator's folder; give the other's, too"),
    ],
)
def test_what_cannot_be_compared_says_what_to_do_instead(tmp_path, run, names, told):
    annotations(tmp_path)
    (tmp_path / "empty").mkdir()
    code, _, err = run("agreement", *(tmp_path / name for name in names))
    assert (code, told in err) == (2, True)
