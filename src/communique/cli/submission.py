"""Commands on submissions to the board: submission."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from communique.cli.options import Json, say, say_json


def submission(
    folder: Annotated[Path, typer.Argument(help="With card.toml and the predictions that it names.")],
    as_json: Json = False,
) -> None:
    """Check what a row of the board must bring: predictions of test, and a card; say what is missing."""
    from communique.report.submission import checked
    from communique.report.tables import headlines, interval, percent, records

    card, results, faults = checked(folder)
    if as_json:
        told = [record for result in results for record in records(result, headlines(result))]
        say_json({"card": card, "faults": faults, "scores": told})
    for fault in [] if as_json else faults:
        say(fault)
    if faults or as_json:
        sys.exit(int(bool(faults)))
    say(f"{folder} is complete: {card['name']} {card['version']}, {len(results)} parts of {card['release']} scored")
    for result in results:
        for score in (score for score in headlines(result) if score and score.group == "all"):
            figure = f"{percent(score.value)} ({interval(score.low, score.high)})"
            say(f"{result.gold}  {score.task}  {score.unit} {score.measure}  {figure}")
    options = " ".join(f"--predictions {card['name']}={folder / file}" for file in card["predictions"])
    say(f"see it beside the others: communique bench --release {card['release']} {options} -o board")
