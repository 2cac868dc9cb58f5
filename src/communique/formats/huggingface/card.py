"""The card of exported documents: a release's own, else one that says of them what they say themselves."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
import yaml

from communique.escapes import markdown, markdown_cell
from communique.features import CONFIGS, front
from communique.formats.declared import Outgoing
from communique.labels import Rhetoric
from communique.records import Document
from communique.stats import by_collection

Parts = Mapping[str, Sequence[Document]]
_OWN = "LicenseRef-"
"""How names of licences begin that are in no public list."""
_BESIDE = re.compile(r"\[([^]\n]+)\]\((?![a-z]+:|[/#])(?:[^)\s]*/)?([^)\s/]+)\)")
"""A link to a file that lies beside a release, and is not exported."""
_SIZES = ("documents", "tokens", "entities", "attributions", "claims")
_ORIGINS = {"composed": "composed for a corpus", "supplied": "supplied by third parties"}


def card(outgoing: Outgoing, parts: Parts, paths: Mapping[str, Mapping[str, str]]) -> str:
    """Return a dataset card.

    Parameters
    ----------
    outgoing : Outgoing
        What is known of the documents.
    parts : mapping of str to sequence of Document
        By split.
    paths : mapping of str to mapping of str to str
        Configuration to split to data file.
    """
    said, page = (
        _own(outgoing.card)
        if outgoing.card and not outgoing.model
        else (_said(outgoing, parts), _page(outgoing, parts))
    )
    if outgoing.card and not outgoing.model:
        page = f"{page.rstrip()}\n\n## This folder\n\n{_exported(outgoing, parts)}"
    return f"---\n{front(_version(parts), paths, said)}---\n\n{page}"


def _own(release: str) -> tuple[dict[str, Any], str]:
    """Return what a release's card says besides its configurations, and its page."""
    _, head, page = release.split("---\n", 2)
    page = _BESIDE.sub(r"\1 (`\2`)", page)
    return {name: value for name, value in yaml.safe_load(head).items() if name != "configs"}, page.lstrip("\n")


def _version(parts: Parts) -> str:
    """Return a version for the cache of `datasets`, which knows neither path nor content: other data, other version."""
    found = hashlib.sha256(msgspec.json.encode(parts)).hexdigest()
    return ".".join(str(int(found[at : at + 7], 16)) for at in (0, 7, 14))


def _said(outgoing: Outgoing, parts: Parts) -> dict[str, Any]:
    items = [item for several in parts.values() for item in several]
    licences = sorted({item.provenance.license for item in items})
    public = len(licences) == 1 and not licences[0].startswith(_OWN)
    return {
        "pretty_name": outgoing.name,
        "language": sorted({item.language for item in items}),
        "license": licences[0].lower() if public else "other",
        **({} if public else {"license_name": ", ".join(licences).lower().replace(" ", "-")}),
        "task_categories": ["token-classification", "text-classification"],
        "tags": ["quotation-attribution", "claim-detection", "speech-acts"],
    }


def _page(outgoing: Outgoing, parts: Parts) -> str:
    items = [item for several in parts.values() for item in several]
    rows = "".join(
        f"| {split} | {markdown_cell(name)} | {' | '.join(str(of.get(size, 0)) for size in _SIZES)} |\n"
        for split, several in parts.items()
        for name, of in by_collection(several).items()
    )
    types = Counter(str(claim.rhetoric or "–") for item in items for claim in item.claims)
    kinds = "".join(f"| {name} | {types[name]} |\n" for name in [*map(str, Rhetoric), "–"] if types[name])
    columns = "".join(f"- `{name}`: {', '.join(column['name'] for column in CONFIGS[name])}\n" for name in CONFIGS)
    return _TEXT.format(
        name=markdown(outgoing.name),
        exported=_exported(outgoing, parts),
        rows=rows,
        sizes=" | ".join(_SIZES),
        types=kinds,
        columns=columns,
        origins=_told(_ORIGINS.get(str(item.provenance.origin), str(item.provenance.origin)) for item in items),
        licences=_told(item.provenance.license for item in items),
        publishers=_told(item.provenance.publisher or "not named" for item in items),
    )


def _told(names: Iterable[str]) -> str:
    """Return names, each with the number of documents that have it."""
    return ", ".join(f"{markdown(name)} ({times})" for name, times in sorted(Counter(names).items()))


def _exported(outgoing: Outgoing, parts: Parts) -> str:
    sizes = ", ".join(f"{len(several)} documents in {split}" for split, several in parts.items())
    model = (
        f" The annotation is predicted by {markdown(outgoing.model)}; people have not looked at it."
        if outgoing.model
        else ""
    )
    release = f" of release {outgoing.version}" if outgoing.version != "none" else ""
    told = f"Exported by `communique export huggingface` from {markdown(outgoing.name)}{release}: {sizes}."
    return f"{told} Its configurations are {', '.join(CONFIGS)}.{model}\n"


_TEXT = """# {name}

Who claims what, and how: texts with speakers, cues, claims and types of claims.

{exported}
| split | collection | {sizes} |
|---|---|---:|---:|---:|---:|---:|
{rows}
| type | claims |
|---|---:|
{types}
## Columns

Offsets are Unicode code points, half-open `[start, end)`, over `text`. In `claims`, fragments of a discontinuous claim
are joined by ` … `. In `tokens`, `claim` tags the claims of outermost attributions, `nested_claim` those inside them.

{columns}
## Terms

As each document says in `provenance`, with the number of documents:

- texts: {origins}
- licences: {licences}
- publishers: {publishers}
"""
