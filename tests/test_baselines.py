import json

import msgspec
import numpy as np
import pytest

import samples
from communique import baselines, releases, resources
from communique.baselines import Source, without_types
from communique.baselines.lexicon import lexicon
from communique.baselines.linear import WEIGHTS, Fitted, Linear
from communique.baselines.surface import Surface
from communique.checks import span_faults, unit_faults
from communique.labels import Rhetoric
from communique.problems import CommuniqueError
from communique.score.evaluate import as_prediction

TEXTS = [
    "",
    "\n",
    "Nothing is said here.\n",
    "“No”\n",
    "said\n",
    '"He said "no" and "no," she said "\n',
    "The minister said that the dam would stay shut.\n",
    "🚩 Éra Vint, said: “🚩 no” — and left… “yes\n“no\n",
    "A: yes.\nB: no.\nC: said so.\n",
]


def gold():
    return samples.documents()


def sources(documents, given=False):
    return [Source(id=d.id, text=d.text, layer=without_types(d) if given else None) for d in documents]


@pytest.fixture(params=baselines.NAMES)
def fitted(request):
    return baselines.create(request.param).fit(gold())


def test_predictions_are_valid_for_any_text(fitted):
    for number, text in enumerate(TEXTS):
        (prediction,) = fitted.predict([Source(id=f"t{number}", text=text)])
        assert list(span_faults(prediction, text)) == []
        pardoned = {"unit-unused"} if fitted.name == "crf" else set()
        assert {name for name, _ in unit_faults(prediction)} <= pardoned
        assert all(claim.rhetoric for claim in prediction.claims)


def test_given_claims_are_kept_and_typed(fitted):
    for document, prediction in zip(gold(), fitted.predict(sources(gold(), given=True)), strict=True):
        assert [claim.spans for claim in prediction.claims] == [claim.spans for claim in document.claims]
        assert prediction.attributions == document.attributions
        for claim in prediction.claims:
            assert sum(claim.probabilities.values()) == pytest.approx(1, abs=1e-3)
            assert claim.probabilities[claim.rhetoric] == max(claim.probabilities.values())


def test_saving_and_loading_changes_nothing(fitted, tmp_path):
    fitted.save(tmp_path / "model")
    again = baselines.load(tmp_path / "model")
    assert type(again) is type(fitted)
    assert again.predict(sources(gold())) == fitted.predict(sources(gold()))
    kinds = {path.suffix for path in (tmp_path / "model").rglob("*") if path.is_file()}
    assert kinds <= {".json", ".gz", ".skops", ".npz"}


def test_fitting_twice_gives_the_same_model():
    first, second = (baselines.create("linear").fit(gold()).predict(sources(gold(), True)) for _ in range(2))
    assert first == second


def test_the_majority_is_the_most_frequent_type():
    document = gold()[2]
    model = baselines.create("majority").fit([document, document, gold()[1]])
    assert model.label is Rhetoric.DEMAND, "of equally frequent ones the first of the taxonomy"


def test_linear_learns_what_it_is_shown():
    documents = releases.load("train")[:12]
    model = baselines.create("linear").fit(documents)
    pairs = [
        (claim.rhetoric, guess.rhetoric)
        for document, prediction in zip(documents, model.predict(sources(documents, True)), strict=True)
        for claim, guess in zip(document.claims, prediction.claims, strict=True)
    ]
    assert np.mean([a == b for a, b in pairs]) > 0.7, "rules alone: 0.55"


def test_linear_learns_two_types():
    (document,) = [document for document in gold() if len({claim.rhetoric for claim in document.claims}) == 2]
    (typed,) = Linear().fit([document]).predict(sources([document], True))
    assert [claim.rhetoric for claim in typed.claims] == [claim.rhetoric for claim in document.claims]


def trusting(documents, **parameters):
    return Linear({**resources.settings("linear"), **parameters}).fit(documents)


