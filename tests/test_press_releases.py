"""`rules` on six texts of an invented world that their author issues, and what they turn on: cues, claims, flags."""

import tomllib
from pathlib import Path

import msgspec
import pytest

from communique import baselines
from communique.baselines import Source
from communique.baselines.authors import Author
from communique.baselines.surface import Surface

RELEASES = tomllib.loads((Path(__file__).parent / "press" / "releases.toml").read_text(encoding="utf-8"))["release"]
WRONG = {("company", "“We are proud")}
"""A quotation that performs two acts and is not split."""


def text_of(release):
    return release["text"].lstrip("\n")


def rows(text):
    """Return of each claim: its words, type, holders, targets, whether it is conditional."""
    (layer,) = baselines.create("rules").predict([Source(id="made", text=text)])
    names = {entity.id: entity.name for entity in layer.entities}
    held = {item.id: [names[key] for key in item.entities] for item in layer.attributions}
    return [
        (claim.spans[0].text, claim.rhetoric, held[claim.attribution], [names[key] for key in claim.targets], claim)
        for claim in layer.claims
    ]


@pytest.mark.parametrize("release", RELEASES, ids=lambda release: release["name"])
def test_press_releases_are_read(release):
    found = rows(text_of(release))
    for words, label, holder, target, conditional in release["claims"]:
        if (release["name"], words) in WRONG:
            continue
        hits = [row for row in found if row[0].startswith(words)]
        assert len(hits) == 1, words
        ((_, rhetoric, holders, targets, claim),) = hits
        assert (rhetoric, claim.conditional or not conditional) == (label, True), words
        assert any(holder in name for name in holders), words
        assert not target or any(target in name for name in targets), words
    assert len(found) == len(release["claims"]), "and nothing besides"


@pytest.mark.parametrize("release", RELEASES, ids=lambda release: release["name"])
def test_an_author_is_known_by_form(release):
    author = Author(Surface(text_of(release)))
    assert author.speaks
    assert author.place, "and named"


@pytest.mark.parametrize(
    "text",
    [
        "Locks shut at Ombrey\n\nThe harbour master said that the locks were shut. The Ministry rejected the claim.\n",
        "A statement by the lock keepers was read out on Monday.\n\nTarn Orrell said the gates were safe.\n",
        "MS VINT: We will wait.\nMR TARN: Why?\nMS VINT: We must.\n",
        "",
        "\n",
        "“We will wait,” said Orla Vint. “I promise it.”\n",
    ],
)
def test_news_and_transcripts_have_no_author(text):
    assert not Author(Surface(text)).speaks


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("We will not hesitate to take further measures", "threat"),
        ("It can only lead to new quarrels on the canal", "warning"),
        ("The Union demands that the lamps be mended", "demand"),
        ("The Ministry once more calls on Dolmar to wait", "appeal"),
        ("The barges were seized in clear violation of the treaty", "accusation"),
        ("The Government strongly condemns the raid", "condemnation"),
        ("The Board is gravely concerned at the floods", "concern"),
        ("Kestria does not recognise the decree", "rejection"),
        ("The Embassy rejects these allegations", "denial"),
        ("The Company stands ready to pay", "offer"),
        ("The Parties reaffirm their commitment to the treaty", "commitment"),
        ("The Board apologises for the flood", "concession"),
        ("The Ministry welcomes the report", "endorsement"),
        ("The step was taken in full accordance with the treaty", "justification"),
        ("The lock is expected to open in May", "prediction"),
        ("The Embassy takes note of the decree", "assertion"),
    ],
)
def test_formulae_tell_all_types(words, label):
    text = f"Statement by the Ministry of Locks of Kestria\n\n{words}.\n"
    ((found, rhetoric, *_),) = rows(text)
    assert (found, rhetoric) == (words, label)


