"""Equal annotations are equal bytes, however they were listed."""

from msgspec.structs import replace

import samples
from communique.canonical import canonical


def test_claims_of_equal_words_are_numbered_as_their_attributions_are():
    gold = samples.made("Vint and Maro said no.", [("Vint", "no", "v"), ("Maro", "no", "m")])
    turned = canonical(replace(gold, claims=gold.claims[::-1]))
    assert turned == canonical(gold)
    assert [claim.attribution for claim in turned.claims] == ["a1", "a2"]
