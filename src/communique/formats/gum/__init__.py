"""GUM, read: texts of Georgetown University's multilayer corpus with people's attributions and coreference.

``dep/*.conllu`` and ``rst/rstweb/*.rs4``, as its public repository lays them out. Every attribution of the discourse
tree becomes one with one claim, held by the coreference chain of its source, without rhetoric type.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from communique.files import content
from communique.formats.common import Imported, Known, document
from communique.formats.declared import Format, Option
from communique.formats.gum.layer import layer
from communique.formats.gum.trees import parse as parse_tree
from communique.formats.gum.words import parse as parse_words
from communique.labels import Genre
from communique.problems import CommuniqueError, DataError, Level, Problem
from communique.texts import decoded

_GENRES = {"news": Genre.WIRE, "interview": Genre.INTERVIEW, "speech": Genre.SPEECH}
_ANNOTATION = "CC-BY-4.0"
_LICENCES = {
    "academic": "CC-BY-4.0",
    "bio": "CC-BY-SA-3.0",
    "court": "CC-BY-4.0",
    "essay": "CC-BY-NC-SA-4.0",
    "fiction": "CC-BY-NC-SA-3.0",
    "interview": "CC-BY-2.5",
    "letter": "CC-BY-NC-SA-4.0",
    "news": "CC-BY-2.5",
    "podcast": "CC-BY-NC-SA-4.0",
    "reddit": "LicenseRef-reddit",
    "voyage": "CC-BY-SA-3.0",
    "whow": "CC-BY-NC-SA-3.0",
}
"""Of the texts, by genre, as ``LICENSE.txt`` states them; not of speeches, vlogs, textbooks, conversations."""


def read(folder: Path, *, parts: Sequence[str] = ()) -> Imported:
    """Read a GUM folder.

    Parameters
    ----------
    folder : Path
        With ``dep`` and ``rst/rstweb`` in it.
    parts : sequence of str, optional
        Genres as the names of the files have them (news, interview, speech, court …); all that are there by default.

    Returns
    -------
    Imported
        Documents in order of their names, and the count of what is left out.

    Raises
    ------
    CommuniqueError
        The folder is not of this form, or has no texts of a genre that was asked for.
    """
    paths = sorted((folder / "dep").glob("GUM_*_*.conllu"))
    if not paths:
        raise CommuniqueError(f"{folder}: no dep/GUM_*.conllu here; name a folder of GUM")
    genres = sorted({_genre(path) for path in paths})
    for part in parts:
        if part not in genres:
            raise CommuniqueError(f"{folder}: no texts of {part!r}; there are {', '.join(genres)}")
    found = Imported()
    for path in paths:
        if not parts or _genre(path) in parts:
            _text(found, path, folder / "rst" / "rstweb" / f"{path.stem}.rs4")
    found.noticed = +found.noticed
    return found


def _genre(path: Path) -> str:
    return path.stem.split("_")[1]


def _text(found: Imported, path: Path, tree: Path) -> None:
    if not tree.is_file():
        found.noticed["texts without a discourse tree"] += 1
        return
    read = path
    try:
        words = parse_words(decoded(content(path), str(path)), found.noticed)
        if not any(set(word.form) - {"_"} for word in words.words):
            found.noticed["texts whose words are left out of the corpus"] += 1
            return
        read = tree
        made = document(
            layer(path.stem, words, parse_tree(content(tree)), found.noticed), words.text, _known(path, words.about)
        )
        found.noticed["titles that are not the first line"] += made.title is None and "title" in words.about
        found.admit(made, str(path))
    except DataError as error:
        found.problems += error.problems
    except ValueError as error:
        found.problems.append(Problem(str(read), 0, "gum-malformed", Level.SCHEMA, str(error)))


def _known(path: Path, about: dict[str, str]) -> Known:
    genre = _genre(path)
    try:
        day = date.fromisoformat(about.get("dateCreated", ""))
    except ValueError:
        day = None
    return Known(
        collection="gum",
        genre=_GENRES.get(genre, Genre.OTHER),
        date=day,
        publisher=about.get("author"),
        title=about.get("title"),
        url=about.get("sourceURL"),
        license=f"{_LICENCES.get(genre, 'LicenseRef-unknown')} AND {_ANNOTATION}",
    )


FORMAT = Format(
    name="gum",
    place="the GUM repository: `dep/*.conllu` with `rst/rstweb/*.rs4`",
    loses=(
        "every relation of the discourse tree but attribution",
        "syntax, morphology, bridging, information status and salience",
        "entities that hold no attribution, and pronouns that do not speak",
    ),
    read=read,
    options=(Option(name="part", help="news, interview, speech, court …", keyword="parts"),),
)
