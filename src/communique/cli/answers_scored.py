"""Commands on what models answered: score."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from communique.cli import scores
from communique.cli.options import JSON_LINES, Force, Json, tell
from communique.writing import STANDARD, as_lines, refuse_unwritten


def score(
    gold: scores.Gold,
    answers: Annotated[
        Path,
        typer.Argument(
            metavar="ANSWERS",
            help="What a model answered: quotes as .jsonl, .json or a folder, lines of id and answer, samples of the "
            "lm-evaluation-harness; or what evaluate takes.",
        ),
    ],
    task: scores.Tasks = scores.Task.all,  # type: ignore[attr-defined]
    protocol: scores.Foreign = None,
    as_json: Json = False,
    form: scores.Form = scores.Format.text,  # type: ignore[attr-defined]
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Keep the predictions made of the answers, as align does.")
    ] = None,
    force: Force = False,
) -> None:
    """Score answers in quotes: align --drop and evaluate in one, with the same figures; what is dropped is told."""
    from communique import releases
    from communique.answered import is_scorable, write_scorable
    from communique.problems import CommuniqueError

    ready = answers.exists() and is_scorable(answers)
    if output and (ready or not as_lines(output) or str(output) == STANDARD):
        told = f"{answers} is scored as it is" if ready else f"{output} is no .jsonl"
        raise CommuniqueError(f"{told}; leave out -o{'' if ready else ', or name a .jsonl'}")
    if ready:
        scores.evaluate(gold, answers, task, protocol, as_json, form)
        return
    if output:
        refuse_unwritten(output, JSON_LINES, [answers], force=force)
    with TemporaryDirectory() as folder:
        name = answers.resolve().name.removesuffix(".gz").removesuffix(".zst")
        predictions = output or Path(folder) / name
        written, problems = write_scorable(answers, releases.part(gold)[0], predictions)
        tell(problems, False, error=True)
        if not written:
            sys.exit(1)
        scores.evaluate(gold, predictions, task, protocol, as_json, form)
