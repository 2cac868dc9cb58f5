"""Hostile input takes time and memory in proportion to its size: each of these took minutes, or all memory."""

import gc
import gzip
import os
import threading
import unicodedata
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from time import process_time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique import checks, files, jsonl, layers, releases, tokens
from communique.admission import faults
from communique.baselines import Source, without_types
from communique.baselines.crf import features_of_pairs
from communique.baselines.crf.features import Features, Words
from communique.baselines.holders import ranking
from communique.baselines.holders.clusters import Cluster, Clusters
from communique.baselines.holders.mentions import Mention
from communique.baselines.holders.resolve import Standing
from communique.baselines.lexicon import lexicon
from communique.baselines.linear import model as linear
from communique.baselines.rules import find
from communique.baselines.shared import type_features
from communique.baselines.shared.overlaps import apart
from communique.baselines.shared.token_table import pages
from communique.checks import unit_faults
from communique.formats import conll, polnear
from communique.formats.brat import standoff as brat_standoff
from communique.formats.common import spoken
from communique.formats.keys import Region
from communique.formats.polnear import standoff
from communique.formats.regions import document_of
from communique.places import Stretches, outermost
from communique.problems import CommuniqueError, DataError
from communique.quotes.align import align
from communique.quotes.find import Text
from communique.quotes.records import QuotedAttribution, QuotedClaim, QuotedDocument
from communique.records import Attribution, PredictedClaim, Prediction, Span
from communique.texts import Normalised
from communique.tokens import sentences
from communique.validation.files import MOST, read_file

LETTERS = "aeo\r\n\u0301\u0323\u0327\u0345\u0344\u1100\u1161\u11a8\u3099\u304b\u0338<\u0302\ufeff"
STRETCHES = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 6)).map(lambda pair: (pair[0], sum(pair))))


@contextmanager
def soon(seconds: float = 10) -> Iterator[None]:
    """Fail where the block takes more time of the processor than a slow machine needs twenty times over."""
    start = process_time()
    yield
    assert process_time() - start < seconds


@pytest.mark.parametrize(
    "text",
    [
        '"' * 40_000,
        "'" * 40_000,
        "“" * 40_000,
        '"a" ' * 10_000,
        "A'B’" * 10_000,
        "AAAA " * 8_000,
        "AAAA, " * 8_000,
        "I say. “I do.” " * 3_000,
        "".join(f"Mr Ab{n} said no to Cd{n}. " for n in range(2_000)),
        "He said " + "if we our " * 4_000,
        "“We will not do that again today,” said Mr Vint. " + "“We will not do that again today.” " * 2_000,
    ],
    ids=lambda text: text[:12],
)
def test_rules_take_any_text(text):
    with soon():
        find("made", text)


def test_a_label_is_matched_in_one_way():
    with soon():
        find("made", "A" * 400 + "’”\n\n" + "MR AB (x): no.\n" * 3)


@pytest.mark.parametrize("mark", ["“", "'"])
def test_sentences_of_long_paragraphs_are_found_in_pieces(mark):
    text = mark * 200_000
    with soon(60):
        assert sum(end - start for start, end in sentences(text)) == len(text)


def test_the_offer_pattern_reads_a_claim_once():
    with soon():
        assert "offer" not in map(str, lexicon().content_types("if we " * 20_000))
    assert "offer" in map(str, lexicon().content_types("no\nif they stop our men will"))


@pytest.mark.parametrize("count", [2_000, 30_000])
def test_discontinuous_quotes_are_continued_by_search(count):
    claim = QuotedClaim(id="c1", quote=("He", "no"))
    item = QuotedAttribution(id="a1", speaker="He", cue="said", form="indirect", claims=(claim,))
    with soon(20):
        layer = align("He said no, again. " * count, QuotedDocument(id="made", attributions=(item,)))
    assert [(span.start, span.end) for span in layer.claims[0].spans] == [(0, 2), (8, 10)]


def test_of_many_occurrences_the_nearest_are_taken():
    text = "Vint said no. " * 200 + "Orla added that. " + "Vint said no. " * 200
    claim = QuotedClaim(id="c1", quote="that")
    item = QuotedAttribution(id="a1", speaker="Vint", cue="no", form="indirect", claims=(claim,))
    layer = align(text, QuotedDocument(id="made", attributions=(item,)))
    near = layer.claims[0].spans[0].start
    assert abs(layer.speakers[0].spans[0].start - near) < 40 > abs(layer.cues[0].spans[0].start - near)


