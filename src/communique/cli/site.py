"""The command that writes a site: site."""

from pathlib import Path
from typing import Annotated

import typer

from communique.cli.options import Force, say


def site(
    output: Annotated[Path, typer.Option("-o", "--output", help="The folder to write; open its index.html.")] = Path(
        "site"
    ),
    release: Annotated[str | None, typer.Option(help="Version or folder; the newest by default.")] = None,
    results: Annotated[
        Path | None, typer.Option(help="Folder of results, as bench -o writes it; the packaged ones by default.")
    ] = None,
    title: Annotated[str | None, typer.Option(help="At the top of every page; by default corpus and version.")] = None,
    force: Force = False,
) -> None:
    """Write a release and its results as pages: board, ladder, types, people, curves, statistics, explorer."""
    from communique.report.site.write import write

    pages = write(output, release, results, title, force=force)
    say(f"{output} holds {len(pages)} pages; open {output / 'index.html'}")
