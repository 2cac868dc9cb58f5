"""From the results of an annotation to regions and relations."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from communique.checks import shown
from communique.formats.keys import KINDS, UNITS, Joined, Region
from communique.formats.offsets import Counted, Told
from communique.places import Place

TEXTS = ("unit", "attribution", "targets", "name")
"""Boxes of a region that hold typed words."""
CHOICES = ("rhetoric", "also", "flags", "form")
"""What is chosen for a region."""
_LABELS = {name.casefold(): name for name in (*UNITS, *KINDS)}


class Result(msgspec.Struct, rename={"name": "from_name", "one": "from_id", "other": "to_id"}):
    """A label, answer or relation, as the tool keeps it."""

    type: str
    name: str = ""
    id: str | int = ""
    value: dict[str, Any] = {}
    one: str | int = ""
    other: str | int = ""
    labels: list[str] | None = None

    def words(self) -> list[str]:
        """Return what is said: labels, choices (of a taxonomy the last of each path), typed words."""
        said = self.value.get({"textarea": "text"}.get(self.type, self.type), [])
        several = [word[-1] if isinstance(word, list) and word else word for word in said if word]
        return [word.strip() for word in several if isinstance(word, str) and word.strip()]


def told(result: Result) -> Told | None:
    """Return the offsets of a result and the words there; None of one that is about no stretch of text.

    Raises
    ------
    ValueError
        They count over something else than the text.
    """
    value = result.value.get("globalOffsets", result.value)
    if "start" not in value:
        return None
    start, end, words = value["start"], value["end"], result.value.get("text")
    if not (type(start) is int and type(end) is int) or "startOffset" in value:
        told = f"region {result.id!r} ({result.type}) is placed at {shown(str(start))}, not by offsets over the text"
        raise ValueError(f"{told}; show it by Text, not HyperText or Paragraphs, in the labelling configuration")
    return start, end, words if isinstance(words, str) else None


class Read:
    """Regions and relations of an annotation.

    Parameters
    ----------
    results : sequence of Result
        As the tool keeps them.
    counted : Counted
        Places of their offsets.
    meant : mapping of str to str
        What other names of controls, labels and choices mean.
    noticed : Counter
        What is not read is added to it by name.
    """

    def __init__(self, results: Sequence[Result], counted: Counted, meant: Mapping[str, str], noticed: Counter[str]):
        self._meant, self._noticed = meant, noticed
        self._said: dict[str, dict[str, list[str]]] = {}
        places: dict[str, Place] = {}
        for number, result in enumerate(results):
            key = str(result.id) or f"result {number}"
            if result.type == "relation":
                continue
            if (offsets := told(result)) is not None:
                places.setdefault(key, counted.at(offsets))
            self._take(key, result)
        self._regions: dict[str, list[Region]] = {}
        for key, said in self._said.items():
            if key in places:
                self._regions[key] = list(self._labelled(places[key], said))
            else:
                noticed["answers about no stretch of text"] += len(said)
        self.relations = list(self._joined(results))

    @property
    def regions(self) -> list[Region]:
        """All regions, one for each label of a stretch."""
        return [region for several in self._regions.values() for region in several]

    def _take(self, key: str, result: Result) -> None:
        name, words = self._meant.get(result.name, result.name), [self._meant.get(w, w) for w in result.words()]
        said = self._said.setdefault(key, {})
        if result.type in ("labels", "hypertextlabels"):
            said.setdefault("label", []).extend(words)
        elif (name in TEXTS and result.type == "textarea") or name in CHOICES:
            said[name] = words
        elif "start" in result.value:
            self._noticed[f"answers under {shown(name)}, which is not read"] += 1
        else:
            said[name] = words

    def _labelled(self, place: Place, said: Mapping[str, list[str]]) -> Iterator[Region]:
        rest = {name: words for name, words in said.items() if name != "label"}
        rest["flags"] = [flag.casefold() for flag in rest.get("flags", ())]
        self._noticed["regions without a label"] += not said.get("label")
        for label in dict.fromkeys(said.get("label", ())):
            if known := _LABELS.get(label.casefold()):
                yield Region(place, {**rest, "label": [known]})
            else:
                self._noticed[f"regions labelled {shown(label)}, which is no label here"] += 1

    def _joined(self, results: Iterable[Result]) -> Iterator[Joined]:
        for result in results:
            if result.type != "relation":
                continue
            ends = self._regions.get(str(result.one)), self._regions.get(str(result.other))
            if ends[0] and ends[1]:
                label = next(iter(result.labels or ()), "")
                yield ends[0][0], ends[1][0], self._meant.get(label, label).casefold()
            else:
                self._noticed["relations of regions that are not read"] += 1
