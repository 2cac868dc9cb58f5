"""Every baseline on odd texts and on very few documents: it ends, and what it says validates."""

import msgspec
import pytest

import samples
from communique import baselines, resources
from communique.baselines import Source, without_types
from communique.checks import predicted_faults, span_faults
from communique.problems import CommuniqueError
from communique.records import Attribution, PredictedClaim, Prediction, Span
from communique.texts import normal

STATEMENT = "Statement by the Ministry of Locks of Kest\n\n"
WORDS = "He said no, again. "
TEXTS = {
    "first person": "We will sign.",
    "one word": "no",
    "one letter": "a",
    "one paragraph": 'Mira warned us we "shouldn‘t sail" yet we did, Tal wrote. "Never',
    "single marks": "'We will not accept it,' said Deputy Oren Tal.",
    "heading alone": STATEMENT.strip(),
    "heading and address": STATEMENT + "Dear Members,\n",
    "signature alone": "Ilsa Marrow\nPresident of Dolmar\n",
    "compliments alone": "The Embassy of Kest presents its compliments to the Ministry and has the honour to \n",
    "numbers alone": STATEMENT + "1.\n2.\n(a)\n",
    "connectives": STATEMENT + "and and, and because; but we and so" * 20,
    "no letters": "1234 -- 5678 ... ?! \n\n%%% 77.\n",
    "marks alone": '"““”” «»„" \' ’ ‘ "',
    "opening marks": "“" * 300,
    "line separators": "We will sign.\u2028He said no.\u2029\u0085Vint denied it.",
    "form feeds": "\f\fWe will sign.\f\n\fHe said that it was late.\f",
    "no break": "a\u00a0said\u00a0we\u00a0will",
    "zero width": "\u200b\u2060We\u200bwill sign.\u200b",
    "combining": "Éra said we e\u0301\u0323\u0301 will.\n",
    "emoji": "🚩 We will sign, 🚩🚩 said Éra: “🚩”",
    "transcript": "A: \nB: \nC: \nD: we will.\n",
    "capitals": "WE SAY NO. THE BOARD SAID NO.\n",
    "short lines": "a b.\n" * 200,
    "one line": (WORDS * 400)[:-1],
    "nested": "He said she said they said it said we said " * 30,
    "letter": "Dear A,\n\nyou must go, and you accuse us.\n\nYours sincerely,\nB\n",
}


def stored(text):
    return normal(text.encode("utf-8"), "made")


def holds(prediction, text):
    assert list(span_faults(prediction, text)) == []
    assert list(predicted_faults(prediction)) == []
    assert all(claim.rhetoric for claim in prediction.claims)
    assert len({entity.id for entity in prediction.entities}) == len(prediction.entities)


def made(name, folder):
    if name != "encoder":
        return baselines.create(name).fit(samples.documents())
    pytest.importorskip("torch")
    pytest.importorskip("transformers")
    from communique.baselines.encoder import Encoder
    from test_encoder import made as checkpoint

    given = resources.settings("encoder")
    quick = {"device": "cpu", "precision": "float32", "threads": 1, "window": 64, "overlap": 16, "epochs": 1}
    return Encoder({**given, **quick, "checkpoint": str(checkpoint(folder))}).fit(samples.documents())


@pytest.fixture(scope="module", params=(*baselines.NAMES, "encoder"))
def fitted(request, tmp_path_factory):
    return made(request.param, tmp_path_factory.mktemp("checkpoint"))


def test_odd_texts_are_labelled(fitted):
    texts = {name: stored(text) for name, text in TEXTS.items()}
    found = fitted.predict([Source(id=name, text=text) for name, text in texts.items()])
    assert [layer.id for layer in found] == list(TEXTS)
    for layer in found:
        holds(layer, texts[layer.id])


def test_one_odd_text_in_a_folder_stops_nothing(fitted, tmp_path, run):
    baselines.save(fitted, tmp_path / "model")
    (tmp_path / "texts").mkdir()
    for number, name in enumerate(("first person", "no letters", "heading alone", "one paragraph")):
        (tmp_path / "texts" / f"{number}.txt").write_text(TEXTS[name], encoding="utf-8")
    code, _, err = run("predict", tmp_path / "model", tmp_path / "texts", "-o", tmp_path / "out.jsonl")
    assert (code, err.count("Traceback")) == (0, 0)
    assert len((tmp_path / "out.jsonl").read_text().splitlines()) == 4


def many(count):
    """Return a text and a layer with as many claims, each of an attribution of its own."""
    width = len(WORDS)
    span = [Span(start=n * width + 8, end=n * width + 17, text=WORDS[8:17]) for n in range(count)]
    return WORDS * count, Prediction(
        id="made",
        attributions=tuple(
            Attribution(id=f"a{n}", speaker=None, cue=None, entities=(), form="indirect", parent=None)
            for n in range(count)
        ),
        claims=tuple(PredictedClaim(id=f"c{n}", attribution=f"a{n}", spans=(span[n],)) for n in range(count)),
    )


def test_many_given_claims_are_typed(fitted):
    text, layer = many(500)
    (found,) = fitted.predict([Source(id="made", text=text, layer=layer)])
    assert [claim.spans for claim in found.claims] == [claim.spans for claim in layer.claims]
    holds(found, text)


def few(texts):
    """Return documents of one claim each, no word of which stands twice."""
    base = samples.document()
    for number, (speaker, cue, claim, label) in enumerate(texts):
        text = f"{speaker} {cue} {claim}.\n"
        at = [0, len(speaker) + 1, len(speaker) + len(cue) + 2]
        spans = [
            (Span(start=start, end=start + len(words), text=words),)
            for start, words in zip(at, (speaker, cue, claim), strict=True)
        ]
        yield msgspec.structs.replace(
            base,
            id=f"x{number}",
            text=text,
            entities=(),
            speakers=(msgspec.structs.replace(base.speakers[0], id="s1", spans=spans[0]),),
            cues=(msgspec.structs.replace(base.cues[0], id="q1", spans=spans[1]),),
            attributions=(Attribution(id="a1", speaker="s1", cue="q1", entities=(), form="indirect", parent=None),),
            claims=(
                msgspec.structs.replace(
                    base.claims[0], id="c1", attribution="a1", spans=spans[2], rhetoric=label, targets=()
                ),
            ),
        )


SHORT = [
    ("Ilka Voss", "said", "fees will rise", "assertion"),
    ("Oren Tal", "denied", "the port had closed", "denial"),
    ("Mira Dahl", "urged", "both sides to wait", "appeal"),
]


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("name", baselines.NAMES)
def test_few_short_documents_train_a_model_or_are_told(name, count):
    documents = list(few(SHORT[:count]))
    try:
        model = baselines.create(name).fit(documents)
    except CommuniqueError as error:
        assert (name, count) == ("linear", 1)
        assert "two types or more, there are 1" in str(error)
    else:
        (found,) = model.predict([Source(id="x", text=documents[0].text, layer=without_types(documents[0]))])
        assert len(found.claims) == 1
