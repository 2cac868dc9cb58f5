"""Run the baselines on a release and keep their results beside their model cards."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import msgspec

from communique import admission, baselines, escapes, jsonl, releases, resources
from communique.baselines import Baseline, Source, without_entities, without_types
from communique.files import content
from communique.labels import Split
from communique.paths import below
from communique.problems import CommuniqueError
from communique.records import Document, Prediction
from communique.report.tables import board, headlines, markdown, reasons, signatures
from communique.score.config import SCORER, ScoreConfig
from communique.score.evaluate import Evaluation, as_prediction, evaluate
from communique.score.tasks import TASKS
from communique.writing import refuse_unwritten, replacing

HUMAN = "annotators"
BOARD = "README.md"
_SIGN = rb"(?s)# Leaderboard\n.*Written by\s+`communique bench`"
_RESULT = rb'\{\s*"schema": "v1",\s*"gold":'
_FROM_TEXT = tuple(name for name, task in TASKS.items() if task.given == "text")
_GIVEN: dict[tuple[str, ...], Callable[[Document], Prediction] | None] = {
    ("rhetoric",): without_types,
    ("holders",): without_entities,
    _FROM_TEXT: None,
}
"""What is given besides the text, by the tasks that are scored on the answers."""
_ORDER = list(TASKS)


def systems() -> tuple[str, ...]:
    """Return the names of all that is scored: the baselines, and the annotators against each other."""
    return (*baselines.NAMES, HUMAN)


def run(name: str, release: str = "newest") -> list[Evaluation]:
    """Train a system on train, score it on dev and on test.

    Parameters
    ----------
    name : str
        One of `systems`.
    release : str, optional
        Version or folder.

    Returns
    -------
    list of Evaluation
        One for dev, one for test. ``rhetoric`` is scored on gold claims without their types, ``holders`` on gold
        attributions without entities, the other tasks from text alone.
    """
    if name == HUMAN:
        return [_annotators(release, split) for split in (Split.DEV, Split.TEST)]
    model = baselines.create(name).fit(releases.part(f"{release}:train")[0])
    return [_modelled(model, *releases.part(f"{release}:{split}")) for split in (Split.DEV, Split.TEST)]


def _modelled(model: Baseline, documents: Sequence[Document], version: str, split: str) -> Evaluation:
    results = []
    for tasks, given in _GIVEN.items():
        if done := tuple(task for task in tasks if task in model.tasks):
            sources = (Source(id=d.id, text=d.text, layer=given(d) if given else None) for d in documents)
            results.append(_evaluated(documents, model.predict(sources), done, model.name, version, split))
    return merged(*results)


def _evaluated(
    documents: Sequence[Document],
    given: Sequence[Prediction],
    tasks: tuple[str, ...],
    system: str,
    version: str,
    split: str,
    source: str = "predictions",
) -> Evaluation:
    config = ScoreConfig(tasks=tasks)
    return evaluate(
        documents, given, config, system=system, source=source, version=version, split=split, breakdown=True
    )


def scored(
    documents: Sequence[Document],
    given: Sequence[Prediction],
    task: str | None,
    system: str,
    version: str,
    split: str,
    source: str,
) -> Evaluation:
    """Score predictions on the task of which gold is given, or on all that is found from text alone."""
    return _evaluated(documents, given, (task,) if task else _FROM_TEXT, system, version, split, source)


def merged(*results: Evaluation) -> Evaluation:
    """Return evaluations of one system on one part, of different tasks, as one, with the notes of all.

    Confusion is that of ``rhetoric``.
    """
    ordered = sorted(results, key=lambda result: min(_ORDER.index(score.task) for score in result.scores))
    typed = [result for result in ordered if any(score.task == "rhetoric" for score in result.scores)]
    scores = sorted(
        (score for result in ordered for score in result.scores), key=lambda score: _ORDER.index(score.task)
    )
    notes = tuple(dict.fromkeys(note for result in ordered for note in result.notes))
    confusion = (typed or ordered)[0].confusion
    return msgspec.structs.replace(ordered[0], scores=tuple(scores), confusion=confusion, notes=notes)


def _annotators(release: str, split: Split) -> Evaluation:
    """Score the second annotator against the first; types on claims both delimit alike count in ``full`` only."""
    documents, version, _ = releases.part(f"{release}:{split}")
    folder = releases.find(None if release == "newest" else release) / "annotators"
    layers = [_layer(path, {d.id for d in documents}) for path in sorted(folder.glob("*.jsonl"))]
    if len(layers) < 2:
        raise CommuniqueError(f"{folder}: the human row needs two annotators, here are {len(layers)}")
    given: list[Prediction] = [as_prediction(document) for document in layers[1]]
    return _evaluated(layers[0], given, _FROM_TEXT, HUMAN, version, split)


def _layer(path: Path, ids: set[str]) -> list[Document]:
    return [document for document in admission.documents(path) if document.id in ids]


def board_folder(folder: Path | None) -> Path:
    """Return the folder that results and leaderboard are written to, by default that of the checkout.

    Raises
    ------
    CommuniqueError
        None is named and this is no checkout, or a README.md of the user's stands there.
    """
    chosen = folder or Path("baselines")
    if folder is None and not (chosen / BOARD).is_file():
        raise CommuniqueError("this is no checkout of communique; name the folder for results with -o")
    refuse_unwritten(chosen / BOARD, _SIGN)
    return chosen


def write(results: Sequence[Evaluation], folder: Path) -> None:
    """Write each system's results under a folder of baselines, and the leaderboard of all that stand there.

    Raises
    ------
    CommuniqueError
        A file that communique did not write stands in the place of one of them.
    """
    refuse_unwritten(folder / BOARD, _SIGN)
    held = {_place(result, folder): msgspec.json.format(msgspec.json.encode(result), indent=1) for result in results}
    for path in held:
        refuse_unwritten(path, _RESULT)
    with ExitStack() as stack:
        for path, words in held.items():
            stack.enter_context(replacing(path)).write(words + b"\n")
    standing = written(folder)
    tables = "\n".join(f"## {task}\n\n{markdown(*board(standing, task))}" for task in TASKS)
    signs = signatures(score for result in standing for score in headlines(result))
    lacking = "".join(f"- {escapes.markdown(reason)}\n" for reason in (*reasons(standing), *outdated(folder)))
    page = _PAGE.format(tables=tables, lacking=f"\n{lacking}" if lacking else "", signatures=escapes.fenced(signs))
    with replacing(folder / BOARD) as file:
        file.write(page.encode("utf-8"))


def _place(result: Evaluation, folder: Path) -> Path:
    version, _, split = result.gold.partition(":")
    return below(folder, f"{result.system}/results/{version}/{split}", ".json")


def written(folder: Path) -> list[Evaluation]:
    """Read the results under a folder of baselines, in the order of the leaderboard.

    On the same parts of the data, systems that have no result there are read from those packaged.

    Raises
    ------
    CommuniqueError
        The folder has none.
    """
    found = {(result.gold, result.system): result for result in _read(folder)}
    if not found:
        raise CommuniqueError(f"{folder}: no results here; make them with communique bench")
    parts = {gold for gold, _ in found}
    packaged = _read(resources.folder("baselines"))
    return _ordered([*({(r.gold, r.system): r for r in packaged if r.gold in parts} | found).values()])


def _read(folder: Path) -> Iterator[Evaluation]:
    yield from (result for _, result in _all(folder) if _current(result))


def outdated(folder: Path) -> list[str]:
    """Return in words which results under a folder are of another scorer, and so no part of the board."""
    told = f"is of another scorer than {SCORER} and left out; score the system again with communique bench"
    return [f"{path} {told}" for path, result in _all(folder) if not _current(result)]


def _all(folder: Path) -> Iterator[tuple[str, Evaluation]]:
    decoder = msgspec.json.Decoder(Evaluation)
    for path in sorted(folder.glob("*/results/*/*.json")):
        yield path.relative_to(folder).as_posix(), jsonl.decode(decoder, content(path), str(path), 1)


def _current(result: Evaluation) -> bool:
    return all(score.signature.endswith(f"|scorer:{SCORER}") for score in result.scores)


def _ordered(results: Sequence[Evaluation]) -> list[Evaluation]:
    known = {name: number for number, name in enumerate(systems())}
    return sorted(results, key=lambda r: (r.gold.split(":")[0], r.gold, known.get(r.system, len(known)), r.system))


_PAGE = """# Leaderboard

Percentages, with the 95 % interval (jackknife-t over storylines, or over documents that belong to none). The texts of
these parts are composed, not real news: see the datasheet. `floor` makes a claim of every sentence, said by the first
name in it: what comes near it says nothing. `annotators` is the second annotator scored against the first, before
adjudication; both are runs of the same kind of model, so this row is no measure of people. On `people:…` gold is what
people annotated: both annotators against them, `people` against each other (docs/people.md). Written by
`communique bench`.
{lacking}
{tables}
## Signatures

{signatures}
"""