@given(st.text("ab \n", max_size=40), st.text("ab ", min_size=1, max_size=4).filter(str.strip))
def test_occurrences_are_all_found(text, words):
    wanted = " ".join(words.split())
    folded = " ".join(text.split())
    every = [at for at in range(len(folded)) if folded.startswith(wanted, at)]
    found = Text(folded).find(wanted)
    whole = [
        at
        for at in every
        if not any(0 < p < len(folded) and folded[p - 1 : p + 1].isalnum() for p in (at, at + len(wanted)))
    ]
    assert [start for start, _ in found] == (whole or every)


def test_repeated_letters_are_found_in_one_pass():
    with soon():
        assert len(Text("a" * 100_000).find("a" * 50_000)) == 50_001


def test_a_quote_of_white_space_is_nowhere():
    assert Text("a b").find(" \n") == []


@given(st.text(LETTERS, max_size=12))
def test_offsets_follow_normalisation_as_if_each_stretch_were_normalised_whole(raw):
    assert Normalised(raw).text == unicodedata.normalize("NFC", Normalised(raw).text)
    places = [Normalised(raw).at(offset) for offset in range(len(raw) + 1)]
    assert places == expected(raw)


def expected(raw: str) -> list[int]:
    """Return the stored offset of each raw one, every stretch normalised anew for every letter."""

    def stored(piece: str) -> str:
        return unicodedata.normalize("NFC", piece.replace("\r\n", "\n").replace("\r", "\n"))

    if stored(raw.removeprefix("\ufeff")) == raw:
        return list(range(len(raw) + 1))
    body = raw.removeprefix("\ufeff")
    pieces: list[str] = []
    for letter in body:
        if pieces and stored(pieces[-1] + letter) != stored(pieces[-1]) + stored(letter):
            pieces[-1] += letter
        else:
            pieces.append(letter)
    places, at = [0] * (len(raw) - len(body)), 0
    for piece in pieces:
        places.append(at)
        at += len(stored(piece))
        places += [at] * (len(piece) - 1)
    return [*places, at]


def test_a_run_of_marks_is_normalised_once():
    with soon():
        assert Normalised("\r\u0301" + "\u0323" * 100_000).at(100_002) == 100_002


@given(STRETCHES, st.tuples(st.integers(0, 30), st.integers(1, 6)))
def test_stretches_are_met_held_and_begun(places, other):
    start, end = other[0], sum(other)
    kept = outermost(places)
    assert kept == sorted(p for p in set(places) if not any(q != p and q[0] <= p[0] and p[1] <= q[1] for q in places))
    row = Stretches(kept)
    assert [kept[n] for n in row.met(start, end)] == [p for p in kept if p[0] < end and start < p[1]]
    assert [kept[n] for n in row.within(start, end)] == [p for p in kept if start <= p[0] and p[1] <= end]
    assert [kept[n] for n in row.begun(start, end)] == [p for p in kept if start <= p[0] < end]
    assert row.holds(start, end) == any(a <= start and end <= b for a, b in kept)
    assert row.add(start, end) == (not any(a < end and start < b for a, b in kept))


def test_the_longest_of_overlapping_contents_are_kept():
    assert apart([(0, 4), (3, 9), (9, 11), (10, 11)]) == [(3, 9), (9, 11)]


def test_words_are_looked_for_where_the_rarest_stands():
    with soon():
        standing = Standing("Mr A Mr B " * 50_000 + "Mr Vint, Vints Vint")
        assert [text for n in range(2_000) for text in standing.places("Mr Vint")][:1] == [(500_000, 500_007)]
    assert list(Standing("Vint Vints, Vint Vint").places("Vint Vint")) == [(12, 21)]


def test_clusters_are_told_by_who_was_mentioned_last():
    one, two = (Cluster([Mention(at, name, spoken=False)]) for at, name in ((0, "Vint"), (10, "Orla")))
    clusters = Clusters([one, two])
    assert clusters.mentioned(5, 5) == [one]
    assert clusters.mentioned(20, 5) == [two, one]
    clusters.join(Mention(15, "Vint"), one)
    assert clusters.mentioned(20, 5) == [one, two]
    assert clusters.spoken(5) == [one]
    assert list(clusters) == [two, one]


def chain(count: int, first: str | None) -> Prediction:
    """Return attributions each of which is nested in the claim of the one before."""
    return Prediction(
        id="made",
        attributions=tuple(
            Attribution(
                id=f"a{n}", speaker=None, cue=None, entities=(), form="indirect", parent=f"c{n - 1}" if n else first
            )
            for n in range(count)
        ),
        claims=tuple(
            PredictedClaim(id=f"c{n}", attribution=f"a{n}", spans=(Span(start=n, end=n + 1, text="a"),))
            for n in range(count)
        ),
    )


