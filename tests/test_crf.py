"""The crf baseline: tokens as columns, tables of weights, taggers against CRFsuite, links."""

import itertools
import re
import tempfile
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from communique import baselines, jsonl, releases, resources
from communique.baselines import Source
from communique.baselines.crf import lcrf, stacking
from communique.baselines.crf.crfsuite import FILLING, Sequences, Weights
from communique.baselines.crf.features import Features, Words, shape
from communique.baselines.crf.features_of_tags import _commas, earlier
from communique.baselines.crf.features_of_words import base
from communique.baselines.crf.linking import Linker
from communique.baselines.crf.model import WEIGHTS, Crf
from communique.baselines.crf.numbered import NONE, Numbered
from communique.baselines.crf.tagger import EDGED, Tagger
from communique.baselines.crf.weights import Tables, regression
from communique.baselines.crf.word_classes import classes
from communique.baselines.shared.decoding import LABELS, NEVER, best, stretches
from communique.baselines.shared.token_attributions import fragments, merged, said, tags
from communique.baselines.shared.token_table import hashed, mixed, pages
from communique.baselines.surface import Surface
from communique.problems import CommuniqueError
from communique.tokens import paragraphs, sentences, tokens
from samples import document

QUICK = {
    "seed": 13,
    "folds": 2,
    "clusters": [8],
    "enough": 0,
    "rows": 100_000,
    "ample": {
        "least": 1,
        "leans": [0.0],
        "spare": {},
        "rounds": 2,
        "crfsuite": {"default": [{"share": 1.0, "seed": 1, "algorithm": "pa", "max_iterations": 20}]},
    },
    "linker": {"C": 10.0},
    "holders": {"C": 1.0},
}
KNOWN = Words({"say": 4}, {"cue": {"say": 3}, "source": {}}, {"said": (1, 2)})
texts = st.lists(st.text("aB .?!“”\"'`«»\n,é", max_size=60), max_size=4)


@given(texts)
def test_pages_hold_every_token_once_in_order(given):
    table = pages(given)
    found = [(table.forms[form], a, b) for form, a, b in zip(table.form, table.start, table.end, strict=True)]
    assert found == [token for text in given for token in tokens(text)]
    for numbers in (table.document, table.paragraph, table.sentence):
        assert (np.diff(numbers) >= 0).all()
    inside = table.opened >= 0
    numbers = np.arange(len(table.form))
    assert ((table.opened <= numbers) & (numbers <= table.closed))[inside].all()
    assert (table.paragraph[table.opened[inside]] == table.paragraph[inside]).all()


@given(texts)
def test_pages_read_sentences_and_quotations_as_everybody_does(given):
    table = pages(given)
    opened, first = np.full(len(table.form), -1), np.zeros(len(table.form), bool)
    for number, text in enumerate(given):
        at = np.flatnonzero(table.document == number)
        for start, end in Surface(text).quotations:
            inside = at[(table.start[at] >= start) & (table.start[at] < end)]
            opened[inside] = inside[0]
        begins = [place[0] for paragraph in paragraphs(text) for place in (paragraph, *sentences(text, *paragraph))]
        first[at[np.searchsorted(table.start[at], begins)]] = True
    assert table.opened.tolist() == opened.tolist()
    assert (np.diff(table.sentence, prepend=-1) > 0).tolist() == first.tolist()


@given(texts.filter(lambda given: any(text.strip() for text in given)), texts)
def test_columns_of_a_text_do_not_depend_on_what_stands_beside_it(one, other):
    table = pages(one)
    size = len(table.form)
    alone = list(base(Features(table, KNOWN)))
    beside = list(base(Features(pages([*one, *other]), KNOWN)))
    assert all(np.array_equal(a, b[:size]) for a, b in zip(alone, beside, strict=True))


def test_quotations_close_unclosed_ones_at_the_paragraph():
    table = pages(["“A b,” he said. ''C d.'' “E\nf"])
    words = [table.forms[form] for form in table.form]
    quoted = "".join(word for word, opened in zip(words, table.opened, strict=True) if opened >= 0)
    assert quoted == "“Ab,”''Cd.''“E"


