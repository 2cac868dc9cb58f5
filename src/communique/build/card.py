"""The dataset card: the YAML that `load_dataset` reads, and the page that people read."""

import re
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from communique import bibtex
from communique.about import Made, Maker
from communique.build.fields import RECORDS, Field, fields
from communique.build.searched import searched
from communique.build.told import UNPUBLISHED, Counts, Published, Told, paths, split_name
from communique.escapes import fenced, markdown, markdown_cell
from communique.features import ANNOTATORS, front
from communique.labels import FAMILY_OF, Rhetoric, Split
from communique.views import ClaimRow

_MAKERS = {Maker.PERSON: "by people", Maker.MACHINE: "by a machine", Maker.BOTH: "by people and a machine"}
_SPAN = {"start", "end", "text"}
_RELATIVE = re.compile(r"(?<=\]\()(?![a-z]+:|[/#])")
"""Where the target of a link begins that leads to a file nearby."""


def card(told: Told, prefix: str = "", published: Published = UNPUBLISHED) -> str:
    """Return the text of a dataset card.

    Parameters
    ----------
    told : Told
        What it tells. Links of its page begin in the folder of the corpus; in a release's own card one folder deeper.
    prefix : str, optional
        Path from the card's folder to the release's, for the card at the root of the corpus.
    published : Published, optional
        Digests and date, for the same card; a release's own card cannot have them.
    """
    yaml = front(told.plan.version, paths(told.annotators, prefix), searched(told), told.used)
    page = told.plan.page if prefix else _RELATIVE.sub("../", told.plan.page)
    return f"---\n{yaml}---\n\n{_page(told, page, published)}{_digests(published.digests)}"


def _page(told: Told, page: str, published: Published) -> str:
    about, version = told.plan.about, told.plan.version
    opening, heading, rest = page.partition("\n## ")
    title = f"# {about.name} {version}: {markdown(about.title)}"
    further = f"\n{heading.lstrip()}{rest.rstrip()}\n" if heading else ""
    entry = bibtex.entry(about, version, date=published.date, digest=published.digests.get(version))
    parts = [
        _loaded(told),
        _contents(told.counts),
        _shown(told.example),
        _columns(told),
        _whose(told),
        _CITE.format(entry=entry),
    ]
    return f"{title}\n\n{opening.strip()}\n\n{''.join(parts)}{further}"


def _loaded(told: Told) -> str:
    name = split_name(told.annotators[0]) if told.annotators else ""
    layer = f'annotator = load_dataset(FOLDER, "{ANNOTATORS}", split="{name}")  # one annotator alone\n'
    return _LOAD.format(annotators=layer if name else "")


def _contents(counts: Counts) -> str:
    rows = "\n".join(_row(split, name, parts) for split, by in counts.items() for name, parts in by.items())
    types = "\n".join(_type_row(counts, label) for label in FAMILY_OF)
    return _CONTENTS.format(rows=rows, types=types)


def _shown(example: ClaimRow | None) -> str:
    if not example:
        return ""
    cells = msgspec.to_builtins(example).items()
    lines = [f'  "{name}": {msgspec.json.encode(value).decode()}' for name, value in cells]
    return f"{_EXAMPLE}{fenced(['{', *[f'{line},' for line in lines[:-1]], lines[-1], '}'])}\n"


def _columns(told: Told) -> str:
    tables = (
        f"\n### {name}\n\n| field | type | |\n|---|---|---|\n{''.join(_field_rows(fields(record, columns)))}"
        for name, (record, columns) in RECORDS.items()
    )
    return f"{_COLUMNS}{''.join(tables)}{_ANNOTATORS if told.annotators else ''}"


def _field_rows(found: Sequence[Field], within: str = "") -> Iterator[str]:
    for one in found:
        name = f"{within}{one.name}{'[]' * one.depth}"
        inner = () if one.fields and {field.name for field in one.fields} <= _SPAN else one.fields
        kind = one.dtype if not one.fields else "" if inner else ", ".join(f"`{field.name}`" for field in one.fields)
        yield f"| `{name}` | {kind} | {one.told} |\n"
        yield from _field_rows(inner, f"{name}.")


def _whose(told: Told) -> str:
    about = told.plan.about
    whole = sum(told.licenses.values())
    shares = [f"{name} ({times} of {whole} documents)" for name, times in told.licenses.items()]
    texts = ", ".join(shares) if len(shares) > 1 else about.texts.license
    rows = _made_row("texts", about.texts, texts) + _made_row("labels", about.labels, about.labels.license)
    return f"{_WHOSE}{rows}"


def _made_row(name: str, made: Made, terms: str) -> str:
    return f"| {name} | {_MAKERS[made.by]} | {markdown_cell(made.who)} | {markdown_cell(terms)} |\n"


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


_LOAD = """## Load

`FOLDER` is the path of the folder that holds this card, or what the Hub calls it.

```python
from datasets import load_dataset

documents = load_dataset(FOLDER)  # nested documents
claims = load_dataset(FOLDER, "claims")  # one row a claim
tokens = load_dataset(FOLDER, "tokens")  # one row a paragraph, BIO tags
{annotators}```

"""

_CONTENTS = """## Contents

| split | collection | documents | tokens | attributions | claims |
|---|---|---:|---:|---:|---:|
{rows}

| family | type | train / dev / test |
|---|---|---:|
{types}
"""

_EXAMPLE = """
## A row of claims

"""

_COLUMNS = """
## Columns

Offsets are Unicode code points, half-open `[start, end)`, over `text` of the document. A field in a list is written
`list[].field`. A `label` is a name in the files, and in `datasets` a code whose name `features` has.
"""

_ANNOTATORS = f"""
### {ANNOTATORS}

As `documents`, a split an annotator: each one's own version of every document, before adjudication.
"""

_CITE = """
## Cite

```bibtex
{entry}```
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
