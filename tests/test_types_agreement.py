"""Two annotators' types layers against each other."""

import json
import random

import msgspec
import pytest
from sklearn.metrics import cohen_kappa_score

import samples
from communique import jsonl, typed
from communique.labels import Rhetoric
from communique.problems import CommuniqueError
from communique.score.type_agreement import agree_on_types

LABELS = [*Rhetoric, None]


def relabelled(layer, draw):
    """Return a layer with labels that are drawn."""
    claims = []
    for claim in layer.claims:
        label = draw.choice(LABELS[:3] + LABELS[-1:])
        reason = None if label else typed.Reason.NO_ACT
        flag = label is not None and draw.random() < 0.3
        also = Rhetoric.DEMAND if label and label is not Rhetoric.DEMAND and flag else None
        claims.append(
            msgspec.structs.replace(claim, rhetoric=label, reason=reason, conditional=flag, also=also, negated=False)
        )
    return msgspec.structs.replace(layer, claims=tuple(claims))


def drawn(texts, seed, share=0.5):
    """Return two annotators of texts of four claims, who say the same of about half of the texts."""
    draw, first, second = random.Random(seed), {}, {}
    base = typed.types_of(samples.document())
    for number in range(texts):
        layer = relabelled(msgspec.structs.replace(base, id=f"made/{number:02}"), draw)
        first[layer.id] = layer
        second[layer.id] = layer if draw.random() < share else relabelled(layer, draw)
    return first, second


def labels(layers, field):
    return [str(getattr(claim, field)) for name in sorted(layers) for claim in layers[name].claims]


def test_the_figures_are_those_of_the_pooled_claims():
    first, second = drawn(20, 1)
    result = agree_on_types(first, second)
    assert (result.texts, result.claims) == (20, 80)
    for one in result.fields:
        given = [labels(layers, one.field) for layers in (first, second)]
        same = sum(a == b for a, b in zip(*given, strict=True)) / 80
        assert one.equal == pytest.approx(same, abs=1e-6)
        if one.field == "negated":
            assert (one.kappa, one.low, one.reason) == (None, None, "nothing to score")
        else:
            assert one.kappa == pytest.approx(cohen_kappa_score(*given), abs=1e-6)
            assert -1 <= one.low < one.kappa < one.high <= 1
            assert one.equal_low < one.equal < one.equal_high


def test_the_interval_is_over_texts():
    """More texts make it narrower; of fewer than ten there is none."""
    few, many = (agree_on_types(*drawn(texts, 2)).fields[0] for texts in (12, 48))
    assert many.high - many.low < few.high - few.low
    short = agree_on_types(*drawn(9, 2)).fields[0]
    assert (short.low, short.reason) == (None, "9 documents, fewer than 10")


def test_a_claim_without_type_is_a_label():
    first, second = drawn(12, 3)
    result = agree_on_types(first, second)
    none = result.types[-1]
    assert none.type == "none"
    assert none.first == sum(c.rhetoric is None for one in first.values() for c in one.claims) > 0
    assert none.kappa is not None
    assert [one.type for one in result.types[:-1]] == list(Rhetoric)


def test_the_same_layer_agrees_wholly_and_the_order_of_texts_is_nothing():
    first, second = drawn(12, 4)
    one = agree_on_types(first, first)
    assert (one.fields[0].equal, one.fields[0].kappa) == (1, 1)
    assert agree_on_types(dict(reversed(first.items())), second) == agree_on_types(first, second)


def test_only_layers_of_the_same_claims_are_compared():
    first, second = drawn(3, 5)
    with pytest.raises(CommuniqueError, match="no typed claim in common"):
        agree_on_types(first, {})
    for fields in ({"sha256": "0" * 64}, {"spans": "0" * 64}, {"claims": second["made/01"].claims[1:]}):
        other = msgspec.structs.replace(second["made/01"], **fields)
        with pytest.raises(CommuniqueError, match="made/01: the two typed other claims"):
            agree_on_types(first, second | {"made/01": other})


def test_the_command_takes_types_layers(tmp_path, run):
    first, second = drawn(12, 6)
    for name, layers in (("a", first), ("b", second)):
        jsonl.write(tmp_path / f"{name}.jsonl", layers.values())
    code, out, err = run("agreement", tmp_path / "a.jsonl", tmp_path / "b.jsonl", "--json")
    assert (code, err) == (0, "")
    assert (
        msgspec.json.encode(agree_on_types(first, second))
        == json.dumps(json.loads(out), separators=(",", ":")).encode()
    )
    code, out, _ = run("agreement", tmp_path / "a.jsonl", tmp_path / "b.jsonl")
    rows = [line.split() for line in out.splitlines()]
    assert code == 0
    told = agree_on_types(first, second).fields[0]
    assert ["rhetoric", f"{told.equal:.3f}"] in [row[:2] for row in rows]
    assert f"{told.low:.3f}–{told.high:.3f}" in out
    assert "none" in [row[0] for row in rows if row]


@pytest.mark.parametrize("other", [None, "documents"])
def test_the_command_wants_two_of_them(tmp_path, run, other):
    jsonl.write(tmp_path / "a.jsonl", drawn(3, 7)[0].values())
    jsonl.write(tmp_path / "documents.jsonl", samples.documents())
    code, out, err = run("agreement", tmp_path / "a.jsonl", *([tmp_path / f"{other}.jsonl"] if other else []))
    assert (code, out) == ((1, out) if other else (2, ""))
    assert ("schema-mismatch" if other else "give the other's, too") in out + err
