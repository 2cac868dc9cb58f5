"""What `communique show --html` does."""

from pathlib import Path

from communique.cli.options import say


def look(
    name: str, output: Path, *, release: str | None, predictions: Path | None, texts: str | None, force: bool
) -> None:
    """Write a page to look through documents, and say where it is."""
    from communique.report.explorer import alone, sources
    from communique.writing import refuse_input

    given = [Path(name), *([predictions] if predictions else []), *([Path(texts)] if texts else [])]
    refuse_input(output, given)
    shown = sources.named(name, release, texts, predictions)
    alone.write(output, name, shown, force=force)
    say(f"{output} shows {len(shown.documents)} documents; open {output / alone.INDEX}")
