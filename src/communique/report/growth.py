"""How baselines grow with what they learn from: written by ``benchmarks/curve.py``, drawn in the site."""

import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from communique import jsonl
from communique.files import content
from communique.paths import below
from communique.records import Record
from communique.report.tables import NOTHING
from communique.score.config import SCORER
from communique.writing import refuse_unwritten, replacing

_SIGN = rb'\{\s*"schema": "v1",\s*"system":'


class Spread(Record, frozen=True, kw_only=True):
    """Mean of shares in [0, 1], and their standard deviation, None where there is one alone."""

    mean: float
    deviation: float | None = None


class Step(Record, frozen=True, kw_only=True):
    """What is reached with so many storylines.

    Attributes
    ----------
    storylines, sets : int
        Storylines that are learnt from, and how many sets of so many were tried.
    texts, tokens : float
        Mean over the sets.
    seconds : float or None
        Of processor a set, None where nothing is learnt.
    figures : dict of str to Spread or None
        By the name of the figure.
    note : str or None
        What is otherwise with this step.
    """

    storylines: int
    sets: int
    texts: float
    tokens: float
    seconds: float | None = None
    figures: dict[str, Spread | None]
    note: str | None = None


class Growth(Record, frozen=True, kw_only=True):
    """The steps of one system; the first, of no storyline, is that of ``rules``, which learn nothing.

    ``learnt`` and ``gold`` are parts of a release, as ``0.2.0:train``; ``command`` is what was run.
    """

    schema: str = "v1"
    system: str
    learnt: str
    gold: str
    documents: int
    signatures: tuple[str, ...]
    command: str
    steps: tuple[Step, ...]


def spread(values: Sequence[float | None]) -> Spread | None:
    """Return mean and standard deviation of the values that are known, None where none is."""
    known = [value for value in values if value is not None]
    if not known:
        return None
    deviation = round(statistics.stdev(known), 6) if len(known) > 1 else None
    return Spread(mean=round(statistics.mean(known), 6), deviation=deviation)


def told(found: Spread | None) -> str:
    """Return a mean in percent, with its deviation if it has one."""
    if found is None:
        return NOTHING
    return f"{100 * found.mean:.1f}" + ("" if found.deviation is None else f" ± {100 * found.deviation:.1f}")


def header(figures: Mapping[str, object]) -> list[str]:
    """Return the names of the columns of `row`."""
    return ["learnt from", "texts", "tokens", *figures, "processor s"]


def row(step: Step) -> list[str]:
    """Return a step as the cells of a table."""
    number, sets = step.storylines, step.sets
    name = f"{number} storyline{'s' * (number > 1)}" + (f" and {step.note}" if step.note else "")
    learnt = f"{name}, {sets} set{'s' * (sets > 1)}" if number else "nothing: rules"
    seconds = NOTHING if step.seconds is None else f"{step.seconds:.0f}"
    return [learnt, f"{step.texts:.0f}", f"{step.tokens:,.0f}", *map(told, step.figures.values()), seconds]


def write(growth: Growth, folder: Path) -> Path:
    """Write the steps beside a baseline's results; of those that are there, the ones with other numbers stay.

    Raises
    ------
    CommuniqueError
        A file that communique did not write stands there.
    """
    version, _, _ = growth.gold.partition(":")
    path = below(folder, f"{growth.system}/growth/{version}", ".json")
    refuse_unwritten(path, _SIGN)
    earlier = _read(path).steps if path.is_file() else ()
    steps = {step.storylines: step for step in (*earlier, *growth.steps)}
    merged = msgspec.structs.replace(growth, steps=tuple(steps[number] for number in sorted(steps)))
    with replacing(path) as file:
        file.write(msgspec.json.format(msgspec.json.encode(merged), indent=1) + b"\n")
    return path


def read(folder: Path, version: str) -> list[Growth]:
    """Return what is written of a release under a folder of baselines, by the present scorer, in the order of names."""
    found = [_read(path) for path in sorted(folder.glob(f"*/growth/{version}.json"))]
    return [one for one in found if all(sign.endswith(f"|scorer:{SCORER}") for sign in one.signatures)]


def _read(path: Path) -> Growth:
    return jsonl.decode(msgspec.json.Decoder(Growth), content(path), str(path), 1)
