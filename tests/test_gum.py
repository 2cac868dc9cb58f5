"""GUM: every known trap on a made-up text, and the real corpus where it is at hand."""

import re
from collections import Counter
from pathlib import Path

import pytest

from communique.formats import gum
from communique.problems import CommuniqueError
from communique.validation import validate_documents

NAME = "GUM_news_lock"
KINDS = (
    dict.fromkeys(("Orla", "Vint", "Tarn", "Bell", "Ada", "Fenn"), "PROPN")
    | dict.fromkeys(("we", "she", "them", "it"), "PRON")
    | dict.fromkeys(("has", "must", "did"), "AUX")
    | dict.fromkeys(("said", "told", "think", "leak", "go", "According"), "VERB")
    | dict.fromkeys(("of", "to"), "ADP")
    | {"not": "PART", "n't": "PART", "the": "DET"}
)
# Sentences by block; "|" is where no space stands, "+" where two words are one token.
SENTENCES = [
    ("head (1 s)", "Lock shut"),
    ("p (2 s)", "Orla Vint|, mayor of Tarn|, has not said that “|we must go|,|” she told them|, “|now|.|”"),
    ("", "According to the Bell|, guards think it did+n't leak|."),
    ("figure (1 s) | caption (1 s)", "Image|: Ada Fenn|."),
]
# By the number of the word in the text, from 1.
ENTITIES = {
    3: "(1-person-new-nnnnn-cf1-1-coref",
    4: "1)",
    6: "(1-person-giv-nnnnn-cf1-1-appos",
    8: "(2-place-new-nnnnn-cf2-1-sgl-Tarn)1)",
    15: "(3-person-new-nnnnn-cf1-1-sgl)",
    20: "(1-person-giv-nnnnn-cf1-1-ana)",
    30: "(5-organization-new-nnnnn-cf1-1-coref",
    31: "5)",
    33: "(6-person-new-nnnnn-cf1-1-coref)",
    35: "(6-person-giv-nnnnn-cf1-1-ana)",
    42: "(9-person-new-nnnnn-cf1-1-sgl",
    43: "9)",
}
SEGMENTS = [
    ("1", "30", "span", 2),  # Lock shut
    ("2", "40", "attribution-negative", 10),  # Orla … said
    ("3", "40", "same-unit", 7),  # that “we must go,”
    ("5", "3", "attribution-positive", 4),  # she told them ,
    ("6", "40", "same-unit", 4),  # “now.”
    ("7", "8", "attribution-positive", 5),  # According to the Bell ,
    ("8", "9", "attribution-positive", 2),  # guards think
    ("9", "41", "span", 5),  # it didn't leak .
    ("10", "30", "joint-list", 2),  # Image :
    ("11", "10", "attribution-positive", 3),  # Ada Fenn .
]
SIGNALS = [
    ("2", "attribution_source", 3, 4),
    ("2", "indicative_word", 12),
    ("5", "attribution_source", 20),
    ("5", "indicative_word", 21),
    ("7", "attribution_source", 30, 31),
    ("7", "indicative_phrase", 28, 29),
    ("8", "attribution_source", 33),
    ("8", "indicative_word", 33, 34),
    ("11", "attribution_source", 42, 43),
]
ABOUT = {
    "title": "Lock shut",
    "dateCreated": "2031-04-01",
    "author": "The Bell",
    "sourceURL": "https://bell.example/lock",
}


def conllu(sentences=SENTENCES, entities=ENTITIES, about=ABOUT):
    lines, number = [f"# newdoc id = {NAME}", *(f"# meta::{key} = {value}" for key, value in about.items())], 0
    for block, words in sentences:
        lines += ["# newpar", f"# newpar_block = {block}"] if block else []
        lines.append(f"# text = {words.replace('|', '').replace('+', '')}")
        pieces = re.findall(r"([^ |+]+)([ |+]?)", words)
        for inside, (word, after) in enumerate(pieces, 1):
            if after == "+":
                lines.append(f"{inside}-{inside + 1}\t{word}{pieces[inside][0]}" + "\t_" * 8)
            number += 1
            space = ["SpaceAfter=No"] if after in ("|", "+") else []
            misc = "|".join([*(f"Entity={found}" for found in [entities.get(number)] if found), *space]) or "_"
            feats = "Number=Plur" if word.endswith("s") else "_"
            kind = KINDS.get(word, "NOUN" if word.isalpha() else "PUNCT")
            lines.append("\t".join([str(inside), word, "_", kind, "_", feats, "0", "root", "_", misc]))
        lines += [f"{len(pieces)}.1\tgone{chr(9) + '_':s}" + "\t_" * 7, ""]
    return "\n".join([*lines, ""])


def rs4(segments=SEGMENTS, signals=SIGNALS, edges=""):
    rows = "".join(
        f'<segment id="{i}" parent="{p}" relname="{r}">{"w " * size}</segment>' for i, p, r, size in segments
    )
    seen = "".join(
        f'<signal source="{source}" type="x" subtype="{kind}" tokens="{",".join(map(str, words))}"/>'
        for source, kind, *words in signals
    )
    groups = '<group id="30" type="span"/><group id="40" type="multinuc" parent="30" relname="joint-list"/>'
    groups += '<group id="41" type="span" parent="30" relname="joint-list"/>'
    return f"<rst><body>{rows}{groups}<secedges>{edges}</secedges><signals>{seen}</signals></body></rst>"


