"""Settings of baselines, typed: those that are packaged, what a user changes, and what is wrong with it."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from communique import resources
from communique.files import content
from communique.problems import CommuniqueError, one_line

Count = Annotated[int, msgspec.Meta(ge=0)]
Least1 = msgspec.Meta(min_length=1)
Role = Literal["cue", "source", "content", "inner"]
"""What a tagger of `crf` or `encoder` tags."""
Positive = Annotated[int, msgspec.Meta(ge=1)]
Amount = Annotated[float, msgspec.Meta(ge=0)]
Above = Annotated[float, msgspec.Meta(gt=0)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
_UNIONS = (Union, UnionType)
_SHOWN = 60
S = TypeVar("S", bound=msgspec.Struct)


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of the settings of every baseline, and of tables in them."""


class Holders(Settings, frozen=True, kw_only=True):
    """How the learned choice of holders is trained: ``C`` is the inverse strength of its regularisation."""

    C: Above


def read(kind: type[S], name: str, given: Mapping[str, Any] | None = None) -> S:
    """Return the settings of a baseline: those given, and all others as packaged.

    Parameters
    ----------
    kind : type of Struct
        Their fields. A field that is a struct is a table whose keys may be given one by one; any other is given whole.
    name : str
        Of the baseline.
    given : mapping, optional
        As in the packaged ``baselines/NAME/config.toml``.

    Raises
    ------
    CommuniqueError
        A key is unknown or missing, or its value is none that it can have; the first such is named.
    """
    whole = _laid_over(kind, resources.packaged_settings(name), given or {})
    if told := next(_faults(kind, whole, ""), None):
        raise CommuniqueError(f"{name}: {told}")
    return msgspec.convert(whole, kind)


def changes(kind: type[msgspec.Struct], name: str, file: Path | None, changed: Sequence[str]) -> dict[str, Any]:
    """Return what to give a baseline of a file of settings and of single changes.

    Parameters
    ----------
    kind, name
        As of `read`.
    file : Path or None
        TOML.
    changed : sequence of str
        Each ``KEY=VALUE``: a key with dots for one in a table, a value of TOML. The last of a key counts.

    Raises
    ------
    CommuniqueError
        The file is no TOML, or one of the changes is none.
    """
    return changed_by(_laid_over(kind, resources.packaged_settings(name), _table(file) if file else {}), changed)


def changed_by(given: Mapping[str, Any], changed: Sequence[str]) -> dict[str, Any]:
    """Return settings with single changes; parameters and errors are those of `changes`."""
    found = dict(given)
    for change in changed:
        key, equals, value = change.partition("=")
        *tables, last = key.strip().split(".")
        if not equals or not all((*tables, last)):
            raise CommuniqueError(f"--set {one_line(change)}: is no change; write --set KEY=VALUE")
        place = found
        for table in tables:
            inner = place.get(table)
            place[table] = inner = dict(inner) if isinstance(inner, dict) else {}
            place = inner
        place[last] = _value(change, value.strip())
    return found


def _table(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(content(file).decode("utf-8"))
    except ValueError as error:
        raise CommuniqueError(f"{file}: is no TOML: {error}; write one KEY = VALUE a line") from error


def _value(change: str, value: str) -> Any:
    try:
        (found,) = tomllib.loads(f"value = {value}").values()
    except ValueError as error:
        raise CommuniqueError(
            f"--set {one_line(change)}: {value!r} is no value of TOML; numbers, true and false stand as they are, "
            f"words in quotation marks: --set '{one_line(change.partition('=')[0])}=\"word\"'"
        ) from error
    return found


def _laid_over(kind: Any, base: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings with those given in their place, tables that are structs key by key."""
    found = dict(base)
    hints = get_type_hints(kind)
    for key, value in given.items():
        inner, old = hints.get(key), found.get(key)
        known = _is_struct(inner) and isinstance(value, Mapping) and isinstance(old, Mapping)
        found[key] = _laid_over(inner, old, value) if known else value  # type: ignore[arg-type]
    return found


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _faults(kind: Any, value: Any, path: str) -> Iterator[str]:
    """Yield what is wrong with a value, what stands within it first, in order of the keys."""
    plain = _plain(kind)
    origin, inner = get_origin(plain), get_args(plain)
    if _is_struct(plain) and isinstance(value, Mapping):
        yield from _of_table(plain, value, path)
        return
    if origin is dict and isinstance(value, Mapping):
        for key, one in value.items():
            if get_origin(inner[0]) is Literal and key not in get_args(inner[0]):
                names = {name: [_below(path, name)] for name in get_args(inner[0])}
                told = _near(str(key), names) or f"there are {', '.join(names)}"
                yield f"there is no setting `{_below(path, key)}`; {told}"
            yield from _faults(inner[1], one, _below(path, key))
    if origin is tuple and inner[1:] == (...,) and isinstance(value, list | tuple):
        for number, one in enumerate(value, 1):
            yield from _faults(inner[0], one, f"{path}[{number}]")
    yield from _unlike(kind, value, path)


def _plain(kind: Any) -> Any:
    """Return a type without bounds, and without that it may be left out."""
    if get_origin(kind) is Annotated:
        return _plain(get_args(kind)[0])
    given = [one for one in get_args(kind) if one is not msgspec.UnsetType] if get_origin(kind) in _UNIONS else []
    return _plain(given[0]) if len(given) == 1 else kind


def _of_table(kind: type[msgspec.Struct], value: Mapping[str, Any], path: str) -> Iterator[str]:
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    hints = get_type_hints(kind, include_extras=True)
    for key in value:
        if key not in fields:
            told = _near(key, _keys(kind, path)) or f"there are {', '.join(fields)}"
            yield f"there is no setting `{_below(path, key)}`; {told}"
    for key, field in fields.items():
        if key in value:
            yield from _faults(hints[field.name], value[key], _below(path, key))
        elif field.required:
            yield f"setting `{_below(path, key)}` is missing; give it {_wanted(hints[field.name])}"
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        yield f"{path}: {error}" if path else str(error)


def _near(key: str, known: Mapping[str, Sequence[str]]) -> str:
    """Return in words which of known keys is meant, each known by what may be written for it; empty if none is near."""
    lower = {name.lower(): name for name in known}
    near = get_close_matches(key.lower(), lower, n=1)
    return f"do you mean {' or '.join(f'`{one}`' for one in known[lower[near[0]]])}?" if near else ""


def _unlike(kind: Any, value: Any, path: str) -> Iterator[str]:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        shown = repr(value)
        yield f"setting `{path}` cannot be {shown if len(shown) <= _SHOWN else f'{shown[:_SHOWN]}…'}: {error}"


def _keys(kind: type[msgspec.Struct], path: str) -> dict[str, list[str]]:
    """Return by the last word of keys, and by all of it, the keys with their tables."""
    found: dict[str, list[str]] = {}
    for name, inner in get_type_hints(kind).items():
        found.setdefault(name, []).append(_below(path, name))
        for last, keys in _keys(inner, _below(path, name)).items() if _is_struct(inner) else ():
            found.setdefault(last, []).extend(keys)
    return found


def _below(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _wanted(kind: Any) -> str:
    kind = _plain(kind)
    words = {int: "a whole number", float: "a number", str: "a text", bool: "true or false"}
    return words.get(kind, "a table" if _is_struct(kind) or get_origin(kind) is dict else "a value")
