"""What is measured of a text's register, and the targets of new dispatches, by genre.

Where the plan has one figure ("about 45 words") the target is a range around it: 2 to 4 words, 5 points of a share.
"""

import math
from typing import NamedTuple

import register
import reported
from communique.labels import Form, Genre
from register import Figure

NEWS = (Genre.WIRE, Genre.FEATURE, Genre.LIVE_BLOG, Genre.RADIO_DIGEST, Genre.OTHER)
"""The news genres; texts without a known genre are taken for news."""


class Target(NamedTuple):
    """The range that a figure of some genres shall lie in, ends included."""

    low: float = 0
    high: float = math.inf
    genres: tuple[Genre, ...] = NEWS


class Measure(NamedTuple):
    """A row of the tables: its figure, digits after the point, targets."""

    name: str
    figure: Figure
    digits: int
    targets: tuple[Target, ...]


class Group(NamedTuple):
    name: str
    genres: tuple[Genre, ...]


COMMUNIQUE, STATEMENT, BRIEFING = ((genre,) for genre in (Genre.COMMUNIQUE, Genre.STATEMENT, Genre.BRIEFING))
NEWS_GROUP = Group("news", NEWS)
ALL = Group("all", tuple(Genre))
MEASURES = (
    Measure("sentence length p10", register.percentile(1), 0, (Target(6, 9),)),
    Measure("sentence length p50", register.percentile(5), 0, (Target(17, 21), Target(25, 30, COMMUNIQUE))),
    Measure("sentence length p90", register.percentile(9), 0, (Target(33, 40),)),
    Measure("sentences of ≤5 words %", register.sentence_share(lambda words: words <= 5), 1, (Target(high=10),)),
    Measure("sentences of ≥30 words %", register.sentence_share(lambda words: words >= 30), 1, (Target(18),)),
    Measure("wire length, words", register.mean_length(Genre.WIRE, Genre.OTHER), 0, (Target(350, 700),)),
    Measure(
        "text length, words",
        register.mean_length(),
        0,
        (Target(600, 1500, COMMUNIQUE), Target(1500, genres=BRIEFING)),
    ),
    Measure("attributions per 100 words", reported.attributions, 1, (Target(3, 3.5),)),
    Measure("cues “said” alone %", reported.said_alone, 0, (Target(18),)),
    Measure("cues with say, tell, according %", reported.saying, 0, (Target(30),)),
    Measure("direct %", reported.form(Form.DIRECT), 0, (Target(15, 25),)),
    Measure("indirect %", reported.form(Form.INDIRECT), 0, (Target(63, 73),)),
    Measure("mixed %", reported.form(Form.MIXED), 0, (Target(7, 17),)),
    Measure("negated cues %", reported.negated, 1, (Target(high=2.5),)),
    Measure("metonym speakers %", reported.metonyms, 1, (Target(high=1.5),)),
    Measure("last sentence of a paragraph ≤7 words %", register.short_endings, 1, (Target(high=14),)),
    Measure("short quoted snippets per 1,000 words", register.snippets, 1, (Target(high=6),)),
    Measure("two-digit numbers ending in 5 %", register.fives, 0, (Target(8, 18, ALL.genres),)),
    Measure(
        "formulae per 1,000 words", register.formulae, 1, (Target(20, genres=COMMUNIQUE), Target(15, genres=STATEMENT))
    ),
    Measure("answer length, words", register.turn_length(asks=False), 0, (Target(38, 52, BRIEFING),)),
    Measure("question length, words", register.turn_length(asks=True), 0, (Target(20, 30, BRIEFING),)),
)