def test_shape_and_hashes():
    assert [shape(word) for word in ("McVeigh", "U", "2016", "well-known")] == ["AaAaa", "A", "00", "aa-aa"]
    numbers = hashed(["said", "says"])
    assert numbers.tolist() == hashed(["said", "says"]).tolist()
    assert mixed(numbers, numbers[::-1]).tolist() != mixed(numbers[::-1], numbers).tolist()


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20))))
def test_merged_stretches_hold_the_same_numbers_and_lie_apart(places):
    found = merged(sorted(places))
    assert {n for a, b in found for n in range(a, b)} == {n for a, b in places for n in range(a, b)}
    assert all(one[1] < other[0] for one, other in itertools.pairwise(found))


@given(arrays.arrays(np.int64, st.integers(0, 12), elements=st.integers(0, 2)), st.integers(0, 12))
def test_stretches_are_what_tags_mark_and_stay_in_their_text(row, cut):
    document = np.arange(len(row)) >= cut
    found = list(stretches(row, document.astype(np.int64)))
    assert {n for a, b in found for n in range(a, b)} == set(np.flatnonzero(row).tolist())
    assert all(row[a] == 1 or a in (0, cut) or row[a - 1] == 0 for a, _ in found)
    assert all((row[a + 1 : b] == 2).all() and len(set(document[a:b].tolist())) == 1 for a, b in found)


scores = arrays.arrays(np.float32, (7, 3), elements=st.integers(-9, 9).map(float))


@given(scores, arrays.arrays(np.float32, (3, 3), elements=st.integers(-5, 5).map(float)))
def test_no_tags_score_higher_than_the_best(emissions, transitions):
    bounds = np.array([0, 3, 4, 7])
    found = best(emissions, transitions, bounds)

    def total(row, first):
        inner = sum(transitions[a, b] for a, b in itertools.pairwise(row))
        return inner + sum(emissions[first + at, tag] for at, tag in enumerate(row))

    for first, end in itertools.pairwise(bounds.tolist()):
        highest = max(total(row, first) for row in itertools.product(range(3), repeat=end - first))
        assert total(found[first:end].tolist(), first) == pytest.approx(highest)


def _learnable():
    random = np.random.default_rng(13)
    columns = [random.integers(0, 9, 400) for _ in range(5)]
    row = np.where(columns[0] > 6, 1, np.where((columns[1] > 5) & (np.roll(columns[0], 1) > 6), 2, 0))
    return columns, row, np.arange(0, 401, 10)


def train(columns, row, bounds, trainings):
    features = Numbered([], []).beside(columns, 1)
    weights = Sequences(features, row, bounds).trained(trainings)
    return Tagger.of(features.keys, weights.features, weights.transitions)


def test_trainings_are_summed_by_their_shares():
    columns, row, bounds = _learnable()
    one = {"share": 1.0, "seed": 1, "algorithm": "pa", "max_iterations": 5}
    other = {"share": 1.0, "seed": 2, "algorithm": "l2sgd", "c2": 0.1, "max_iterations": 5}

    def weights(*trainings):
        model = train(columns, row, bounds, trainings)
        moves = model.transitions[model.transitions > NEVER]
        return np.append(model.tables.scores(columns), moves)

    both = weights({**one, "share": 0.5}, {**other, "share": 2.0})
    assert both == pytest.approx(0.5 * weights(one) + 2.0 * weights(other), abs=1e-4)
    assert not np.array_equal(weights(one), weights({**one, "seed": 3}))


def test_tables_tag_as_crfsuite_does(tmp_path):
    import pycrfsuite

    columns, row, bounds = _learnable()
    parameters = {"c1": 0.01, "c2": 0.1, "max_iterations": 50}
    model = train(columns, row, bounds, [{"share": 1.0, "seed": 1, "algorithm": "lbfgs", **parameters}])
    ours = model.tags(model.tables.scores(columns), bounds)
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", params=parameters, verbose=False)
    items = [[f"{count}:{column[at]}" for count, column in enumerate(columns)] for at in range(400)]
    for first, end in itertools.pairwise(bounds.tolist()):
        trainer.append(items[first:end], _edged("".join(LABELS[tag] for tag in row[first:end])))
    trainer.train(str(tmp_path / "model"))
    tagger = pycrfsuite.Tagger()
    with tagger.open(str(tmp_path / "model")):
        theirs = [tag for a, b in itertools.pairwise(bounds.tolist()) for tag in tagger.tag(items[a:b])]
    assert [LABELS[tag] for tag in ours] == [{"E": "I", "S": "B"}.get(tag, tag) for tag in theirs]