@pytest.fixture
def folder(tmp_path):
    def make(words=None, tree=None, name=NAME):
        for place in ("dep", "rst/rstweb"):
            (tmp_path / place).mkdir(parents=True, exist_ok=True)
        (tmp_path / "dep" / f"{name}.conllu").write_text(words or conllu(), encoding="utf-8")
        if tree != "":
            (tmp_path / "rst" / "rstweb" / f"{name}.rs4").write_text(tree or rs4(), encoding="utf-8")
        return tmp_path

    return make


def one(found):
    assert found.problems == []
    (document,) = found.documents
    assert validate_documents({"x": [document]}, {}) == []
    return document


def told(document):
    """Return by claim: speaker, cue, content, holder, outer claim."""
    words = {unit.id: " … ".join(span.text for span in unit.spans) for unit in (*document.speakers, *document.cues)}
    names = {entity.id: entity.name for entity in document.entities}
    items = {item.id: item for item in document.attributions}
    return {
        claim.id: (
            words.get(items[claim.attribution].speaker),
            words.get(items[claim.attribution].cue),
            " … ".join(span.text for span in claim.spans),
            *(names[name] for name in items[claim.attribution].entities),
            items[claim.attribution].parent,
        )
        for claim in document.claims
    }


def test_the_text_is_rebuilt_line_by_line(folder):
    found = gum.read(folder())
    assert one(found).text == (
        "Lock shut\n"
        "Orla Vint, mayor of Tarn, has not said that “we must go,” she told them, “now.” "
        "According to the Bell, guards think it didn't leak.\n"
        "Image: Ada Fenn.\n"
    )
    assert not found.noticed["sentences that are not their text"]


def test_what_is_known_of_a_text(folder):
    document = one(gum.read(folder()))
    known = document.provenance
    assert (document.collection, document.genre, document.title) == ("gum", "wire", "Lock shut")
    assert (document.date.isoformat(), known.publisher, known.url) == tuple(
        ABOUT[name] for name in ("dateCreated", "author", "sourceURL")
    )
    assert known.license == "CC-BY-2.5 AND CC-BY-4.0"


def test_attributions_are_satellites(folder):
    found = gum.read(folder())
    assert told(one(found)) == {
        "rst-2": (
            "Orla Vint, mayor of Tarn",
            "has not said",
            "that “we must go,” she told them, “now.”",
            "Orla Vint",
            None,
        ),
        "rst-5": ("she", "told", "that “we must go,” … “now.”", "Orla Vint", "rst-2"),
        "rst-7": ("the Bell", "According to", "guards think it didn't leak", "the Bell", None),
        "rst-8": ("guards", "think", "it didn't leak", "guards", "rst-7"),
    }
    assert found.noticed["attributions left out: credits, captions and list items without a cue"] == 1
    assert [claim.id for claim in found.documents[0].claims if claim.negated] == ["rst-2"]


def test_entities_hold_an_attribution_and_pronouns_speak(folder):
    found = gum.read(folder())
    document = one(found)
    mentions = {e.name: [document.text[s:t] for s, t in e.mentions] for e in document.entities}
    assert mentions == {
        "Orla Vint": ["Orla Vint", "mayor of Tarn", "she"],
        "the Bell": ["the Bell"],
        "guards": ["guards"],
    }
    assert [entity.kind for entity in document.entities] == ["person", "institution", "group"]
    assert found.noticed["mentions left out: pronouns that do not speak"] == 1


def test_a_source_without_chain_has_no_holder(folder):
    entities = {key: value for key, value in ENTITIES.items() if not value.startswith("(6-")}
    found = gum.read(folder(conllu(entities=entities)))
    assert told(one(found))["rst-8"] == ("guards", "think", "it didn't leak", "rst-7")
    assert found.noticed["speakers without a chain"] == 1


def test_secondary_edges_attribute_too(folder):
    edge = '<secedge id="7-9" source="7" target="9" relname="attribution-positive"/>'
    signals = [*SIGNALS, ("7-9", "attribution_source", 30, 31), ("7-9", "indicative_word", 28, 29)]
    found = told(one(gum.read(folder(tree=rs4(signals=signals, edges=edge)))))
    assert found["rst-7-9"][:2] == ("the Bell", "According to")


def test_running_text_needs_no_cue(folder):
    kept = [signal for signal in SIGNALS if signal[:2] != ("8", "indicative_word")]
    found = gum.read(folder(tree=rs4(signals=kept)))
    assert told(one(found))["rst-8"][:2] == ("guards", None)
    assert found.noticed["attributions without cue"] == 1


