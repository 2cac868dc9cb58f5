"""Commands on scores: evaluate, compare, bench, leaderboard, agreement."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from communique.cli.options import Json, draw, say, say_json, track
from communique.score.declared import PROTOCOLS, TASKS, names

if TYPE_CHECKING:
    from communique.report.grids import Grid
    from communique.score.config import ScoreConfig

Task = StrEnum("Task", {task: task for task in (*names(TASKS), "all")})  # type: ignore[misc]
Protocol = StrEnum("Protocol", {name: name for name in names(PROTOCOLS)})  # type: ignore[misc]
Format = StrEnum("Format", {form: form for form in ("text", "markdown", "latex", "csv")})  # type: ignore[misc]
Gold = Annotated[str, typer.Argument(help="RELEASE:split, for example newest:test, or a file of documents.")]
Tasks = Annotated[Task, typer.Option("--task", help="Which task to score.")]
Form = Annotated[Format, typer.Option("--format", help="How to print tables; csv has every digit.")]
Foreign = Annotated[Protocol | None, typer.Option("--protocol", help="As others publish it: see docs/protocols.md.")]


def evaluate(
    gold: Gold,
    predictions: Annotated[
        Path,
        typer.Argument(
            metavar="PRED", help="A .jsonl of predictions; or of types of gold claims: .csv or .jsonl, id and label."
        ),
    ],
    task: Tasks = Task.all,  # type: ignore[attr-defined]
    protocol: Foreign = None,
    as_json: Json = False,
    form: Form = Format.text,  # type: ignore[attr-defined]
    breakdown: Annotated[
        bool, typer.Option("--breakdown", help="Recall by form, nesting, far speakers … too.")
    ] = False,
    signature_only: Annotated[bool, typer.Option("--signature-only", help="Print the signatures alone.")] = False,
) -> None:
    """Score predictions against gold; every number has its support and its signature."""
    from communique import evaluation
    from communique.report.tables import listed, records, score_grid, signatures, told

    result = evaluation.evaluate(gold, predictions, _config(protocol or task), breakdown=breakdown)
    if as_json:
        say_json(result)
    elif signature_only:
        for signature in signatures(listed(result)):
            say(signature)
    else:
        missed = f"{len(result.missing)} of {result.documents} documents have no prediction and count as missed"
        found = [told(result.quotes)] if result.quotes else []
        notes = [missed] * bool(result.missing) + found + list(result.notes) + signatures(listed(result))
        _print(form, {"": score_grid(result)}, records(result, result.scores), notes)


def compare(
    gold: Gold,
    systems: Annotated[list[Path], typer.Argument(metavar="A B [C …]", help="Files of predictions, A the yardstick.")],
    task: Tasks = Task.all,  # type: ignore[attr-defined]
    protocol: Foreign = None,
    as_json: Json = False,
    form: Form = Format.text,  # type: ignore[attr-defined]
    rounds: Annotated[int, typer.Option(min=1, help="Rounds of the approximate randomisation.")] = 10_000,
    seed: Annotated[int, typer.Option(help="Seed of the approximate randomisation.")] = 13,
) -> None:
    """Say whether other systems differ from the first by more than chance, and what the data cannot tell."""
    from msgspec.structs import asdict

    from communique import jsonl, releases
    from communique.records import Prediction
    from communique.report.compare import difference_grid, sentence
    from communique.score.compare import compare as differences

    documents, version, split = releases.part(gold)
    given = [(str(path), jsonl.read(path, Prediction)) for path in systems]
    config = _config(protocol or task, rounds=rounds, seed=seed)
    found = differences(documents, given, config, version=version, split=split)
    told = [asdict(one) | {"sentence": sentence(one)} for one in found.differences]
    if as_json:
        say_json({"differences": told, "notes": found.notes})
        return
    notes = [line["sentence"] for line in told] + list(found.notes)
    notes += dict.fromkeys(one.signature for one in found.differences)
    _print(form, {"": difference_grid(found.differences)}, told, notes)


def _config(task: str, **chance: int) -> "ScoreConfig":
    from msgspec.structs import replace

    from communique.score.config import ScoreConfig

    return replace(ScoreConfig() if task == "all" else ScoreConfig(tasks=(str(task),)), **chance)


def _print(form: str, grids: Mapping[str, "Grid"], told: Sequence[Mapping[str, Any]], notes: Sequence[str]) -> None:
    from communique.report import tables

    if form == "csv":
        print(tables.comma_separated(told), end="")
        return
    if form != "text":
        print(tables.page(form, grids, notes), end="")
        return
    for name, grid in grids.items():
        draw(grid, name)
        if name:
            say("")
    for note in notes:
        say(note)


def bench(
    release: Annotated[str, typer.Option(help="Version or folder; the newest by default.")] = "newest",
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="Folder for results and leaderboard; in a checkout its baselines/."),
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Run this baseline only; may be given several times.")
    ] = None,
    predictions: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=FILE", help="Score a file of predictions instead; may be given several times."),
    ] = None,
    real: Annotated[
        list[str] | None,
        typer.Option(
            "--with",
            metavar="COLLECTION=CLONE",
            help="Score on a real collection as well, with your clone; may be given several times.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Train and score every baseline on a release, write the results, print the leaderboard.

    With --only or --predictions nothing else is run; what is already written, or comes with the package, stands.
    """
    from communique.report import real as on_real
    from communique.report.bench import board_folder, run, systems, write
    from communique.report.scoring import HUMAN, fitted
    from communique.report.submitted import parsed, submitted

    folder = board_folder(output)
    joined = [on_real.joined(option) for option in real or ()]
    files: dict[str, list[Path]] = {}
    for name, file in map(parsed, predictions or ()):
        files.setdefault(name, []).append(file)
    for name, paths in files.items():
        write(submitted(name, paths, release), folder)
    chosen = list(dict.fromkeys(only or ([] if files else systems(release))))
    for name in track(chosen, "scoring", len(chosen)):
        model = fitted(name, release) if joined and name != HUMAN else None
        write([*run(name, release, model), *on_real.run(name, release, joined, model)], folder)
    leaderboard(folder, as_json)


