"""A release as a BibTeX entry: for `communique cite` and for the card."""

from communique.about import About, terms
from communique.escapes import latex


def entry(about: About, version: str, *, date: str | None = None, digest: str | None = None) -> str:
    """Return a BibTeX entry.

    Parameters
    ----------
    about : About
        What the corpus is, and whose.
    version : str
        Of the release.
    date : str, optional
        Its day, ``YYYY-MM-DD``.
    digest : str, optional
        The sha256 of its manifest.
    """
    named = f", sha256 of MANIFEST.json: {digest}" if digest else ""
    fields = {
        "title": latex(f"{about.name}: {about.title}"),
        "author": " and ".join(f"{{{latex(name)}}}" for name in about.authors),
        **({"year": date[:4], "date": date} if date else {}),
        "version": version,
        "note": f"Release {version}, {terms(about)}{named}",
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@misc{{{about.name}-{version},\n{lines}}}\n"