def test_linear_that_trusts_the_rules_says_what_they_say():
    documents, asked = releases.load("train"), sources(releases.load("dev"), True)
    said = [claim.rhetoric for layer in baselines.create("rules").predict(asked) for claim in layer.claims]
    for trust, least, most in ((1e6, 1.0, 1.0), (0.0, 0.0, 0.7)):
        model = trusting(documents, trust={"cue": trust, "content": trust}, doubt=1e6)
        learned = [claim.rhetoric for layer in model.predict(asked) for claim in layer.claims]
        assert least <= np.mean([a is b for a, b in zip(said, learned, strict=True)]) <= most


def test_cue_and_content_are_trusted_apart():
    documents, asked = releases.load("train"), sources(releases.load("dev"), True)
    rules = baselines.create("rules").predict(asked)
    model = trusting(documents, trust={"cue": 1e6, "content": 0.0}, doubt=1e6)
    same = {True: [], False: []}
    for one, other in zip(rules, model.predict(asked), strict=True):
        cues = {cue.id: " ".join(span.text for span in cue.spans) for cue in one.cues}
        words = {item.id: cues.get(item.cue, "") for item in one.attributions}
        for a, b in zip(one.claims, other.claims, strict=True):
            same[lexicon().cue_type(words[a.attribution]) is not None].append(a.rhetoric is b.rhetoric)
    assert np.mean(same[True]) == 1
    assert np.mean(same[False]) < 0.8


def test_a_temperature_flattens_probabilities_and_moves_no_type():
    model, asked = Linear().fit(gold()), sources(gold(), True)
    told = []
    for temperature in (0.2, 2.0):
        model.fitted = msgspec.structs.replace(model.fitted, temperature=temperature)
        told.append([claim for layer in model.predict(asked) for claim in layer.claims])
    for cold, warm in zip(*told, strict=True):
        assert cold.rhetoric is warm.rhetoric
        assert cold.probabilities[cold.rhetoric] > warm.probabilities[cold.rhetoric]


def test_shares_are_counts_with_doubt_and_balance():
    model = trusting(gold(), doubt=0.5, balance=0.0)
    types = [str(claim.rhetoric) for document in gold() for claim in document.claims if claim.rhetoric]
    shares = model.fitted.shares["cue:threat"]
    assert sorted(shares) == sorted(set(types))
    assert sum(shares.values()) == pytest.approx(1)
    even = trusting(gold(), doubt=0.5, balance=1.0).fitted.shares["content:denial"]
    plain = model.fitted.shares["content:denial"]
    most = max(sorted(set(types)), key=types.count)
    assert even[most] < plain[most], "what is frequent weighs less where types weigh alike"


@pytest.mark.parametrize(
    ("cue", "label"),
    [
        ("said:", None),
        ("warned,", "warning"),
        ("calling for", "appeal"),
        ("has called repeatedly for", None),
        ("was attacked by", "condemnation"),
        ("spoke out in support of", "endorsement"),
        ("refused to endorse", "endorsement"),
        ("refused to say", None),
        ("campaigned against", "rejection"),
        ("suggested", None),
        ("hoped", "prediction"),
    ],
)
def test_the_last_word_that_tells_a_type_decides(cue, label):
    assert lexicon().cue_type(cue) == label


def test_every_cue_of_the_lexicon_tells_its_type():
    listed = [(entry, label) for label, entries in resources.settings("rules")["cues"].items() for entry in entries]
    assert len(listed) == len({entry for entry, _ in listed})
    for entry, label in listed:
        assert (lexicon().cue_type(f"had {entry}") or "assertion") == label, entry


def test_words_that_only_type_a_cue_find_none():
    text = "Orla Vint attacked the dam with a spade. Tarn cheered the boats.\n"
    (found,) = baselines.create("rules").predict([Source(id="t", text=text)])
    assert found.attributions == ()


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("the harbour master is a disgrace to the quay", "condemnation"),
        ("the harbour master stole the grain", "accusation"),
        ("no boat was lost", "assertion"),
        ("there was no wrongdoing at the lock", "denial"),
        ("the lock will open in spring", "prediction"),
    ],
)
def test_contents_tell_a_type_where_the_cue_is_neutral(words, label):
    assert lexicon().content_type(words) == label


