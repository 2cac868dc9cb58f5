"""The catalog of a seeds folder: its texts, and what is known of each."""

from datetime import date

from communique.labels import Genre, Origin, Stratum
from communique.records import Id, Language, Record, Sha256

CATALOG = "catalog.jsonl"
"""In a seeds folder: its texts, a line each."""


class CatalogEntry(Record, frozen=True, kw_only=True):
    """One line of ``seeds/catalog.jsonl``: a source text and what is known of it.

    Where ``language`` and ``license`` are None, those of ``release.json`` hold.
    """

    id: Id
    collection: Id
    genre: Genre
    storyline: str | None
    stratum: Stratum | None = None
    title: str | None
    date: date | None
    language: Language | None
    origin: Origin
    publisher: str | None
    license: str | None
    url: str | None
    sha256: Sha256
