"""What the Hub searches a dataset by: the fields at the top of its card, before the configurations."""

from collections.abc import Mapping
from typing import Any

from communique.about import About, Maker
from communique.build.told import Told
from communique.labels import Origin

_HUB = {"mit", "apache-2.0", "odbl", "odc-by", "pddl", "cc0-1.0", "gpl-3.0"}
_HUB |= {f"cc-by{kind}-{n}.0" for kind in ("", "-sa", "-nc", "-nd", "-nc-sa", "-nc-nd") for n in (2, 3, 4)}
"""Licences that the Hub knows, of those that data have."""
_CREATORS = {
    Maker.PERSON: ["expert-generated"],
    Maker.MACHINE: ["machine-generated"],
    Maker.BOTH: ["expert-generated", "machine-generated"],
}
"""The Hub's words; whoever labels by guidelines is an expert to it."""
_SIZES = ((10**3, "n<1K"), (10**4, "1K<n<10K"), (10**5, "10K<n<100K"), (10**6, "100K<n<1M"), (10**7, "1M<n<10M"))


def searched(told: Told) -> dict[str, Any]:
    """Return what the Hub searches by."""
    about = told.plan.about
    return {
        "pretty_name": about.name,
        "language": [about.language],
        "multilinguality": ["monolingual"],
        **_licensed(about, told.licenses),
        "annotations_creators": _CREATORS[about.labels.by],
        "language_creators": _writers(told),
        "source_datasets": ["original"],
        "size_categories": [_size(told)],
        "task_categories": ["token-classification", "text-classification"],
        "tags": list(about.tags),
    }


def _licensed(about: About, licenses: Mapping[str, int]) -> dict[str, Any]:
    """Return one licence only where all texts and labels have it; else all are named."""
    own = about.labels.license
    names = list(dict.fromkeys([about.texts.license, own, *licenses]))
    known = own.lower() in _HUB and about.texts.license == own
    if known and len(names) == 1:
        return {"license": own.lower()}
    return {"license": [own.lower(), "other"] if known else "other", "license_name": "-and-".join(names).lower()}


def _writers(told: Told) -> list[str]:
    """Return who wrote the texts: texts that were not composed for the corpus are found."""
    found = [origin for origin in (Origin.SUPPLIED, Origin.COLLECTED) if origin in told.used]
    composed = Origin.COMPOSED in told.used or not found
    return [*(_CREATORS[told.plan.about.texts.by] if composed else ()), *(["found"] if found else ())]


def _size(told: Told) -> str:
    documents = sum(parts.get("documents", 0) for by in told.counts.values() for parts in by.values())
    return next((name for most, name in _SIZES if documents < most), "n>10M")
