"""The list of collections: which texts are shipped, and which are cloned, from where."""

from collections.abc import Iterator, Mapping, Sequence

from communique import releases
from communique.collection import Shelved
from communique.labels import Split
from communique.report.grids import Grid

Counts = Mapping[str, Mapping[str, Mapping[str, int]]]


def shipped() -> tuple[str, Counts]:
    """Return the newest release, and by collection and split how many documents and claims it has."""
    told = releases.manifest(releases.find())
    counts: dict[str, dict[str, dict[str, int]]] = {}
    for split in Split:
        for name, of in told.counts.get(split, {}).items():
            counts.setdefault(name, {})[split] = {unit: of[unit] for unit in ("documents", "claims")}
    return told.version, counts


def grid(release: str, counts: Counts, found: Sequence[Shelved]) -> Grid:
    """Return a row for each split of each collection."""
    rows = [
        [name, split, "all", f"shipped in {release}", *map(str, of.values())]
        for name, by in counts.items()
        for split, of in by.items()
    ]
    return Grid(["collection", "split", "labels here", "texts", "documents", "claims"], [*rows, *_cloned(found)], 4, 1)


def _cloned(found: Sequence[Shelved]) -> Iterator[list[str]]:
    for about in (one.about for one in found):
        where = f"clone {about.repository}" + (f" at {about.commit}" if about.commit else "")
        if not about.splits:
            yield [about.name, "–", "none yet", where, "0", "0"]
        for split in (split for split in Split if split in about.splits):
            part = about.splits[split]
            by = f"{part.annotators} annotator{'s' * (part.annotators > 1)}{', adjudicated' * part.adjudicated}"
            yield [about.name, split, f"{about.layer}, {by}", where, str(part.documents), str(part.claims)]


def notes(found: Sequence[Shelved]) -> Iterator[str]:
    """Yield for each collection to be cloned what it is, whose the labels are, terms, and what to cite."""
    for about in (one.about for one in found):
        terms = about.licenses
        yield f"{about.name}: {about.title}. People's labels: {about.theirs}. Labels here: {about.ours}."
        yield f"  terms: texts {terms.texts}; people's labels {terms.annotation}; labels here {terms.layer}"
        if about.limits:
            yield f"  limits: {about.limits}"
        yield f"  cite: {' '.join(about.cite)}"
    yield "Join one with your clone of it: communique hydrate COLLECTION CLONE -o FOLDER"