def _edged(tags: str) -> list[str]:
    """Mark ends, and fragments of one token."""
    return list(re.sub(r"I(?!I)", "E", re.sub(r"B(?!I)", "S", tags)))


def test_models_are_read_as_crfsuite_tells_them(tmp_path):
    import pycrfsuite

    trainer = pycrfsuite.Trainer(algorithm="pa", params={"max_iterations": 5}, verbose=False)
    random = np.random.default_rng(13)
    for _ in range(20):
        trainer.append([[f"{number:03}" for number in random.integers(0, 99, 3)] for _ in range(9)], list("OBIOOBIIO"))
    trainer.train(str(tmp_path / "model"))
    model = lcrf.read(tmp_path / "model", 3)
    tagger = pycrfsuite.Tagger()
    with tagger.open(str(tmp_path / "model")):
        told = tagger.info()
    named = {lcrf.STATE: model.names.tolist(), lcrf.MOVE: model.labels}
    for kind, theirs in ((lcrf.STATE, told.state_features), (lcrf.MOVE, told.transitions)):
        rows = model.features[model.features["kind"] == kind].tolist()
        ours = {(named[kind][one].decode(), model.labels[other].decode()): weight for _, one, other, weight in rows}
        assert ours == pytest.approx(theirs, abs=1e-6)
    (tmp_path / "model").write_bytes((tmp_path / "model").read_bytes().replace(b"FOMC", b"FOME"))
    with pytest.raises(CommuniqueError, match="another format"):
        lcrf.read(tmp_path / "model", 3)


@given(st.lists(st.tuples(st.integers(-3, 3), st.booleans()), min_size=1, max_size=30))
def test_regression_scores_are_log_odds_of_scikit_learn(rows):
    from sklearn.linear_model import LogisticRegression

    numbers, labels = (np.array(column) for column in zip(*rows, strict=True))
    columns = [np.zeros(len(rows), np.int64), numbers]
    model = regression(columns, labels, 1.0)
    found = model.scores(columns)[:, 0]
    if len(set(labels.tolist())) == 1:
        assert (np.sign(found) == (1 if labels[0] else -1)).all()
        return
    table = (numbers[:, None] == np.unique(numbers)).astype(float)
    theirs = LogisticRegression(max_iter=500).fit(np.hstack([np.ones((len(rows), 1)), table]), labels)
    wanted = theirs.decision_function(np.hstack([np.ones((len(rows), 1)), table]))
    assert found == pytest.approx(wanted, abs=1e-3)


def _tables(random, columns, labels):
    numbers = [np.unique(random.choice(9, 4)) for _ in range(columns)]
    return Tables.of(numbers, [random.normal(size=(len(found), labels)).astype(np.float32) for found in numbers])


@given(st.integers(0, 2**32 - 1), st.integers(1, 3), st.integers(1, 3))
def test_tables_beside_each_other_score_as_each_alone(seed, columns, count):
    random = np.random.default_rng(seed)
    tables = [_tables(random, columns, 1 + number) for number in range(count)]
    rows = [random.integers(0, 12, 20) for _ in range(columns)]
    alone = np.concatenate([table.scores(rows) for table in tables], axis=1)
    assert np.array_equal(Tables.beside(tables).scores(rows), alone)


@given(st.integers(0, 2**32 - 1), st.integers(1, 3), st.integers(1, 3))
def test_pruned_tables_are_the_same_when_they_are_read_again_and_near_what_they_were(seed, columns, labels):
    random = np.random.default_rng(seed)
    table = _tables(random, columns, labels)
    rows = [random.integers(0, 12, 20) for _ in range(columns)]
    pruned = table.pruned()
    again = Tables.read(pruned.arrays("x"), "x")
    assert np.array_equal(again.scores(rows), pruned.scores(rows))
    steps = sum(np.abs(weights).max(initial=0) / 64 for weights in table.weights)
    assert np.abs(pruned.scores(rows) - table.scores(rows)).max(initial=0) <= steps / 2 + 1e-5
    assert pruned.arrays("x")["x/weights"].dtype == np.int8


