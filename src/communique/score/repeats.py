"""Tasks that give gold's claims or attributions: whether predictions repeat them, and what they leave out."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from communique.score.items import words
from communique.score.pairing import Pairing
from communique.score.task import Task

_ASKED = {"rhetoric": "claims", "holders": "attributions"}
_MEND = {"rhetoric": "--given-claims", "holders": "--given-attributions"}


def told_of_repeats(tasks: Sequence[Task], pairings: Sequence[Pairing]) -> tuple[list[Task], list[str]]:
    """Return the tasks that predictions can be scored on, and sentences on what they left out.

    Parameters
    ----------
    tasks : sequence of Task
        Wanted. Of several, one that gives what the predictions bring of their own is left out; one alone never is.
    pairings : sequence of Pairing
        All documents.
    """
    kept, notes = [], []
    for task in tasks:
        own, missing, total, silent = _counted(task.name, pairings)
        units = _ASKED.get(task.name)
        if own and len(tasks) > 1:
            told = f"{task.name} is left out: {own} of the predicted {units} are not gold's"
            notes.append(f"{told}; predict with {_MEND[task.name]} to be scored on it")
            continue
        if missing:
            told = f"{task.name}: {missing} of {total} gold {units} have no predicted partner and count as wrong"
            notes.append(f"{told}: {silent} in documents without prediction, {missing - silent} whose words none has")
        kept.append(task)
    return kept, notes


def comparable(
    tasks: Sequence[Task], systems: Sequence[tuple[str, Sequence[Pairing]]]
) -> tuple[list[Task], Iterator[str]]:
    """Return the tasks that all systems can be compared on, and sentences on what was left out, and of which system.

    Parameters
    ----------
    tasks : sequence of Task
        Wanted, as for `told_of_repeats`.
    systems : sequence of (str, sequence of Pairing)
        Name and all documents of each.
    """
    kept = [(name, *told_of_repeats(tasks, pairings)) for name, pairings in systems]
    common = [task for task in tasks if all(task in some for _, some, _ in kept)]
    lacking = {task.name: tuple(name for name, some, _ in kept if task not in some) for task in tasks}
    return common, _told(common, lacking, [(name, notes) for name, _, notes in kept])


def _told(
    common: Sequence[Task], lacking: Mapping[str, tuple[str, ...]], notes: Sequence[tuple[str, Sequence[str]]]
) -> Iterator[str]:
    yield from (f"{name}: {n}" for name, some in notes for n in some if n.partition(":")[0] in [t.name for t in common])
    for systems in dict.fromkeys(filter(None, lacking.values())):
        left = [name for name, others in lacking.items() if others == systems]
        what, own = (" and ".join(words) for words in (left, [_ASKED[name] for name in left]))
        whose = (
            f"{systems[0]} has {own} of its own"
            if len(systems) == 1
            else f"{' and '.join(systems)} have {own} of their own"
        )
        told = f"{what} {'are' if len(left) > 1 else 'is'} left out: {whose}"
        yield f"{told}; predict with {' or '.join(_MEND[name] for name in left)} to compare them"


def _counted(task: str, pairings: Sequence[Pairing]) -> tuple[int, int, int, int]:
    """Return how many predicted units are not gold's, and of gold's how many are left out, in all, and silently."""
    if task not in _ASKED:
        return 0, 0, 0, 0
    own = missing = total = silent = 0
    for one in pairings:
        asked, answered = _sides(task, one)
        found = (asked & answered).total()
        own += answered.total() - found
        total += asked.total()
        missing += asked.total() - found
        silent += 0 if answered else asked.total()
    return own, missing, total, silent


def _sides(task: str, one: Pairing) -> tuple[Counter[object], Counter[object]]:
    """Return by what units repeat each other, and how often each stands: contents of claims, words of attributions."""
    if task == "rhetoric":
        asked, answered = ([claim.content for claim in side] for side in (one.asked, one.answered))
        return Counter(asked), Counter(answered)
    return Counter(map(words, one.wanted)), Counter(map(words, one.given))