def leaderboard(
    folder: Annotated[Path | None, typer.Argument(help="Folder of baselines; the packaged results by default.")] = None,
    as_json: Json = False,
    form: Form = Format.text,  # type: ignore[attr-defined]
) -> None:
    """Print the results that are written down, one table of systems for each task."""
    from communique import resources
    from communique.report.bench import outdated, written
    from communique.report.tables import board, headlines, reasons, records, signatures
    from communique.score.tasks import TASKS as TOLD

    place = folder or resources.folder("baselines")
    results = written(place)
    told = [record for result in results for record in records(result, headlines(result))]
    notes = [*reasons(results), *outdated(place)]
    if as_json:
        say_json({"scores": told, "notes": notes})
        return
    notes += signatures(score for result in results for score in headlines(result))
    _print(form, {task: board(results, task) for task in TOLD}, told, notes)


def agreement(
    one: Annotated[
        Path,
        typer.Argument(
            help="One annotator's, or all versions: a .jsonl of documents, predictions or quotes; a folder of brat or "
            "of quotes; a .json of Label Studio; or a types layer."
        ),
    ],
    other: Annotated[
        Path | None, typer.Argument(help="The other annotator's, of the same texts; else all pairs of versions.")
    ] = None,
    texts: Annotated[
        str | None,
        typer.Option(help="Texts of predictions: a folder with ID.txt, a .jsonl of documents, or RELEASE:split."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Measure how far annotators agree on spans, attributions and rhetoric types."""
    from communique.typed import holds_types

    result, grids = _on_types(one, other) if holds_types(one) else _on_documents(one, other, texts)
    if as_json:
        say_json(result)
        return
    for grid in grids:
        draw(grid)


def _on_documents(one: Path, other: Path | None, texts: str | None) -> tuple[object, "Iterator[Grid]"]:
    from communique import annotated
    from communique.problems import CommuniqueError
    from communique.report.agreement import agreement_grids
    from communique.score.agreement import agree, by_annotator

    if one.is_dir() and other is None:
        raise CommuniqueError(f"{one} is one annotator's folder; give the other's, too")
    first = annotated.documents(one, texts, versions=other is None)
    second = annotated.documents(other, texts, versions=False) if other else []
    result = agree({"first": first, "second": second} if other else by_annotator(first))
    return result, agreement_grids(result)


def _on_types(one: Path, other: Path | None) -> tuple[object, "Iterator[Grid]"]:
    from communique import typed
    from communique.problems import CommuniqueError
    from communique.report.agreement import types_agreement_grids
    from communique.score.type_agreement import agree_on_types

    if other is None:
        raise CommuniqueError(f"{one} holds the types of one annotator; give the other's, too")
    result = agree_on_types(typed.read(one), typed.read(other))
    return result, types_agreement_grids(result)
