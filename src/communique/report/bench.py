"""Run the baselines on a release and keep their results beside their model cards."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import msgspec

from communique import admission, baselines, escapes, jsonl, releases, resources
from communique.baselines import Baseline
from communique.files import content
from communique.labels import Split
from communique.paths import below
from communique.problems import CommuniqueError
from communique.records import Document
from communique.report.scoring import FROM_TEXT, HUMAN, against, fitted, modelled
from communique.report.tables import board, headlines, markdown, reasons, signatures
from communique.score.config import SCORER
from communique.score.evaluate import Evaluation
from communique.score.tasks import TASKS
from communique.writing import refuse_unwritten, replacing

BOARD = "README.md"
_SIGN = rb"(?s)# Leaderboard\n.*Written by\s+`communique bench`"
_RESULT = rb'\{\s*"schema": "v1",\s*"gold":'


def systems(release: str | None = None) -> tuple[str, ...]:
    """Return the names of all that is scored: the baselines, and the annotators against each other.

    Of a ``release`` that has fewer than two annotators, these are left out.
    """
    alone = release is not None and len(_annotations(release)) < 2
    return baselines.NAMES if alone else (*baselines.NAMES, HUMAN)


def _annotations(release: str) -> list[Path]:
    folder = releases.find(None if release == "newest" else release) / "annotators"
    return sorted(folder.glob("*.jsonl"))


def run(name: str, release: str = "newest", model: Baseline | None = None) -> list[Evaluation]:
    """Train a system on train, score it on dev and on test.

    Parameters
    ----------
    name : str
        One of `systems`.
    release : str, optional
        Version or folder.
    model : Baseline, optional
        As `fitted` returns it; else it is trained.

    Returns
    -------
    list of Evaluation
        One for dev, one for test. ``rhetoric`` is scored on gold claims without their types, ``holders`` on gold
        attributions without entities, the other tasks from text alone.
    """
    if name == HUMAN:
        return [_annotators(release, split) for split in (Split.DEV, Split.TEST)]
    model = model or fitted(name, release)
    parts = [releases.part(f"{release}:{split}") for split in (Split.DEV, Split.TEST)]
    return [result for part in parts if (result := modelled(model, name, model.tasks, *part))]


def _annotators(release: str, split: Split) -> Evaluation:
    """Score the second annotator against the first; types on claims both delimit alike count in ``full`` only."""
    documents, version, _ = releases.part(f"{release}:{split}")
    layers = [_layer(path, {d.id for d in documents}) for path in _annotations(release)]
    if len(layers) < 2:
        raise CommuniqueError(f"{release}: the human row needs two annotators, here are {len(layers)}")
    return against(layers[0], layers[1], FROM_TEXT, version, split)


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
    tables = "\n".join(f"## {task}\n\n{markdown(*board(standing, task)[:3])}" for task in TASKS)
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

Percentages, with the 95 % interval (jackknife-t over storylines, or over documents that belong to none). Data named by
three numbers are a release's, whose texts are composed, not real news: see the datasheet. Data named `NAME@` and three
numbers are a release's of the corpus NAME: see its card. Data named `COLLECTION@LAYER`
are real texts, scored on what is labelled of them (`communique collections`); a system `NAME-COLLECTION` is trained on
that collection, any other on the release. `floor` makes a claim of every sentence, said by the first name in it: what
comes near it says nothing. `annotators` is the second annotator scored against the first, before adjudication; both are
runs of the same kind of model, so this row is no measure of people. On `people:…` gold is what people annotated: both
annotators against them, `people` against each other (docs/people.md). Written by `communique bench`.
{lacking}
{tables}
## Signatures

{signatures}
"""
