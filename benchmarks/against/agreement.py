"""Annotators with each other: every label, every type, by collection."""

from collections.abc import Mapping, Sequence

from against.rows import HALF, ROW, Pair, kappa, told
from communique import typed
from communique.labels import Rhetoric
from communique.records import Claim, Document
from communique.report.tables import NOTHING
from communique.score.agreement import one_type
from communique.score.evaluate import as_prediction
from communique.score.pairing import Pairing
from communique.score.type_agreement import FIELDS
from communique.typed import NONE, TypedClaim

Labelled = Mapping[str, Sequence[tuple[TypedClaim | Claim, TypedClaim | Claim]]]


def typed_pairs(one: Mapping[str, typed.TypesLayer], other: Mapping[str, typed.TypesLayer]) -> Labelled:
    found = {}
    for name in sorted(one.keys() & other.keys()):
        theirs = {claim.id: claim for claim in other[name].claims}
        found[name] = [(claim, theirs[claim.id]) for claim in one[name].claims]
    return found


def claim_pairs(one: Mapping[str, Document], other: Mapping[str, Document]) -> Labelled:
    """Return the claims of two versions that overlap by half."""
    found = {}
    for name in sorted(one.keys() & other.keys()):
        pairing = Pairing(one[name], as_prediction(other[name]), HALF)
        found[name] = [(pairing.asked[i].claim, meant.claim) for i, meant in sorted(pairing.met.items())]
    return found


def with_each_other(collections: Mapping[str, Labelled]) -> None:
    rows, pairs = [], {}
    for name, texts in collections.items():
        for field, of in FIELDS.items():
            labels = {text: [(of(one), of(other)) for one, other in some] for text, some in texts.items()}
            rows.append(kappa(f"{name}: kappa of {field}", labels))
            if field == "rhetoric":
                pairs[name] = [pair for some in labels.values() for pair in some]
    told("Annotators with each other", ROW, rows)
    lines = ([label, *(one_cell(label, some) for some in pairs.values())] for label in (*map(str, Rhetoric), NONE))
    told("Kappa of each type (first, second, both)", ("type", *pairs), lines)


def one_cell(label: str, pairs: Sequence[Pair]) -> str:
    one = one_type(label, pairs)
    value = NOTHING if one.kappa is None else f"{one.kappa:.2f}"
    return f"{value} ({one.first}, {one.second}, {one.both})"
