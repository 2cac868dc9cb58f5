"""The dataset card: the YAML that `load_dataset` reads, and the page that people read."""

from collections.abc import Mapping, Set
from typing import Any, NamedTuple

from communique.about import About, Made, Maker
from communique.build.plan import ReleasePlan
from communique.escapes import markdown, markdown_cell
from communique.features import CONFIGS, front
from communique.labels import FAMILY_OF, Rhetoric, Split

Counts = Mapping[str, Mapping[str, Mapping[str, int]]]
_HUB = {"mit", "apache-2.0", "odbl", "odc-by", "pddl", "cc0-1.0", "gpl-3.0"}
_HUB |= {f"cc-by{kind}-{n}.0" for kind in ("", "-sa", "-nc", "-nd", "-nc-sa", "-nc-nd") for n in (2, 3, 4)}
"""Licences that the Hub knows, of those that data have."""
_MAKERS = {Maker.PERSON: "by people", Maker.MACHINE: "by a machine", Maker.BOTH: "by people and a machine"}


class Told(NamedTuple):
    """What a card tells.

    Attributes
    ----------
    plan : ReleasePlan
        What is said of the corpus.
    counts : mapping
        Split to collection to counts, as in the manifest.
    used : set of str
        Genres and origins that the documents have.
    """

    plan: ReleasePlan
    counts: Counts
    used: Set[str]


def card(told: Told, prefix: str = "", digests: Mapping[str, str] | None = None) -> str:
    """Return the text of a dataset card.

    Parameters
    ----------
    told : Told
        What it tells.
    prefix : str, optional
        Path from the card's folder to the release's, for the card at the root of the corpus.
    digests : mapping of str to str, optional
        Version to the sha256 of its manifest, for the same card; a release's own card cannot have it.
    """
    paths = {
        name: {str(split): f"{prefix}{'' if name == 'documents' else f'{name}/'}{split}.jsonl" for split in Split}
        for name in CONFIGS
    }
    yaml = front(told.plan.version, paths, _searched(told.plan.about), told.used)
    return f"---\n{yaml}---\n\n{_page(told)}{_digests(digests or {})}"


def _searched(about: About) -> dict[str, Any]:
    """Return what the Hub searches by; its licence is one only where texts and labels have the same."""
    license_ = about.labels.license.lower()
    known = license_ in _HUB and about.texts.license == about.labels.license
    names = dict.fromkeys(made.license for made in (about.texts, about.labels))
    return {
        "pretty_name": about.name,
        "language": [about.language],
        **({"license": license_} if known else {"license": "other", "license_name": "-and-".join(names).lower()}),
        "task_categories": ["token-classification", "text-classification"],
        "tags": list(about.tags),
    }


def _page(told: Told) -> str:
    counts, about = told.counts, told.plan.about
    rows = "\n".join(_row(split, name, parts) for split, by in counts.items() for name, parts in by.items())
    types = "\n".join(_type_row(counts, label) for label in FAMILY_OF)
    opening, heading, rest = told.plan.page.partition("\n## ")
    title = f"# {about.name} {told.plan.version}: {markdown(about.title)}"
    further = f"\n{heading.lstrip()}{rest.rstrip()}\n" if heading else ""
    parts = _CONTENTS.format(rows=rows, types=types)
    return f"{title}\n\n{opening.strip()}\n\n{parts}{_whose(about)}{further}"


def _whose(about: About) -> str:
    made = {"texts": about.texts, "labels": about.labels}
    rows = "".join(_made_row(name, of) for name, of in made.items())
    return f"{_WHOSE}{rows}\nCite: {markdown(', '.join(about.authors))}.\n"


def _made_row(name: str, made: Made) -> str:
    return f"| {name} | {_MAKERS[made.by]} | {markdown_cell(made.who)} | {made.license} |\n"


def _digests(digests: Mapping[str, str]) -> str:
    rows = "".join(f"| {version} | `{digest}` |\n" for version, digest in digests.items())
    return f"{_DIGESTS}{rows}" if rows else ""


def _type_row(counts: Counts, label: Rhetoric) -> str:
    return f"| {FAMILY_OF[label]} | {label} | {_of(counts, f'claims.{label}')} |"


def _row(split: str, collection: str, parts: Mapping[str, int]) -> str:
    cells = " | ".join(str(parts.get(name, 0)) for name in ("documents", "tokens", "attributions", "claims"))
    return f"| {split} | {markdown_cell(collection)} | {cells} |"


def _of(counts: Counts, name: str) -> str:
    return " / ".join(str(sum(parts.get(name, 0) for parts in counts.get(split, {}).values())) for split in Split)


_CONTENTS = """## Contents

| split | collection | documents | tokens | attributions | claims |
|---|---|---:|---:|---:|---:|
{rows}

| family | type | train / dev / test |
|---|---|---:|
{types}

## Columns

Offsets are Unicode code points, half-open `[start, end)`, over `text`. In `claims`, fragments of a discontinuous claim
are joined by ` … `, and `context` is the paragraph or paragraphs it stands in. In `tokens`, `claim` tags the claims of
outermost attributions and `nested_claim` those inside them; `starts` are offsets in the document's text.
`annotators/*.jsonl` holds each annotator's own version of every document, in the shape of `documents`.
"""

_WHOSE = """
## Whose

| | made | by whom | licence |
|---|---|---|---|
"""

_DIGESTS = """
## Digests

`communique verify` compares a release with its manifest, and `--against DIGEST` the manifest with the digest that a
paper gives.

| release | sha256 of MANIFEST.json |
|---|---|
"""
