"""Where a stretch begins and ends decides: what touches, overlaps by one, or stands one sentence away."""

import pytest
from msgspec.structs import replace

import samples
from communique.checks import span_faults, unit_faults
from communique.nesting import nesting_faults
from communique.places import Stretches
from communique.records import Span
from communique.stats import far

TEXT = "Vint came. It rained. The lock closed. The clerk left. Nobody paid."


def spans(text, *places):
    return tuple(Span(start=start, end=end, text=text[start:end]) for start, end in places)


def claimed(*parts):
    """Return a document whose only attribution has claims of these places, each of one fragment or more."""
    gold = samples.made("Vint said stop-now.", [("Vint", "stop-now", "v")])
    (claim,) = gold.claims
    claims = [replace(claim, id=f"c{n}", spans=spans(gold.text, *part)) for n, part in enumerate(parts)]
    return replace(gold, claims=tuple(claims))


def placed(text, words):
    return text.index(words), text.index(words) + len(words)


def held_by(text, said, mentioned):
    """Return a document of one claim, whose holder is mentioned once."""
    gold = samples.made(text, [("Vint", said, "v")], mentions={"v": ["Vint"]})
    (claim,), (holder,) = gold.claims, gold.entities
    return replace(
        gold,
        claims=(replace(claim, spans=spans(text, placed(text, said))),),
        entities=(replace(holder, mentions=(placed(text, mentioned),)),),
    )


@pytest.mark.parametrize(("end", "found"), [(15, []), (16, ["claims-overlap"])])
def test_claims_of_an_attribution_may_touch_and_not_overlap(end, found):
    assert [name for name, _ in unit_faults(claimed([(10, end)], [(15, 18)]))] == found


@pytest.mark.parametrize(("end", "found"), [(15, []), (16, ["fragments-disordered"])])
def test_fragments_of_a_claim_may_touch_and_not_overlap(end, found):
    document = claimed([(10, end), (15, 18)])
    assert [name for name, _ in span_faults(document, document.text)] == found


@pytest.mark.parametrize(
    ("said", "mentioned", "found"),
    [
        ("It rained.", "Vint", False),
        ("The lock closed.", "Vint", True),
        ("It rained.", "The lock", False),
        ("It rained.", "The clerk", True),
        ("It rained. The lock closed.", "The clerk", False),
        ("The lock closed. The clerk left.", "It rained", False),
    ],
)
def test_a_speaker_is_far_two_sentences_from_both_ends_of_what_is_said(said, mentioned, found):
    assert bool(far(held_by(TEXT, said, mentioned))) == found


def test_what_is_said_ends_in_its_own_sentence_though_the_next_begins_right_there():
    assert far(held_by("“No.”“Yes.” Vint left.", "“No.”", "Vint"))
    assert not far(held_by("“No.”“Yes.” Vint left.", "“Yes.”", "Vint"))


@pytest.mark.parametrize(("fragment", "found"), [("rained.", []), ("closed.", ["nested-outside-parent"])])
def test_every_fragment_of_a_nested_claim_lies_in_the_claim_around_it(fragment, found):
    gold = samples.made(TEXT, [("Vint", "It rained.", "v"), ("Vint", "It", "v")])
    inner, outer = sorted(gold.claims, key=lambda claim: len(claim.spans[0].text))
    parts = spans(TEXT, placed(TEXT, "It"), placed(TEXT, fragment))
    parents = {inner.attribution: outer.id}
    nested = replace(
        gold,
        claims=(outer, replace(inner, spans=parts)),
        attributions=tuple(replace(item, parent=parents.get(item.id)) for item in gold.attributions),
    )
    assert [name for name, _ in nesting_faults(nested)] == found


def test_a_stretch_holds_what_ends_with_it_and_nothing_longer():
    one = Stretches([(2, 4)])
    assert [one.holds(2, end) for end in (3, 4, 5)] == [True, True, False]
