"""Who holds an attribution: names found in texts, speakers split, entities by rules and as learned."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique import releases
from communique.baselines.holders.clusters import Cluster, Clusters
from communique.baselines.holders.mentions import Mention, names, speakers
from communique.baselines.holders.ranking import ALWAYS, Ranker, features, fit
from communique.baselines.holders.resolve import named, resolve
from communique.baselines.shared.attributions import Frame, assemble, framed
from communique.problems import CommuniqueError
from samples import document, documents

TALK = (
    "Minister Orla Vint met General Teo Brask in Lodun. Vint said no. She said it again. The general refused, "
    "and Vint and Brask agreed to nothing. Both said so. “Enough.”"
)


def frames(text, *words):
    """Return attributions whose speakers are words, found one after the other; None for an implicit one."""
    found, at = [], 0
    for one in words:
        at = text.index(one, at) if one else at + 1
        place = (at, at + len(one)) if one else None
        claim = ((at + len(one or ""), at + len(one or "") + 1),)
        found.append(Frame((), (place,) if place else (), (claim,)))
    return found


def held(text, *words, by=resolve):
    entities, holders = by(text, frames(text, *words))
    known = {entity.id: entity.name for entity in entities}
    return [[known[name] for name in some] for some in holders]


def test_rules_go_by_names_nouns_and_turns():
    assert held(TALK, "Vint", "She", "The general", "Vint and Brask", "Both", None) == [
        ["Minister Orla Vint"],
        ["Minister Orla Vint"],
        ["The general"],
        ["Minister Orla Vint", "General Teo Brask"],
        ["Minister Orla Vint", "General Teo Brask"],
        ["General Teo Brask"],
    ]


def test_names_are_runs_of_capitalised_words():
    found = [mention.words for mention in names(TALK)]
    assert found[:4] == ["Minister Orla Vint", "General Teo Brask", "Lodun", "Vint"]
    assert "Both" not in found and "The" not in " ".join(found).split()
    assert {mention.words for mention in named(TALK)[0].mentions} == {"Minister Orla Vint", "Vint"}


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("Vint and Brask", ["Vint", "Brask"]),
        ("the mayor and the Speaker, Ada Rell", ["the mayor", "the Speaker, Ada Rell"]),
        ("Both Vint and the general", ["Vint", "the general"]),
        ("the minister of trade and industry", ["the minister of trade and industry"]),
        ("Ada Rell, the mayor and the Speaker", ["Ada Rell, the mayor and the Speaker"]),
        ("he", ["he"]),
    ],
)
def test_joint_speakers_are_split_and_appositions_are_not(words, parts):
    assert [mention.words for mention in speakers(f"So {words} said.", [(3, 3 + len(words))], 3)] == parts


@pytest.mark.parametrize(
    ("words", "head", "kind"),
    [
        ("the chief of staff", "chief", "description"),
        ("the town's lock-keeper, Ada Rell", "lock-keeper", "name"),
        ("She", "she", "pronoun"),
        ("", "", "implicit"),
        ("the two leaders", "leaders", "several"),
        ("Ouvemarë", "ouvemarë", "name"),
    ],
)
def test_what_words_are_built_around(words, head, kind):
    mention = Mention(0, words)
    assert (mention.head, mention.kind) == (head, kind)


texts = st.text("AbcÉ .,’\n“and", max_size=60)


@given(texts, st.lists(st.tuples(st.integers(0, 60), st.integers(0, 12)), max_size=6))
def test_whatever_is_said_has_holders_with_places_in_the_text(text, places):
    given = [(min(at, len(text)), min(at + size, len(text))) for at, size in places]
    found = [Frame((), ((a, b),) if text[a:b].strip() else (), (((a, b),),)) for a, b in given if a < b]
    layer = assemble("x", text, found, LEARNED.resolve)
    known = {entity.id: entity for entity in layer.entities}
    assert len(layer.attributions) == len(found)
    for item in layer.attributions:
        assert item.entities and set(item.entities) <= set(known)
    for entity in layer.entities:
        assert list(entity.mentions) == sorted(set(entity.mentions))
        assert all(0 <= start < end <= len(text) for start, end in entity.mentions)


LEARNED = fit(documents(), 1.0)


def test_what_is_learned_beats_nothing_learned():
    given = releases.part("newest:train")[0]
    rows = [(framed(item), fit(given, 3.0).resolve) for item in given[:1]]
    (pairs, by) = rows[0]
    holders = by(given[0].text, [frame for frame, _ in pairs])[1]
    together = {
        (one, other): (a == b) == (wanted[0] == other_wanted[0])
        for one, (a, (_, wanted)) in enumerate(zip(holders, pairs, strict=True))
        for other, (b, (_, other_wanted)) in enumerate(zip(holders, pairs, strict=True))
        if one < other
    }
    assert sum(together.values()) / len(together) > 0.9


def test_weights_are_the_same_every_time():
    assert fit(documents(), 1.0).weights == LEARNED.weights
    assert ALWAYS in LEARNED.weights


def test_without_entities_to_learn_from_rules_decide():
    assert fit([], 1.0).resolve is resolve


def test_sexes_agree_or_clash():
    known = Cluster([Mention(0, "Mr Vint")])
    for words, sign in (("he", "agrees"), ("she", "clashes"), ("it", "open")):
        ((_, signs),) = features(Mention(20, words), Clusters([known]))
        assert f"{words}: {sign}" in signs


def test_saved_and_loaded_weights_choose_alike(tmp_path):
    LEARNED.save(tmp_path / "holders.json")
    again = Ranker.load(tmp_path / "holders.json")
    assert again.weights == LEARNED.weights
    given = [frame for frame, _ in framed(document())]
    assert again.resolve(document().text, given) == LEARNED.resolve(document().text, given)


@pytest.mark.parametrize("content", [None, b"no", b'{"a": "b"}'])
def test_damaged_weights_are_an_error_that_names_them(tmp_path, content):
    path = tmp_path / "holders.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CommuniqueError, match=r"holders.json: cannot be read"):
        Ranker.load(path)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Its chairman, Tom Aldous,", "Tom Aldous"),
        ("Dora Fenwick, its director", "Dora Fenwick"),
        ("Ana Vell, Minister of Trade", "Ana Vell"),
        ("Foreign Minister Ilse Varro", "Foreign Minister Ilse Varro"),
        ("Vell, Orrell", "Vell, Orrell"),
    ],
)
def test_an_entity_is_called_by_its_name(words, name):
    text = f"{words} said no."
    (entity,), _ = resolve(text, [Frame((), ((0, len(words)),), (((len(words) + 6, len(words) + 8),),))])
    assert entity.name == name