@pytest.mark.parametrize(
    ("sentence", "speaker", "cue", "claim"),
    [
        ("The Ministry strongly condemned the raid on the lock.", "The Ministry", "condemned", "the raid on the lock"),
        ("Orla Vint said Wednesday that the lock was shut.", "Orla Vint", "said", "that the lock was shut"),
        ("He expressed deep concern at the new tolls.", "He", "expressed deep concern at", "the new tolls"),
        ("Vint told the Board on Friday that it was late.", "Vint", "told", "that it was late"),
        ("Vint accused the Board of hiding two reports.", "Vint", "accused", "hiding two reports"),
        ("Vint urged the Board to open the lock.", "Vint", "urged", "to open the lock"),
        ("The raid on the lock was condemned by Orla Vint.", "Orla Vint", "was condemned", "The raid on the lock"),
        ("Vint took note of the new decree.", "Vint", "took note of", "the new decree"),
    ],
)
def test_speakers_cues_and_claims_end_where_they_should(sentence, speaker, cue, claim):
    (layer,) = baselines.create("rules").predict([Source(id="made", text=f"Locks\n\n{sentence}\n")])
    units = (*layer.speakers, *layer.cues, *layer.claims)
    assert [unit.spans[0].text for unit in units] == [speaker, cue, claim]


@pytest.mark.parametrize(
    "sentence",
    [
        "Civilians must be held back from the gates.",
        "The test was repeated there last Saturday.",
        "Vint should say whether the lock is safe.",
        "The box was put back on the quay.",
    ],
)
def test_what_is_suffered_or_only_possible_reports_nothing(sentence):
    (layer,) = baselines.create("rules").predict([Source(id="made", text=f"Locks\n\n{sentence}\n")])
    assert layer.attributions == ()


def test_what_is_reported_in_a_report_is_nested():
    text = "Locks\n\nOrla Vint said that the Board had denied any leak, and Tarn said the gates were safe.\n"
    (layer,) = baselines.create("rules").predict([Source(id="made", text=text)])
    said, denied, other = layer.attributions
    assert (said.parent, denied.parent, other.parent) == (None, "c1", None)
    assert layer.claims[0].spans[0].text == "that the Board had denied any leak"


@pytest.mark.parametrize(
    ("sentence", "flags"),
    [
        ("Vint said that Kest would pay if Dolmar opened the locks.", (True, False, None)),
        ("Vint threatened to shut the locks unless the Board paid its debts.", (True, False, "demand")),
        ("Vint offered to pay the tolls provided that Dolmar opens the locks.", (True, False, "demand")),
        ("Vint would not say whether the locks were safe.", (False, True, None)),
        ("Vint did not deny that the locks were shut.", (False, True, None)),
        ("Vint declined to say whose order it was.", (False, True, None)),
        ("Vint declined the offer of a new lock.", (False, False, None)),
        ("Vint refused to open the locks of Ombrey.", (False, False, None)),
        ("Vint said that the locks were shut.", (False, False, None)),
    ],
)
def test_conditions_negations_and_second_acts(sentence, flags):
    ((*_, claim),) = rows(f"Locks\n\n{sentence}\n")
    assert (claim.conditional, claim.negated, claim.also) == flags


@pytest.mark.parametrize(
    ("sentence", "target"),
    [
        ("Orla Vint accused the Canal Board of hiding two reports.", ["Canal Board"]),
        ("Orla Vint urged Dolmar to open the locks.", ["Dolmar"]),
        ("Orla Vint said that the Canal Board should mend the lamps.", ["Canal Board"]),
        ("Orla Vint said that the locks were shut.", []),
    ],
)
def test_targets_are_named_behind_cue_or_before_duty(sentence, target):
    ((*_, targets, claim),) = rows(f"Locks\n\n{sentence}\n")
    assert targets == target, claim.rhetoric


def test_of_given_entities_alone_there_are_targets():
    text = "Locks\n\nOrla Vint urged Dolmar to open the locks.\n"
    (layer,) = baselines.create("rules").predict([Source(id="made", text=text)])
    vint = tuple(entity for entity in layer.entities if entity.name == "Orla Vint")
    given = baselines.without_types(msgspec.structs.replace(layer, entities=vint))
    (again,) = baselines.create("rules").predict([Source(id="made", text=text, layer=given)])
    assert (again.entities, again.claims[0].targets) == (vint, ())
