"""A submission to the board: a folder with predictions, and a card that says what a reader has to know of them."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from communique.files import content
from communique.labels import Split
from communique.paths import below
from communique.problems import CommuniqueError
from communique.report.submitted import parsed, submitted
from communique.score.evaluate import Evaluation

CARD = "card.toml"
FIELDS: dict[str, tuple[Any, str]] = {
    "name": (str, "the name of the system on the board"),
    "version": (str, "which version of it was run"),
    "release": (str, "the release that was labelled"),
    "trained_on": (str, 'all it learnt from, with releases and splits, or "nothing"'),
    "saw_test": (
        bool,
        "true if texts or labels of test reached it: in training, in prompts, or in choosing between systems",
    ),
    "command": (str, "what was run to make the files"),
    "cost": (str, "time and hardware, or tokens and price"),
    "predictions": (list, "the files beside it, one for each task"),
}
"""What a card has to say: of which kind, and what it is."""
_SHOWN = 3
_KINDS = {str: "words", bool: "true or false", list: "a list of names"}


def checked(folder: Path) -> tuple[dict[str, Any], list[Evaluation], list[str]]:
    """Return the card of a submission, its scores, and in sentences what it lacks.

    Parameters
    ----------
    folder : Path
        With `CARD` and the files that it names.

    Raises
    ------
    CommuniqueError
        There is no such folder.
    """
    if not folder.is_dir():
        raise CommuniqueError(f"{folder} is no folder; give the one with {CARD} and the predictions")
    card, faults = _card(folder / CARD)
    if faults:
        return card, [], faults
    try:
        name, _ = parsed(f"{card['name']}={CARD}")
        results = submitted(name, [_file(folder, file) for file in card["predictions"]], card["release"])
    except CommuniqueError as error:  # DataError among them, a line for each fault
        return card, [], str(error).split("\n")
    return card, results, list(_unscored(folder, results))


def _card(path: Path) -> tuple[dict[str, Any], list[str]]:
    if not path.is_file():
        return {}, [f"{path} is missing; write one with {', '.join(FIELDS)}"]
    try:
        card = tomllib.loads(content(path).decode("utf-8"))
    except ValueError as error:
        return {}, [f"{path} is no TOML: {error}; mend it"]
    return card, [
        *(f"{path}: {name} is {told}" for name in FIELDS if (told := _wrong(card, name))),
        *(
            f"{path}: {name!r} is no field of a card; leave it out, or write it beside"
            for name in card
            if name not in FIELDS
        ),
    ]


def _wrong(card: dict[str, Any], name: str) -> str:
    kind, meaning = FIELDS[name]
    if name not in card:
        return f"missing: {meaning}"
    value: Any = card[name]
    if not isinstance(value, kind) or (kind is list and not all(isinstance(one, str) for one in value)):
        return f"{value!r}, not {_KINDS[kind]}: {meaning}"
    filled = value.strip() if kind is str else value or kind is bool
    return "" if filled else f"empty: {meaning}"


def _file(folder: Path, name: str) -> Path:
    path = below(folder, name, "")
    if not path.is_file():
        raise CommuniqueError(f"{path} is missing; put the file there, or name another under predictions")
    return path


def _unscored(folder: Path, results: list[Evaluation]) -> Iterator[str]:
    of_test = [result for result in results if result.gold.endswith(f":{Split.TEST}")]
    if not of_test:
        yield f"{folder}: predicts nothing of test; the board compares systems there"
    for result in of_test:
        if missing := result.missing:
            some = f"{', '.join(missing[:_SHOWN])}{' …' * (len(missing) > _SHOWN)}"
            told = f"{len(missing)} of {result.documents} texts of test are in no file: {some}"
            yield f"{folder}: {told}; a text without claims has a line, too"