def test_probabilities_of_linear_are_tempered():
    """At twice the temperature they are in proportion to the roots of what they were."""
    model = baselines.create("linear").fit(gold())
    cold, warm = [], []
    for temperature, told in ((1.0, cold), (2.0, warm)):
        model.fitted = Fitted(temperature=temperature, shares=model.fitted.shares)
        found = model.predict(sources(gold(), given=True))
        told += [[*claim.probabilities.values()] for one in found for claim in one.claims]
    roots = np.sqrt(cold)
    assert np.allclose(warm, roots / roots.sum(axis=1, keepdims=True), atol=1e-3)
    assert np.ptp(cold) > np.ptp(warm) + 0.01


def test_the_types_a_system_is_given_are_gone():
    layer = without_types(samples.document())
    assert {(c.rhetoric, c.also, c.targets, c.conditional, c.negated) for c in layer.claims} == {
        (None, None, (), False, False)
    }
    assert [claim.spans for claim in layer.claims] == [
        claim.spans for claim in as_prediction(samples.document()).claims
    ]


@pytest.mark.parametrize(
    ("text", "speaker", "cue", "claim"),
    [
        ("The minister said that the dam would stay shut.\n", "The minister", "said", "that the dam would stay shut"),
        ("“We will wait,” said Orla Vint.\n", "Orla Vint", "said", "“We will wait,”"),
        ("Maro has denied any part in it.\n", "Maro", "has denied", "any part in it"),
        (
            "According to the harbour master, nobody was hurt.\n",
            "the harbour master",
            "According to",
            "nobody was hurt",
        ),
    ],
)
def test_rules_find_the_plain_cases(text, speaker, cue, claim):
    (found,) = baselines.create("rules").predict([Source(id="t", text=text)])
    assert [[s.text for s in unit.spans] for unit in (*found.speakers, *found.cues)] == [[speaker], [cue]]
    assert [[s.text for s in c.spans] for c in found.claims] == [[claim]]


def test_rules_join_names_and_pronouns_to_one_entity():
    text = "Minister Orla Vint said the lock was shut. She added that it would stay so. Vint denied a quarrel.\n"
    (found,) = baselines.create("rules").predict([Source(id="t", text=text)])
    assert len({item.entities for item in found.attributions}) == 1
    assert len(found.attributions) == 3


def test_transcripts_and_speeches_are_recognised():
    transcript = Surface("MS VINT: Good day.\nQ (Wire): Why?\nMS VINT: Because.\n")
    assert transcript.transcript
    assert [transcript.text[s:e] for s, e in map(transcript.label, transcript.paragraphs)] == [
        "MS VINT",
        "Q (Wire)",
        "MS VINT",
    ]
    assert Surface("My friends.\nWe will not wait. I promise it.\n").authored
    assert not Surface("He said: “We will not wait. I promise it.”\n").authored


def test_misuse_is_told(tmp_path):
    with pytest.raises(CommuniqueError, match="no baseline 'oracle'"):
        baselines.create("oracle")
    with pytest.raises(CommuniqueError, match="not fitted"):
        baselines.create("linear").predict(sources(gold()))
    with pytest.raises(CommuniqueError, match="two types"):
        baselines.create("linear").fit([gold()[1]])
    with pytest.raises(CommuniqueError, match="no model here"):
        baselines.load(tmp_path)


def test_weights_with_anything_unknown_inside_are_refused(tmp_path):
    import skops.io

    baselines.create("linear").fit(gold()).save(tmp_path)
    skops.io.dump({"harm": Surface}, tmp_path / WEIGHTS)
    with pytest.raises(CommuniqueError, match="cannot be loaded safely"):
        baselines.load(tmp_path)
    (tmp_path / WEIGHTS).write_bytes(b"cos\nsystem\n")
    with pytest.raises(CommuniqueError, match="cannot be loaded safely"):
        baselines.load(tmp_path)


def test_a_model_card_of_another_form_is_refused(tmp_path, run):
    (tmp_path / "model.json").write_text(json.dumps({"name": "linear", "version": "0"}))
    code, _, err = run("predict", tmp_path, "x.txt")
    assert (code, "model.json:1" in err) == (1, True)