def test_long_chains_of_parents_are_followed_once():
    with soon():
        assert not [name for name, _ in unit_faults(chain(20_000, None)) if name == "parent-cycle"]
        faults = [name for name, _ in unit_faults(chain(20_000, "c9"))]
    assert faults.count("parent-cycle") == 10


def test_claims_of_columns_without_attributions_find_the_nearest_cue(tmp_path):
    rows = "".join(f"Vint{n}\tB-speaker\tO\tO\nsaid\tO\tB-cue\tO\nno\tO\tO\tB-claim\n" for n in range(3_000))
    (tmp_path / "made.conll").write_text(rows, encoding="utf-8")
    with soon(20):
        (made,) = conll.read(tmp_path / "made.conll").documents
    speakers = {speaker.id: speaker.spans[0].text for speaker in made.speakers}
    assert [speakers[item.speaker] for item in made.attributions] == [f"Vint{n}" for n in range(3_000)]


def bomb(path, line):
    with gzip.open(path, "wb") as file:
        for _ in range(40):
            file.write(line * ((1 << 20) // len(line)))
    return path


@pytest.mark.parametrize("line", [b"\n", b"a" * 1024 + b"\n", b" " * 1024])
def test_packed_files_that_swell_are_refused_early(tmp_path, line):
    path = bomb(tmp_path / "made.jsonl.gz", line)
    with soon(20), pytest.raises(DataError, match=r"unpacked-too-large|line-too-long"):
        read = sum(len(found) for _, found in jsonl.lines(path))
        assert read < files.LEAST_REFUSED + jsonl.LONGEST_LINE
    with pytest.raises(DataError, match="100 times its size"):
        files.content(path)


def test_pipes_of_any_length_are_read(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=lambda: path.write_bytes(b"{}\n" * 100_000))
    writer.start()
    assert sum(1 for _ in jsonl.lines(path)) == 100_000
    writer.join()


def test_what_has_no_end_is_refused():
    with pytest.raises(DataError, match="line-too-long"):
        list(jsonl.lines("/dev/zero"))


def test_a_large_file_is_not_read_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "LARGEST", 10)
    path = tmp_path / "made.txt"
    path.write_bytes(b"a" * 11)
    with pytest.raises(CommuniqueError, match="split it"):
        files.content(path)
    with pytest.raises(CommuniqueError, match="split it"):
        files.content(tmp_path / bomb(tmp_path / "made.gz", b"a").name)


def test_problems_of_a_file_are_told_up_to_a_number(tmp_path):
    path = tmp_path / "made.jsonl"
    for line in ("\n", "{}\n"):
        path.write_text(line * (2 * MOST), encoding="utf-8")
        with soon(60):
            records, problems = read_file(path)
        assert not records
        assert MOST <= len(problems) < 2 * MOST + 20 * 20


SOME = st.sets(st.tuples(st.integers(0, 30), st.integers(1, 4)).map(lambda place: (place[0], sum(place))))


def features() -> Features:
    return Features(pages(["Vint said no again, today.\n" * 6]), Words({}, {"cue": {}, "source": {}}, {}))


@given(SOME, SOME, st.integers(0, 1), st.integers(1, 5), st.integers(0, 9))
def test_the_best_pairs_are_those_of_all_pairs_sorted(cues, contents, by, at_once, seed):
    parts = {"cue": cues, "source": set(), "content": contents}
    whole = features_of_pairs.Pairs(FEATURES, features_of_pairs.sides(parts), "cue", "content")
    scores = np.random.default_rng(seed).integers(-1, 3, len(whole)).astype(float)
    ranked = sorted(pair for pair in zip(scores.tolist(), whole.places(), strict=True) if pair[0] > 0)
    assert {found[1][by]: found for found in whole.best(scores, by)} == {pair[by]: (s, pair) for s, pair in ranked}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(features_of_pairs, "_AT_ONCE", at_once)
        bounded = list(features_of_pairs.Pairs.bounded(FEATURES, parts, "cue", "content"))
    assert [place for some in bounded for place in some.places()] == whole.places()
    assert all(len({first for first, _ in some.places()}) <= at_once for some in bounded)


FEATURES = features()


def test_long_paragraphs_are_split_in_pieces(monkeypatch):
    text, given = "Vint said “no”. " * 2_000, []
    monkeypatch.setattr(
        "communique.baselines.shared.token_table.tokens", lambda *of: given.append(of) or tokens.tokens(*of)
    )
    table = pages([text])
    assert max(end - start for _, start, end in given) <= 5_000
    found = [(table.forms[form], a, b) for form, a, b in zip(table.form, table.start, table.end, strict=True)]
    assert found == tokens.tokens(text)
    assert not table.paragraph.any()


def said(count: int, words: str) -> Prediction:
    """Return claims of one attribution, each of the same words at the start of the text."""
    item = Attribution(id="a1", speaker=None, cue=None, entities=(), form="indirect", parent=None)
    span = Span(start=0, end=len(words), text=words)
    claims = (PredictedClaim(id=f"c{n}", attribution="a1", spans=(span,)) for n in range(count))
    return Prediction(id="made", attributions=(item,), claims=tuple(claims))


def test_of_a_long_claim_both_ends_are_looked_at():
    words = "a" * 10_000 + "b" * 10_001 + "c" * 9_999
    ((claim, *_),) = type_features.rows(said(1, words), words, {})
    assert claim == f"{'a' * 10_000} b{'c' * 9_999}"
    ((claim, *_),) = type_features.rows(said(1, words[:20_000]), words, {})
    assert claim == words[:20_000]


def test_siblings_are_counted_once():
    with soon():
        found = type_features.rows(said(40_000, "no"), "no", {})
    assert [next(s for s in row[3].split() if s.startswith("sibling")) for row in (*found[:2], found[-1])] == [
        "sibling:0of3",
        "sibling:1of3",
        "sibling:2of3",
    ]


def test_claims_are_typed_some_at_a_time(monkeypatch):
    documents = releases.part("newest:dev")[0][:2]
    model = linear.Linear().fit(documents)
    given = [Source(id=item.id, text=item.text, layer=without_types(item)) for item in documents]
    whole = model.predict(given)
    told, sizes = model._told, []
    monkeypatch.setattr(model, "_told", lambda rows: sizes.append(len(rows)) or told(rows))
    monkeypatch.setattr(linear, "_AT_ONCE", 7)
    assert model.predict(given) == whole
    assert max(sizes) == 7
    assert sum(sizes) == sum(len(item.claims) for item in documents)


@pytest.mark.parametrize("words", ["", "he"])
def test_what_shares_no_word_is_not_looked_for_by_words(monkeypatch, words):
    monkeypatch.setattr(Clusters, "sharing", None)
    known = Cluster([Mention(0, "Vint")])
    assert [cluster for cluster, _ in ranking.features(Mention(20, words), Clusters([known]))] == [known]


def test_records_are_no_burden_to_the_search_for_cycles():
    assert not gc.is_tracked(said(1, "a"))


def test_spans_have_no_more_words_together_than_memory_should_hold(monkeypatch):
    (item, *_), _, _ = releases.part("newest:dev")
    layer, length = layers.dehydrate(item), sum(len(s.text) for unit in checks.spanned(item) for s in unit.spans)
    regions = [Region((0, 40), {"label": ["Claim"]}), Region((10, 60), {"label": ["Claim"]})]
    bound = "T1\tContent 0 40\t" + item.text[:40]
    monkeypatch.setattr(checks, "SPANNED", length)
    assert layers.hydrate(layer, item.text).claims == item.claims
    monkeypatch.setattr(checks, "SPANNED", length - 1)
    assert [name for _, name, _ in faults(item)] == ["spans-too-long"]
    with pytest.raises(DataError, match=rf"^layer {item.id}: .* together, .*spans-too-long"):
        layers.hydrate(layer, item.text)
    monkeypatch.setattr(checks, "SPANNED", 20)
    with pytest.raises(ValueError, match="90 code points together, at most 20"):
        document_of("made", item.text, regions, {}, Counter())
    with pytest.raises(ValueError, match="code points together, at most 20"):
        standoff.parse(bound, item.text, Normalised(item.text), Counter())


def test_polnear_tells_spans_that_are_too_long(tmp_path, monkeypatch):
    for name in ("text", "attributions"):
        (tmp_path / "dev" / name).mkdir(parents=True)
    (tmp_path / "dev" / "text" / "made.txt").write_text("Vint said no.", encoding="utf-8")
    (tmp_path / "dev" / "attributions" / "made_a.ann").write_text("T1\tCue 5 9\tsaid\n", encoding="utf-8")
    monkeypatch.setattr(checks, "SPANNED", 3)
    assert [problem.id for problem in polnear.read(tmp_path).problems] == ["spans-too-long"]


def test_fragments_named_again_and_again_are_not_written_out():
    text = "a" * 2_000
    assert spoken([(0, 2_000)] * 1_000, text, 5) == text
    assert spoken([(0, 1), (5, 7)], text, 5) == "a aa"


@pytest.mark.parametrize("read", [standoff._BOUND, brat_standoff._TEXT_BOUND])
def test_offsets_have_no_more_digits_than_a_text_can_need(read):
    assert read.fullmatch("T1\tCue 0 123456789\tsaid")
    assert not read.fullmatch(f"T1\tCue 0 {'1' * 5_000}\tsaid")
