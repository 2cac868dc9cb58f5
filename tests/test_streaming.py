"""What `predict` reads and how: one text after the other, in batches as the model asks, never all in memory."""

import json
import threading
import time

import pytest

import samples
from communique import baselines, jsonl
from communique.baselines import inputs
from communique.baselines.base import Source
from communique.baselines.given import without_types
from communique.baselines.streaming import BATCH, in_order, stream
from communique.problems import CommuniqueError, DataError
from communique.records import Prediction


class Counting:
    """Labels nothing, and remembers how many texts it was handed at a time."""

    def __init__(self, **attributes):
        self.sizes = []
        vars(self).update(attributes)

    def predict(self, sources):
        self.sizes.append(len(sources))
        return [Prediction(id=source.id) for source in sources]


def texts(number):
    return (Source(id=f"t{n}", text="He said no.\n") for n in range(number))


@pytest.mark.parametrize(("attributes", "size"), [({}, BATCH), ({"batch": 3}, 3), ({"batch": 100}, 40)])
def test_a_model_is_handed_as_many_texts_as_it_asks_for(attributes, size):
    model = Counting(**attributes)
    assert [found.id for found in stream(model, texts(40))] == [f"t{n}" for n in range(40)]
    assert (max(model.sizes), sum(model.sizes)) == (size, 40)


def test_a_model_that_streams_is_handed_all():
    model = Counting(stream=lambda sources: (Prediction(id=source.id) for source in sources))
    assert (len(list(stream(model, texts(40)))), model.sizes) == (40, [])


def test_labels_come_before_the_last_text_is_taken():
    model = Counting(batch=2)
    found = stream(model, texts(10**9))
    assert [next(found).id for _ in range(3)] == ["t0", "t1", "t2"]


def test_work_in_threads_keeps_the_order_and_runs_no_further_than_it_must():
    taken, running, most, lock = [], [], [], threading.Lock()

    def items():
        for number in range(10**9):
            taken.append(number)
            yield number

    def work(number):
        with lock:
            running.append(number)
            most.append(len(running))
        time.sleep(0.001 * (number % 3))
        with lock:
            running.remove(number)
        return number

    results = in_order(work, items(), 3)
    assert [next(results) for _ in range(50)] == list(range(50))
    results.close()
    assert (max(most) <= 3, len(taken) <= 50 + 8 * 3) == (True, True)


def test_what_work_raises_is_raised_in_its_turn():
    results = in_order(lambda number: 1 // (3 - number), iter(range(100)), 2)
    assert [next(results) for _ in range(3)] == [0, 0, 1]
    with pytest.raises(ZeroDivisionError):
        next(results)


# JSON lines of ids and texts


def bare(path, *rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_lines_of_id_and_text_are_labelled(tmp_path, run):
    path = bare(
        tmp_path / "t.jsonl", {"id": "b", "text": "Orla Vint said no.\r\n"}, {"text": "\ufeffE\u0301ra.", "id": "a"}
    )
    assert [(s.id, s.text, s.layer) for s in inputs.sources(str(path))] == [
        ("b", "Orla Vint said no.\n", None),
        ("a", "Éra.", None),
    ]
    assert run("predict", "rules", path, "-o", tmp_path / "p.jsonl")[0] == 0
    assert [found.id for found in jsonl.read(tmp_path / "p.jsonl", Prediction)] == ["b", "a"]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"id": "a", "text": "x"}, "t.jsonl:2: id 'a' stands on line 1 as well"),
        ({"id": " b", "text": "x"}, "t.jsonl:2: id ' b' begins or ends in white space"),
        ({"id": "b", "text": "x", "date": None}, "t.jsonl:2: .*unknown field `date`"),
        ({"id": "b"}, "t.jsonl:2: .*missing required field `text`"),
    ],
)
def test_a_line_that_is_no_text_is_named_before_anything_is_labelled(tmp_path, row, told):
    path = bare(tmp_path / "t.jsonl", {"id": "a", "text": "x"}, row)
    with pytest.raises(DataError, match=told):
        next(inputs.sources(str(path)))


def test_bare_texts_bring_no_claims(tmp_path):
    path = bare(tmp_path / "t.jsonl", {"id": "a", "text": "x"})
    with pytest.raises(CommuniqueError, match=r"a plain text brings no claims; leave out --given-claims"):
        next(inputs.sources(str(path), inputs.Given.CLAIMS))


def test_documents_are_all_checked_before_the_first_is_labelled(tmp_path):
    path = tmp_path / "d.jsonl"
    jsonl.write(path, samples.documents())
    assert [source.id for source in inputs.sources(str(path))] == list(samples.SOURCES)
    assert [source.layer for source in inputs.sources(str(path), inputs.Given.CLAIMS)] == [
        without_types(document) for document in samples.documents()
    ]
    jsonl.write(path, [*samples.documents(), samples.document()])
    with pytest.raises(DataError, match=r"d.jsonl:4: .*stands on .*d.jsonl:1 already"):
        next(inputs.sources(str(path)))


def test_the_command_hands_on_each_text_once_and_in_order(tmp_path, run, monkeypatch):
    seen = []
    monkeypatch.setattr(baselines, "create", lambda name: Counting(stream=streamed))

    def streamed(sources):
        for source in sources:
            seen.append(len(source.text))
            yield Prediction(id=source.id)

    path = bare(tmp_path / "t.jsonl", *({"id": str(n), "text": "x" * n} for n in range(300)))
    assert run("predict", "rules", path, "-o", tmp_path / "p.jsonl")[0] == 0
    assert [found.id for found in jsonl.read(tmp_path / "p.jsonl", Prediction)] == [str(n) for n in range(300)]
    assert seen == list(range(300))
