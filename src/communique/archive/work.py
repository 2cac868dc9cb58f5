"""The work itself: label a shard; a text at which the model fails is told, and costs no other."""

from collections.abc import Iterator, Sequence

from communique.archive.found import found
from communique.archive.gather import Failure
from communique.archive.reading import Text
from communique.archive.shards import Labelled, Shard, labelled
from communique.baselines.base import Baseline, Source
from communique.records import Prediction


def label(model: Baseline, shard: Shard, form: str) -> Labelled:
    """Return a shard as it is written.

    Parameters
    ----------
    model : Baseline
        Ready to label.
    shard : Shard
        Its texts.
    form : str
        ``jsonl`` or ``parquet``.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):  # sums of floats depend on how many threads share them
        results = list(_results(model, shard.texts))
    predictions = [one for one in results if isinstance(one, Prediction)]
    failures = [*shard.failures, *(one for one in results if isinstance(one, Failure))]
    return labelled(shard, predictions, failures, found(predictions), form)


def _results(model: Baseline, texts: Sequence[Text]) -> Iterator[Prediction | Failure]:
    try:
        made = {layer.id: layer for layer in model.predict([_source(text) for text in texts])}
    except Exception as error:  # whatever one of these texts makes a model raise
        if len(texts) == 1:
            yield _failed(texts[0], f"{type(error).__name__}: {error}")
        else:
            for text in texts:
                yield from _results(model, [text])
        return
    for text in texts:
        yield made.get(text.id) or _failed(text, "it gave no labels")


def _source(text: Text) -> Source:
    return Source(id=text.id, text=text.text)


def _failed(text: Text, told: str) -> Failure:
    return Failure(text.id, text.file, text.line, f"the model failed at it: {told}; leave it out, or report it")