def test_the_rows_of_greatest_weights_are_kept():
    keys = [np.array([3, 5, 8]), np.array([1, 2])]
    table = Tables.of(keys, [np.array([[0.1, -4.0], [0.2, 0.3], [2.0, 0.0]]), np.array([[1.0, 0.0], [0.5, -0.5]])])
    assert table.strengths().tolist() == pytest.approx([4.0, 0.3, 2.0, 1.0, 0.5])
    kept = table.pruned(0.9)
    assert [found.tolist() for found in kept.keys] == [[3, 8], [1]]
    assert kept.scores([np.array([3, 5, 8]), np.array([1, 2, 9])]).tolist() == [[1.09375, -4.0], [0.0, 0.0], [2.0, 0.0]]


def test_what_occurs_too_seldom_is_no_feature():
    columns = [np.array([7, 7, 4, 9]), np.array([1, 2, 2, 2])]
    found = Numbered([], []).beside(columns[:1], 2).beside(columns[1:], 2)
    again = Numbered([], []).beside(columns, 2)
    assert all(np.array_equal(one, other) for one, other in zip(found.rows, again.rows, strict=True))
    assert [keys.tolist() for keys in found.keys] == [[7], [2]]
    assert [row.tolist() for row in found.rows] == [[0, 0, NONE, NONE], [NONE, 1, 1, 1]]
    weights = np.array([[1.0, 0.0], [0.0, 10.0]], np.float32)
    assert found.scores(weights, np.array([True, True, False, True])).tolist() == [[1, 0], [1, 10], [0, 10]]


def test_a_part_that_is_left_out_teaches_nothing():
    columns, row, bounds = _learnable()
    part = (np.arange(400) >= 200).astype(np.int64)
    features = Numbered([], []).beside(columns, 1)
    training = {"share": 1.0, "seed": 1, "algorithm": "lbfgs", "c2": 0.1, "max_iterations": 20}
    without = Sequences(features, row, bounds, part).trained([training], 1)
    half = Numbered(features.keys, [numbers[:200] for numbers in features.rows])
    alone = Sequences(half, row[:200], bounds[bounds <= 200]).trained([training])
    assert without.features == pytest.approx(alone.features, abs=1e-4)
    assert np.abs(Sequences(features, row, bounds, part).trained([training]).features - alone.features).max() > 0.01


def test_gold_stretches_come_back_from_tags():
    documents = [document()]
    table = pages([documents[0].text])
    attributions = said(documents, table)
    rows = tags(attributions, len(table.form))
    for role in ("cue", "source"):
        assert set(stretches(rows[role], table.document)) == fragments(attributions, role)
    found = {place for role in ("content", "inner") for place in stretches(rows[role], table.document)}
    assert found == fragments(attributions, "content")


