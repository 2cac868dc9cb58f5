"""The digest of each release's manifest, published beside the releases, where it can be seen from outside."""

import re
from pathlib import Path

from communique.files import content, digest
from communique.problems import DataError, Level, Problem
from communique.releases import MANIFEST, listed
from communique.writing import replacing

DIGESTS = "DIGESTS"
"""Name of the file; ``sha256sum -c`` reads it."""
_LINE = re.compile(rf"(?P<digest>[0-9a-f]{{64}})  (?P<version>[0-9.]+)/{re.escape(MANIFEST)}")


def published(corpus: Path) -> dict[str, str]:
    """Return the digests that a corpus folder publishes.

    Parameters
    ----------
    corpus : Path
        Folder of releases.

    Returns
    -------
    dict of str to str
        Version to the sha256 of its manifest, in the order of the file; empty if there is no such file.

    Raises
    ------
    DataError
        A line is malformed, or names a version again.
    """
    path = corpus / DIGESTS
    found: dict[str, str] = {}
    lines = content(path).decode("utf-8", "replace").splitlines() if path.is_file() else []
    for number, line in enumerate(lines, 1):
        read = _LINE.fullmatch(line)
        if not read or read["version"] in found:
            told = f"{line!r} is not a sha256, two spaces and VERSION/{MANIFEST}, each version once"
            raise DataError([Problem(str(path), number, "digests-malformed", Level.RELEASE, f"{told}; fetch it again")])
        found[read["version"]] = read["digest"]
    return found


def publish(corpus: Path, version: str) -> dict[str, str]:
    """Write the digests of a corpus after a release was built.

    Parameters
    ----------
    corpus : Path
        Folder of releases.
    version : str
        The release that was built. Of any other that is there the published digest stands, whatever its manifest says.

    Returns
    -------
    dict of str to str
        Version to the sha256 of its manifest, oldest first.

    Raises
    ------
    DataError
        The file that is there is malformed; nothing is written.
    """
    known = {name: value for name, value in published(corpus).items() if name != version}
    manifests = {name: corpus / name / MANIFEST for name in listed(corpus)}
    digests = {name: known.get(name) or digest(path) for name, path in manifests.items() if path.is_file()}
    with replacing(corpus / DIGESTS) as file:
        file.write("".join(f"{value}  {name}/{MANIFEST}\n" for name, value in digests.items()).encode("utf-8"))
    return digests
