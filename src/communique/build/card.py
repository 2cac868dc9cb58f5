"""The dataset card: the YAML that `load_dataset` reads, and the page that people read."""

from collections.abc import Mapping

from communique.escapes import markdown_cell
from communique.features import CONFIGS, front
from communique.labels import FAMILY_OF, Rhetoric, Split

Counts = Mapping[str, Mapping[str, Mapping[str, int]]]


def card(version: str, counts: Counts, prefix: str = "", digests: Mapping[str, str] | None = None) -> str:
    """Return the text of a dataset card.

    Parameters
    ----------
    version : str
        Release.
    counts : mapping
        Split to collection to counts, as in the manifest.
    prefix : str, optional
        Path from the card's folder to the release's, for the card at the root of the corpus.
    digests : mapping of str to str, optional
        Version to the sha256 of its manifest, for the same card; a release's own card cannot have it.
    """
    paths = {
        name: {str(split): f"{prefix}{'' if name == 'documents' else f'{name}/'}{split}.jsonl" for split in Split}
        for name in CONFIGS
    }
    about = {
        "pretty_name": "communique",
        "language": ["en"],
        "license": "cc-by-4.0",
        "task_categories": ["token-classification", "text-classification"],
        "tags": ["quotation-attribution", "claim-detection", "speech-acts", "diplomacy", "news", "synthetic"],
    }
    return f"---\n{front(version, paths, about)}---\n\n{_page(version, counts)}{_digests(digests or {})}"


def _page(version: str, counts: Counts) -> str:
    rows = "\n".join(_row(split, name, parts) for split, by in counts.items() for name, parts in by.items())
    types = "\n".join(_type_row(counts, label) for label in FAMILY_OF)
    return _TEXT.format(version=version, rows=rows, types=types)


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


_TEXT = """# communique {version}: who claimed what, and how

Diplomatic and political news with span-level labels: *who* speaks (speakers, resolved to entities), *what* is claimed
(claim spans, attributed, nested, discontinuous) and *how* (one of 16 rhetoric types in 6 families).

**Machine-written, machine-labelled.** The collection `dispatches` was composed and annotated by a large language model:
an invented world, two independent annotations and an adjudication of each text. The collection `seeds` is one real news
article, supplied by a third party, labelled the same way. Read every score per collection.

```python
from datasets import load_dataset

documents = load_dataset("corpus")  # nested documents
claims = load_dataset("corpus", "claims")  # one row a claim
tokens = load_dataset("corpus", "tokens")  # one row a paragraph, BIO tags
```

## Contents

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

## Terms

Texts and labels of `dispatches`, and all labels: CC BY 4.0. The article in `seeds` belongs to its publisher, is
included as supplied and is not covered by that licence. The datasheet of the project answers who made this, how, and
for what it should not be used.
"""

_DIGESTS = """
## Digests

`communique verify` compares a release with its manifest, and `--against DIGEST` the manifest with the digest that a
paper gives.

| release | sha256 of MANIFEST.json |
|---|---|
"""