def test_words_of_a_signal_that_stand_elsewhere_are_left_out(folder):
    strays = [("8", "indicative_word", 35), ("7", "attribution_source", 3)]
    found = told(one(gum.read(folder(tree=rs4(signals=[*SIGNALS, *strays])))))
    assert found["rst-8"][1] == "think", "a word of what is said is no cue"
    assert found["rst-7"][0] == "the Bell", "a word outside the satellite is no source"


def test_a_tree_thousands_deep_is_refused_soon(folder):
    segments = [("w", "x0", "attribution-positive", 44)]
    deep = [(f"x{number}", f"x{number + 1}", "attribution-positive", 0) for number in range(3_000)]
    (problem,) = gum.read(folder(tree=rs4([*segments, *deep]))).problems
    assert "take more than 1,000,000 steps" in problem.message


def test_parts_are_genres(folder):
    folder()
    root = folder(name="GUM_speech_lock")
    assert [d.genre for d in gum.read(root).documents] == ["wire", "speech"]
    (document,) = gum.read(root, parts=["speech"]).documents
    assert (document.id, document.provenance.license) == ("GUM_speech_lock", "LicenseRef-unknown AND CC-BY-4.0")
    with pytest.raises(CommuniqueError, match="no texts of 'court'; there are news, speech"):
        gum.read(root, parts=["court"])


def test_a_folder_of_another_form_is_misuse(tmp_path):
    with pytest.raises(CommuniqueError, match="name a folder of GUM"):
        gum.read(tmp_path)


@pytest.mark.parametrize(
    ("words", "tree", "message"),
    [
        (None, "<rst", "it is no XML"),
        (None, "<!DOCTYPE rst><rst/>", "a document type is declared"),
        (None, rs4(SEGMENTS[1:]), "the tree has 42 words, the text 44"),
        (None, rs4([*SEGMENTS, SEGMENTS[0]]), "node '1' has no id of its own"),
        ("1\tLock\n", None, "'1' has 2 columns"),
        (conllu().replace("2\tshut", "zwei\tshut", 1), None, "'zwei' is no number"),
    ],
)
def test_broken_files_are_problems(folder, words, tree, message):
    (problem,) = gum.read(folder(words, tree)).problems
    assert problem.id == "gum-malformed"
    assert message in problem.message


def test_texts_without_tree_or_words_are_counted(folder):
    folder()
    folder(tree="", name="GUM_news_other")
    hidden = re.sub(r"(?m)^(\d+\t)[^\t]+", r"\1_", conllu())
    found = gum.read(folder(hidden, name="GUM_reddit_lock"))
    assert one(found).id == NAME
    assert found.noticed["texts without a discourse tree"] == 1
    assert found.noticed["texts whose words are left out of the corpus"] == 1


def test_a_tree_that_goes_in_circles_ends(folder):
    segments = [("1", "2", "attribution-positive", 20), ("2", "1", "same-unit", 24)]
    assert gum.read(folder(tree=rs4(segments))).problems == []


# The real corpus. Its texts stay where they are: only counts are compared here.


@pytest.fixture(scope="module")
def real(clone) -> Path:
    return clone("gum", "dep")


def counted_otherwise(folder: Path) -> Counter:
    """Count by plain patterns over the files, without the importer."""
    counts: Counter = Counter()
    for path in (folder / "rst" / "rstweb").glob("*.rs4"):
        source = path.read_text(encoding="utf-8")
        nodes = re.findall(r'<(?:segment|group|secedge) [^>]*relname="attribution-(\w+)"', source)
        counts["attributions"] += len(nodes)
        counts["negated"] += nodes.count("negative")
        lines = set(re.findall(r'id="([\d-]+)"[^>]*relname="attribution', source))
        cued = re.findall(r'<signal source="([\d-]+)" type="\w+" subtype="indicative_(?:word|phrase)"', source)
        counts["cued"] += len(lines & set(cued))
    for path in (folder / "dep").glob("*.conllu"):
        source = path.read_text(encoding="utf-8")
        counts["letters"] += sum(len("".join(text.split())) for text in re.findall(r"(?m)^# text = (.*)", source))
    return counts


def test_the_counts_agree_with_another_route(real):
    counts, found = counted_otherwise(real), gum.read(real)
    claims = [claim for document in found.documents for claim in document.claims]
    left = found.noticed["attributions left out: credits, captions and list items without a cue"]
    assert len(claims) + left == counts["attributions"]
    assert len(claims) - found.noticed["attributions without cue"] <= counts["cued"]
    assert counts["cued"] - (len(claims) - found.noticed["attributions without cue"]) <= 3, "cues within the content"
    assert sum(claim.negated for claim in claims) == counts["negated"]
    assert sum(len("".join(document.text.split())) for document in found.documents) == counts["letters"]
    assert not found.noticed["sentences that are not their text"]


def test_the_real_corpus_is_read_whole_and_valid(real):
    found = gum.read(real)
    assert found.problems == []
    assert len(found.documents) == len(list((real / "dep").glob("*.conllu")))
    assert validate_documents({"gum": found.documents}, {}) == []
    items = [item for document in found.documents for item in document.attributions]
    assert sum(bool(item.entities) for item in items) > 0.97 * len(items)
    assert sum(item.speaker is not None for item in items) > 0.99 * len(items)
