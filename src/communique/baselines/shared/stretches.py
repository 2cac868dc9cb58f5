"""Stretches of tokens by role, as taggers find them."""

from collections.abc import Mapping

from communique.baselines.shared.decoding import stretches
from communique.baselines.shared.token_attributions import UNITS
from communique.baselines.shared.token_table import Column, Pages
from communique.places import Place

Parts = dict[str, set[Place]]
"""By role, stretches of tokens: cue, source, content."""


def parts(rows: Mapping[str, Column], further: Mapping[str, Column], table: Pages) -> tuple[Parts, Parts]:
    """Return the stretches that tags mark, and those together with more that stand only if something is linked to them.

    Parameters
    ----------
    rows : mapping of str to (array of int)
        Tags by role, inner content by itself.
    further : mapping of str to (array of int)
        By some roles: tags that lean further. Of their stretches those are taken that touch none of the others.
    table : Pages
        Of the tokens. No cue and no source goes beyond its sentence, no content beyond its text.
    """
    sure: Parts = {unit: set() for unit in UNITS}
    wide: Parts = {unit: set() for unit in UNITS}
    for role, row in rows.items():
        unit = "content" if role == "inner" else role
        bounds = table.document if unit == "content" else table.sentence
        found = set(stretches(row, bounds))
        more = stretches(further[role], bounds) if role in further else ()
        sure[unit] |= found
        wide[unit] |= found.union((first, end) for first, end in more if not row[first:end].any())
    return sure, wide
