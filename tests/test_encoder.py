"""The encoder baseline, with a tiny random BERT made here: windows, links, decoding, training, saving."""

import copy
import itertools
import json
import re

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samples import document, documents

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from communique import baselines  # noqa: E402
from communique.baselines import Source  # noqa: E402
from communique.baselines.base import load_card  # noqa: E402
from communique.baselines.encoder import Encoder, checkpoint  # noqa: E402
from communique.baselines.encoder.chains import surprise  # noqa: E402
from communique.baselines.encoder.links import Links, attributions, gap, joined, linked  # noqa: E402
from communique.baselines.encoder.windows import Pieces, by_length, together, windows  # noqa: E402
from communique.baselines.given import without_types  # noqa: E402
from communique.baselines.shared.decoding import best, stretches  # noqa: E402
from communique.baselines.shared.token_attributions import fragments, said  # noqa: E402
from communique.baselines.shared.token_table import pages  # noqa: E402
from communique.problems import CommuniqueError  # noqa: E402
from communique.releases import part  # noqa: E402

PIECES = 64
texts = st.lists(st.text("aB .\n", max_size=80), max_size=4)


def made(folder, most=PIECES):
    """Write a BERT with random weights and a vocabulary of the words of the samples."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    words = sorted({form for item in documents() for form in pages([item.text]).forms})
    vocabulary = {word: number for number, word in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *words])}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=False)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    special = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, **special).save_pretrained(folder)
    sizes = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 64}
    with torch.random.fork_rng():
        torch.manual_seed(13)
        config = BertConfig(vocab_size=len(vocabulary), max_position_embeddings=most, **sizes)
        BertModel(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def parameters(tmp_path_factory):
    quick = {
        "device": "cpu",
        "precision": "float32",
        "threads": 1,
        "seed": 13,
        "window": PIECES,
        "overlap": 16,
        "batch": 2,
        "pieces": 2 * PIECES,
        "warm_up": 0.1,
    }
    rates = {"epochs": 60, "rate": 3e-3, "head_rate": 1e-2, "decay": 0.0, "dropout": 0.0, "width": 16}
    rates |= {"missed": [0.0], "averaged": 1, "spare": {"source": 0.5}}
    folder = made(tmp_path_factory.mktemp("checkpoint"))
    held = {
        "holders": {"C": 1.0},
        "held_out": 20,
        "leans": [0.0, 1.0],
        "types": {"epochs": 30, "rate": 3e-3, "head_rate": 1e-2},
        "least_steps": 1,
    }
    return {"checkpoint": str(folder), **quick, **rates, **held}


@pytest.fixture(scope="module")
def fitted(parameters):
    return Encoder(parameters).fit(documents())


def sources():
    return [Source(id=item.id, text=item.text) for item in documents()]


def placed(layer):
    """Return the attributions of a layer as cue, speaker and claims, each a list of places."""
    words = {unit.id: [(s.start, s.end) for s in unit.spans] for unit in (*layer.cues, *layer.speakers)}
    claims = {}
    for claim in layer.claims:
        claims.setdefault(claim.attribution, []).append([(s.start, s.end) for s in claim.spans])
    return [(words.get(a.cue), words.get(a.speaker), claims[a.id]) for a in layer.attributions]


def cut(table, sizes):
    offset = np.concatenate(([0], np.cumsum(np.resize(sizes, len(table.form)))))
    return Pieces(*np.zeros((2, offset[-1]), np.int64), offset, [2], [3], 0)


@given(texts, st.lists(st.integers(1, 4), min_size=1, max_size=5), st.integers(8, 30), st.integers(0, 6))
def test_every_token_is_owned_by_one_window_that_has_room(given, sizes, size, overlap):
    table = pages(given)
    found = windows(table, pieces := cut(table, sizes), size, overlap)
    assert [n for w in found for n in range(w.low, w.high)] == list(range(len(table.form)))
    for window in found:
        assert window.first <= window.low < window.high <= window.end
        assert len(pieces.of(window)) <= size
        assert len(set(table.document[window.first : window.end])) == 1


@given(texts, st.integers(10, 40))
def test_only_paragraphs_that_do_not_fit_are_cut(given, size):
    table = pages(given)
    pieces = cut(table, [1])
    borders = {int(w.first) for w in windows(table, pieces, size, 2)} - set(table.bounds().tolist())
    for first, end in itertools.pairwise(table.bounds().tolist()):
        assert end - first > size - 2 or not borders & set(range(first, end))


def test_a_token_is_owned_where_it_is_furthest_from_an_edge():
    table = pages(["a " * 50])
    found = windows(table, cut(table, [1]), 22, 10)
    for token in range(50):
        depth = [
            (min(token - w.first if w.first else 50, w.end - 1 - token if w.end < 50 else 50), w.low <= token < w.high)
            for w in found
            if w.first <= token < w.end
        ]
        assert next(deep for deep, owned in depth if owned) >= max(deep for deep, _ in depth) - 1


@given(texts, st.integers(1, 3))
def test_batches_hold_all_windows(given, batch):
    table = pages(given)
    pieces = cut(table, [1, 2])
    found = windows(table, pieces, 12, 2)
    batches = by_length(found, pieces, batch, np.zeros(len(found), np.int64))
    assert sorted((w for one in batches for w in one), key=lambda w: w.low) == found


@given(st.lists(st.integers(1, 9), max_size=12), st.integers(1, 30))
def test_what_is_read_together_has_about_the_same_length_and_room(lengths, most):
    found = list(together(lengths, most))
    assert sorted(number for batch in found for number in batch) == list(range(len(lengths)))
    assert all(len(batch) == 1 or len(batch) * max(lengths[n] for n in batch) <= most for batch in found)
    for batch, following in itertools.pairwise(found):
        assert min(lengths[n] for n in batch) >= max(lengths[n] for n in following)
        assert (len(batch) + 1) * lengths[batch[0]] > most


@given(texts, st.floats(-2, 2, width=32))
def test_no_stretch_goes_on_from_one_text_into_the_next(given, lean):
    table = pages(given)
    inside = np.tile(np.array([-9, -9, 0], np.float32), (len(table.form), 1))
    row = best(inside - np.array([lean, 0, 0], np.float32), np.zeros((3, 3), np.float32), table.bounds())
    for first, end in stretches(row, table.document):
        assert len(set(table.document[first:end])) == 1


@given(st.lists(st.integers(1, 4), min_size=1, max_size=4), st.integers(0, 2**32 - 1))
def test_surprise_is_that_of_all_ways_to_tag(lengths, seed):
    random = torch.Generator().manual_seed(seed)
    scores, moves = torch.randn(sum(lengths), 2, 3, generator=random), torch.randn(2, 3, 3, generator=random)
    tags = torch.randint(0, 3, (sum(lengths), 2), generator=random)
    wanted, at = 0.0, 0
    for length in lengths:
        for role in range(2):

            def total(way, role=role, at=at):
                steps = sum(moves[role, a, b] for a, b in itertools.pairwise(way))
                return float(steps + sum(scores[at + n, role, tag] for n, tag in enumerate(way)))

            ways = [total(way) for way in itertools.product(range(3), repeat=length)]
            wanted += float(torch.logsumexp(torch.tensor(ways), 0)) - total(tags[at : at + length, role].tolist())
        at += length
    found = surprise(scores, moves, tags, np.array(lengths))
    assert float(found) == pytest.approx(wanted / sum(lengths), rel=1e-4, abs=1e-5)


def test_gold_links_make_up_the_gold_attributions():
    given = part("newest:train")[0]
    table = pages([item.text for item in given])
    gold = [item for item in said(given, table) if len(item.cue) == 1 and item.claims]
    shared = [place for item in gold for place in fragments([item], "content")]
    plain = [item for item in gold if all(shared.count(p) == 1 for p in fragments([item], "content"))]
    plain = [item for item in plain if sum(item.cue == other.cue for other in gold) == 1]
    links = linked(plain)
    again = attributions(links, table.document, lambda *_: False)
    wanted = {(item.cue[0], tuple(item.source), tuple(sorted(fragments([item], "content")))) for item in plain}
    assert len(plain) > 100
    assert {(s.cue[0], tuple(s.source), tuple(c[0] for c in s.claims)) for s in again} == wanted


def test_contents_of_a_text_without_a_head_are_one_attribution():
    places = [(0, 2), (3, 4), (6, 8)]
    document = np.array([0] * 5 + [1] * 5)
    found = attributions(Links({}, {place: set() for place in places}), document, lambda *_: False)
    assert [len(item.claims) for item in found] == [2, 1]


def test_of_contents_that_overlap_the_longest_is_kept():
    heads = {place: {("cue", (9, 10))} for place in [(0, 3), (2, 8), (7, 9)]}
    (found,) = attributions(Links({}, heads), np.zeros(10, np.int64), lambda *_: False)
    assert found.claims == [[(2, 8)]]


def test_fragments_are_joined_as_they_mostly_are_in_training():
    whole = document()
    table = pages([whole.text])
    kinds = joined(table, said([whole], table))
    (broken,) = (claim for item in said([whole], table) for claim in item.claims if len(claim) > 1)
    cue = next(item.cue[0] for item in said([whole], table) if broken in item.claims)
    assert (*gap(table, *broken, cue), True) in kinds


def test_it_finds_what_it_was_shown(fitted):
    wanted = [frame for item in documents() for frame in placed(item)]
    found = [frame for layer in fitted.predict(sources()) for frame in placed(layer)]
    right = sum(frame in wanted for frame in found)
    assert 2 * right / (len(found) + len(wanted)) > 0.6


def test_where_attributions_have_cues_as_a_rule_contents_without_belong_to_none(fitted):
    finder = copy.deepcopy(fitted.finder)
    with torch.no_grad():
        for net in finder.nets:
            net["none"]["content"].bias.fill_(1e6)
    read = finder.cut([item.text for item in documents()])

    def contents():
        return [place for item in finder.find(read) for claim in item.claims for place in claim]

    finder.decoding.cued = False
    assert contents()
    finder.decoding.cued = True
    assert not contents()


def test_it_types_what_it_was_shown(fitted):
    given = [Source(id=item.id, text=item.text, layer=without_types(item)) for item in documents()]
    found = fitted.predict(given)
    pairs = [
        (a, b)
        for item, layer in zip(documents(), found, strict=True)
        for a, b in zip(item.claims, layer.claims, strict=True)
    ]
    assert sum(a.rhetoric == b.rhetoric for a, b in pairs) > 0.8 * len(pairs)
    for _, claim in pairs:
        assert sum(claim.probabilities.values()) == pytest.approx(1, abs=1e-4)
        assert claim.rhetoric == max(claim.probabilities, key=claim.probabilities.get)


def test_without_types_to_learn_claims_have_none(parameters):
    plain = [
        msgspec.structs.replace(d, claims=tuple(msgspec.structs.replace(c, rhetoric=None) for c in d.claims))
        for d in documents()
    ]
    model = Encoder({**parameters, "epochs": 20}).fit(plain)
    assert model.typer is None
    claims = [claim for layer in model.predict(sources()) for claim in layer.claims]
    assert claims and all(claim.rhetoric is None for claim in claims)


def test_same_seed_same_predictions(fitted, parameters):
    assert Encoder(parameters).fit(documents()).predict(sources()) == fitted.predict(sources())


def test_training_leaves_the_random_numbers_of_others_alone(parameters):
    torch.manual_seed(1)
    wanted = torch.rand(3)
    torch.manual_seed(1)
    Encoder({**parameters, "epochs": 1, "types": {"epochs": 1}}).fit(documents())
    assert torch.equal(torch.rand(3), wanted)


def test_a_saved_model_predicts_the_same_and_holds_no_pickle(fitted, tmp_path):
    fitted.save(tmp_path)
    again = Encoder.load(tmp_path, load_card(tmp_path))
    assert again.predict(sources()) == fitted.predict(sources())
    assert not {".bin", ".pt", ".pkl", ".pickle"} & {path.suffix for path in tmp_path.rglob("*")}


def test_damaged_heads_are_an_error_that_names_them(fitted, tmp_path):
    fitted.save(tmp_path)
    (tmp_path / "finder-1" / "heads.safetensors").write_bytes(b"no")
    with pytest.raises(CommuniqueError, match=r"heads.safetensors: cannot be read"):
        Encoder.load(tmp_path, load_card(tmp_path))


def test_a_model_without_networks_is_an_error(fitted, tmp_path):
    fitted.save(tmp_path)
    (tmp_path / "finder-1").rename(tmp_path / "other")
    with pytest.raises(CommuniqueError, match="holds no finder-1"):
        Encoder.load(tmp_path, load_card(tmp_path))


def weights(net):
    return {name: weight.clone() for name, weight in net.state_dict().items()}


@pytest.fixture(scope="module")
def alone_and_both(parameters):
    quick = {**parameters, "epochs": 20, "types": {"epochs": 1}}
    shares = ([0.0], [0.4], [0.0, 0.4])
    return [Encoder({**quick, "missed": missed, "networks": len(missed)}).fit(documents()) for missed in shares]


def test_networks_decide_together_and_each_is_what_it_would_be_alone(alone_and_both):
    one, other, both = alone_and_both
    for alone, joint in zip([*one.finder.nets, *other.finder.nets], both.finder.nets, strict=True):
        wanted, found = weights(alone), weights(joint)
        assert all(torch.equal(found[name], wanted[name]) for name in wanted)
    cut = both.finder.cut([document().text])
    each = [model.finder._scores(cut, model.finder._encoded(cut)) for model in alone_and_both]
    assert each[2] == pytest.approx((each[0] + each[1]) / 2, abs=1e-4)


def test_a_saved_model_of_several_networks_labels_with_one_as_that_one_alone(alone_and_both, tmp_path, run):
    one, _, both = alone_and_both
    baselines.save(both, tmp_path / "model")
    assert baselines.load(tmp_path / "model").predict(sources()) == both.predict(sources())
    again = baselines.load(tmp_path / "model", ["networks=1"])
    assert again.finder.decoding.leans[0] == one.finder.decoding.leans[0]
    assert len(again.finder.nets) == 1
    assert again.predict(sources()) == one.predict(sources())
    (tmp_path / "text.txt").write_text(document().text)
    code, out, err = run("predict", tmp_path / "model", tmp_path / "text.txt", "--set", "networks=1")
    assert (code, err.count("\n")) == (0, 1)
    assert len(json.loads(out)["claims"]) == len(one.predict([Source(id="text", text=document().text)])[0].claims)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("networks=3", "3 networks need as many shares in `missed`, which has 2"),
        ("width=8", "`width` is not to be changed after training; set device, networks, "),
        ("half=true", "`half` is not to be changed"),
    ],
)
def test_what_a_trained_model_cannot_do_is_told(alone_and_both, tmp_path, change, told):
    baselines.save(alone_and_both[2], tmp_path / "model")
    with pytest.raises(CommuniqueError, match=re.escape(told)):
        baselines.load(tmp_path / "model", [change])


def test_more_networks_than_are_saved_are_refused(fitted, tmp_path):
    fitted.save(tmp_path)
    card = load_card(tmp_path)
    more = msgspec.structs.replace(card, parameters={**card.parameters, "missed": [0.0, 0.1], "networks": 2})
    with pytest.raises(CommuniqueError, match="holds no finder-2; set `networks` to 1"):
        Encoder.load(tmp_path, more)


def test_labels_depend_neither_on_the_order_of_texts_nor_on_what_is_read_together(fitted, monkeypatch):
    wanted = fitted.predict(sources())
    assert fitted.predict(sources()[::-1])[::-1] == pytest.approx(wanted)
    for pieces in (1, 10_000):
        for user in fitted._labelling:
            monkeypatch.setitem(user.parameters, "pieces", pieces)
        assert [placed(layer) for layer in fitted.predict(sources())] == list(map(placed, wanted))
        assert [c.rhetoric for d in fitted.predict(sources()) for c in d.claims] == [
            c.rhetoric for d in wanted for c in d.claims
        ]


def test_bfloat16_labels_nearly_as_32_bits_do_and_leaves_the_weights_alone(fitted, tmp_path):
    fitted.save(tmp_path)
    before = weights(fitted.finder.nets[0])
    card = load_card(tmp_path)
    half = Encoder.load(
        tmp_path, msgspec.structs.replace(card, parameters={**card.parameters, "precision": "bfloat16"})
    )
    found = [frame for layer in half.predict(sources()) for frame in placed(layer)]
    wanted = [frame for layer in fitted.predict(sources()) for frame in placed(layer)]
    assert len([frame for frame in found if frame in wanted]) > 0.8 * max(len(found), len(wanted))
    (quick,) = half._labelling[0].nets
    assert {weight.dtype for weight in quick["encoder"].parameters()} == {torch.bfloat16}
    after = weights(half.finder.nets[0])
    assert all(torch.equal(after[name], before[name]) for name in before)


def test_a_model_labels_in_a_pause_with_what_it_has_learnt_by_then(parameters):
    model = Encoder({**parameters, "epochs": 3, "precision": "bfloat16", "types": {"epochs": 1}})
    read = [(model.predict(sources()), weights(model._labelling[0].nets[0])) for _ in model.epochs(documents())]
    moved = [other["encoder.embeddings.word_embeddings.weight"] for _, other in read[:3]]
    assert not torch.equal(moved[0], moved[1]) and not torch.equal(moved[1], moved[2])


def test_weights_of_the_last_epochs_are_averaged(parameters):
    quick = {**parameters, "epochs": 5, "types": {"epochs": 1}}

    def after(averaged):
        model = Encoder({**quick, "averaged": averaged})
        return [weights(model.finder.nets[0]) for _ in model.epochs(documents())][:5]

    plain, mean = after(1), after(2)
    for name, weight in mean[-1].items():
        assert torch.allclose(weight, (plain[-1][name] + plain[-2][name]) / 2, atol=1e-6)
    assert any(not torch.equal(mean[-1][name], plain[-1][name]) for name in plain[-1])


def test_a_text_of_many_windows_is_read_to_its_end(fitted):
    sample = document().text
    (layer,) = fitted.predict([Source(id="long", text=sample * 9)])
    starts = {claim.spans[0].start // len(sample) for claim in layer.claims}
    assert starts == set(range(9))


@pytest.mark.parametrize("text", ["\n", " \n\u200b\n ", ".", "\u00ad", "x" * 500])
def test_texts_with_nothing_to_find(fitted, text):
    (layer,) = fitted.predict([Source(id="none", text=text)])
    assert layer.id == "none"
    assert all(span.text == text[span.start : span.end] for claim in layer.claims for span in claim.spans)


def test_each_epoch_is_told_and_loss_falls(parameters):
    told = list(Encoder({**parameters, "epochs": 8}).epochs(documents()))
    assert len(told) == 8 + 30
    assert told[7] < 0.8 * told[0]
    assert told[-1] < 0.8 * told[8]


def test_few_documents_are_gone_through_more_often(parameters):
    batches = 2
    quick = {**parameters, "epochs": 1, "least_steps": 9, "types": {"epochs": 1, "least_steps": 1}}
    assert len(list(Encoder(quick).epochs(documents()))) == -(-9 // batches) + 1


def test_without_a_checkpoint_it_says_where_to_name_one(parameters, monkeypatch):
    monkeypatch.delenv(checkpoint.VARIABLE, raising=False)
    with pytest.raises(CommuniqueError, match="set COMMUNIQUE_ENCODER"):
        Encoder({**parameters, "checkpoint": ""}).fit(documents())


def test_the_checkpoint_may_stand_in_the_environment(parameters, monkeypatch):
    monkeypatch.setenv(checkpoint.VARIABLE, parameters["checkpoint"])
    assert str(checkpoint.located({"checkpoint": ""})) == parameters["checkpoint"]


def test_pickled_weights_are_refused(parameters, tmp_path):
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "bert"}))
    (tmp_path / "pytorch_model.bin").write_bytes(b"")
    with pytest.raises(CommuniqueError, match="only pickled ones"):
        Encoder({**parameters, "checkpoint": str(tmp_path)}).fit(documents())


def test_a_window_longer_than_the_encoder_reads_is_refused(parameters):
    with pytest.raises(CommuniqueError, match=f"reads {PIECES} pieces at most"):
        Encoder({**parameters, "window": 2 * PIECES}).fit(documents())


def test_a_missing_extra_is_named(parameters, monkeypatch):
    monkeypatch.setattr(checkpoint, "find_spec", lambda _: None)
    with pytest.raises(CommuniqueError, match=r"pip install 'communique\[encoder\]'"):
        Encoder(parameters).fit(documents())


def test_documents_without_claims_teach_nothing(parameters):
    bare = [msgspec.structs.replace(d, claims=(), attributions=()) for d in documents()]
    with pytest.raises(CommuniqueError, match="3 documents have none"):
        Encoder(parameters).fit(bare)


def test_it_must_be_fitted_first(tmp_path):
    with pytest.raises(CommuniqueError, match="call fit first"):
        Encoder({}).predict(sources())
    with pytest.raises(CommuniqueError, match="call fit first"):
        Encoder({}).save(tmp_path)
