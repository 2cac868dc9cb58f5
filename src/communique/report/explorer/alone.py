"""The page by itself: a folder that holds nothing else."""

from pathlib import Path

from communique.folders import replacing_folder
from communique.report import explorer
from communique.report.citation import cited
from communique.report.explorer.shown import Shown
from communique.report.site.html import Frame, environment, write_style

INDEX = "index.html"


def write(target: Path, name: str, shown: Shown, *, force: bool = False) -> None:
    """Write a folder with the page.

    Parameters
    ----------
    target : Path
        The folder; what an earlier run wrote there is replaced as one thing.
    name : str
        At the top of the page.
    shown : Shown
        What is looked through.
    force : bool, optional
        Replace also what communique did not write there.

    Raises
    ------
    CommuniqueError
        A library is missing, or the folder holds other files.
    DataError
        Predictions are faulty or of other documents.
    """
    environment()
    frame = Frame(name, cited=cited(shown.release) if shown.release else None)
    with replacing_folder(target, force=force, commit=INDEX) as stage:
        write_style(stage)
        explorer.write(stage, frame, shown, INDEX)