def test_earlier_tags_tell_later_models_of_the_nearest():
    features = Features(pages(["Vint said no."]), KNOWN)
    one, other = (list(earlier(features, {"cue": np.array(row)}, "content")) for row in ([0, 1, 0, 0], [0, 0, 1, 0]))
    assert any(not np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_earlier_tags_tell_of_commas_between_and_of_the_sentence_only():
    features = Features(pages(["Vint said no, no. No."]), KNOWN)
    none, first = np.full(features.size, -1), np.zeros(features.size, np.int64)
    assert features.in_sentence(first).tolist() == [0, 0, 0, 0, 0, 0, -1, -1]
    since, until = _commas(features, none, none)
    assert since.tolist() == [0, 0, 0, 1, 1, 1, 0, 0]
    assert until.tolist() == [1, 1, 1, 0, 0, 0, 0, 0]


@pytest.fixture(scope="module")
def fitted() -> Crf:
    documents = releases.part("0.1.0:train")[0][:4]
    return Crf(QUICK).fit(documents)


def test_it_finds_again_what_it_was_shown(fitted):
    documents = releases.part("0.1.0:train")[0][:4]
    table = pages([document.text for document in documents])
    wanted = fragments(said(documents, table), "cue")
    found = fitted.taggers.parts(Features(table, fitted.words))[0]["cue"]
    assert 2 * len(wanted & found) / (len(wanted) + len(found)) > 0.8
    assert any(claim.rhetoric for layer in fitted.predict(map(source, documents)) for claim in layer.claims)


def test_who_leans_further_finds_more_beside_what_is_sure(fitted):
    features = Features(pages([document.text for document in releases.part("0.1.0:dev")[0]]), fitted.words)
    stages = [(role, replace(tagger, spare=1.0 * (role == "cue"))) for role, tagger in fitted.taggers.stages]
    sure, wide = replace(fitted.taggers, stages=stages).parts(features)
    extra = wide["cue"] - sure["cue"]
    assert extra and sure["cue"] < wide["cue"]
    assert (sure["source"], sure["content"]) == (wide["source"], wide["content"])
    assert all(end <= first or last <= start for first, last in extra for start, end in sure["cue"])


def source(document):
    return Source(id=document.id, text=document.text)


def test_predictions_do_not_depend_on_what_is_predicted_with_them(fitted):
    sources = [source(document) for document in releases.part("0.1.0:dev")[0][:3]]
    together = fitted.predict(sources)
    assert together == [fitted.predict([one])[0] for one in sources]


def test_same_documents_same_model(fitted):
    again = Crf(QUICK).fit(releases.part("0.1.0:train")[0][:4])
    sources = [source(document) for document in releases.part("0.1.0:dev")[0][:2]]
    assert again.predict(sources) == fitted.predict(sources)


def test_progress_adds_up_to_what_was_announced(monkeypatch):
    total, heard, told = [], [], []

    @contextmanager
    def progress(passes):
        total.append(passes)
        yield SimpleNamespace(begin=told.append, advance=heard.append)

    monkeypatch.setattr(stacking, "progress", progress)
    Crf(QUICK).fit(releases.part("0.1.0:train")[0][:2])
    assert sum(heard) == pytest.approx(total[0])
    assert told[0] == "learning cue (1 of 7)"
    assert len(told) == 7


def test_only_the_last_tagger_of_a_role_is_trained_more_than_once_and_spares():
    trainings = [{"seed": 1, "max_iterations": 10}, {"seed": 2, "max_iterations": 5}]
    training = {"rounds": 2, "crfsuite": {"default": trainings}, "spare": {"cue": 0.5}}
    turns = stacking._turns({role: np.array([1]) for role in ("cue", "source", "content", "inner")}, training)
    assert [(turn.role, len(turn.trainings), turn.spare) for turn in turns] == [
        ("cue", 1, 0.0),
        ("source", 1, 0.0),
        ("content", 1, 0.0),
        ("cue", 2, 0.5),
        ("source", 2, 0.0),
        ("content", 2, 0.0),
        ("inner", 2, 0.0),
    ]
    assert [turn.passes(2) for turn in turns[:4:3]] == [FILLING + 10 * 3, FILLING + 10 * 3 + 5]


def test_texts_are_tagged_by_models_that_have_not_seen_them():
    table = pages(["Vint said no.", "Oru said no."])
    features = Numbered([], []).beside([table.form], 1)
    assert features.size == 5
    begins, none = (np.full((features.size, 5), 1.0, np.float32) * np.eye(5, dtype=np.float32)[tag] for tag in (4, 0))
    models = {fold: Weights(weights, np.zeros((5, 5), np.float32)) for fold, weights in enumerate((begins, none))}
    wanted = np.array([1, 1, 1, 1, 0, 0, 0, 0])
    found, lean = stacking._held_out(features, wanted, table, table.document, models, [-5.0, 0.0, 5.0])
    assert found.tolist() == wanted.tolist()
    assert lean == 0.0


def test_so_many_rows_of_weights_are_kept_as_are_set(fitted):
    model = Crf({**QUICK, "rows": 500}).fit(releases.part("0.1.0:train")[0][:4])
    few, many = (_strengths(taggers) for taggers in (model.taggers, fitted.taggers))
    assert 450 < len(few) <= 500 < len(many)
    assert (many > 1.1 * few.min()).sum() <= 500


def _strengths(taggers):
    """The greatest weight of each row of each tagger that has one, signs apart."""
    tables = [taggers.base, *(tagger.tables for _, tagger in taggers.stages)]
    rows = [np.abs(weights).reshape(-1, len(EDGED)).max(axis=1) for table in tables for weights in table.weights]
    found = np.concatenate(rows)
    return found[found > 0]


def test_little_to_learn_from_is_learnt_from_otherwise(fitted):
    plain = {"share": 1.0, "seed": 1, "algorithm": "lbfgs", "c2": 0.1, "max_iterations": 20}
    scarce = {"least": 1, "leans": [0.5], "spare": {"cue": 2.0}, "rounds": 1, "crfsuite": {"default": [plain]}}
    model = Crf({**QUICK, "enough": 10**9, "scarce": scarce}).fit(releases.part("0.1.0:train")[0][:4])
    assert [(tagger.lean, tagger.spare) for role, tagger in model.taggers.stages if role == "cue"] == [(0.5, 2)]
    assert [tagger.spare for role, tagger in fitted.taggers.stages if role == "cue"] == [0, 0]


def test_saved_and_loaded_it_predicts_the_same(fitted):
    sources = [source(document) for document in releases.part("0.1.0:dev")[0][:2]]
    with tempfile.TemporaryDirectory() as name:
        fitted.save(Path(name))
        assert baselines.load(Path(name)).predict(sources) == fitted.predict(sources)
        assert fitted.predict(sources)[0] == msgspec.json.decode(
            jsonl.encode(fitted.predict(sources)[0]), type=type(fitted.predict(sources)[0])
        )


@pytest.mark.parametrize("text", ["", "\n\n", ".", "“", "Said."])
def test_texts_with_nothing_to_find(fitted, text):
    (found,) = fitted.predict([Source(id="x", text=text)])
    assert found.id == "x"


def test_weights_that_hold_objects_are_refused(fitted, tmp_path):
    fitted.save(tmp_path)
    with (tmp_path / WEIGHTS).open("wb") as file:
        np.savez(file, cue=np.array([{"a": 1}], dtype=object))
    with pytest.raises(CommuniqueError, match="train it again"):
        baselines.load(tmp_path)


def test_it_says_what_it_needs():
    with pytest.raises(CommuniqueError, match="call fit first"):
        Crf(QUICK).predict([Source(id="x", text="x")])
    with pytest.raises(CommuniqueError, match="have none"):
        Crf(QUICK).fit([msgspec.structs.replace(document(), attributions=(), claims=(), speakers=(), cues=())])


def test_where_attributions_have_cues_as_a_rule_contents_without_belong_to_none():
    documents = [document()]
    features = Features(pages([documents[0].text]), KNOWN)
    attributions = said(documents, features.table)
    alone = {"cue": set(), "source": set(), "content": fragments(attributions, "content")}
    assert all(item.cue for item in attributions)
    linker = Linker.fit(features, attributions)
    assert linker.attributions(features, alone) == []
    assert Linker.read(linker.arrays("x"), "x").cued
    spoken = [replace(attributions[0], cue=[]), *attributions[1:]]
    assert Linker.fit(features, spoken).attributions(features, alone)


def test_in_a_second_round_cues_are_told_of_contents(fitted):
    roles = [role for role, _ in fitted.taggers.stages]
    assert roles == ["cue", "source", "content", "cue", "source", "content", "inner"]
    columns = [len(tagger.tables.keys) for _, tagger in fitted.taggers.stages]
    assert columns[0] < columns[3] == columns[4] == columns[5]


def test_a_word_stands_in_one_class():
    areas = resources.settings("crf", "classes.toml")
    listed = [word for found in areas.values() for words in found.values() for word in words.split()]
    assert len(listed) == len(set(listed))
    assert all(word == word.lower() for word in listed)
    features = Features(pages(["Officials doubted it."]), KNOWN)
    wanted = hashed([classes()[word] for word in ("official", "doubt", "it")])
    assert np.array_equal(features.group[:3], wanted)
