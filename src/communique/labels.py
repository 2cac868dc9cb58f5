"""The closed label sets of schema v1; `schema/v1/taxonomy.json` is their normative copy."""

from enum import StrEnum


class Rhetoric(StrEnum):
    """What act a claim performs: 16 types, in the order of the taxonomy."""

    THREAT = "threat"
    WARNING = "warning"
    DEMAND = "demand"
    APPEAL = "appeal"
    ACCUSATION = "accusation"
    CONDEMNATION = "condemnation"
    CONCERN = "concern"
    REJECTION = "rejection"
    DENIAL = "denial"
    OFFER = "offer"
    COMMITMENT = "commitment"
    CONCESSION = "concession"
    ENDORSEMENT = "endorsement"
    JUSTIFICATION = "justification"
    PREDICTION = "prediction"
    ASSERTION = "assertion"


class Family(StrEnum):
    """The six families of rhetoric types."""

    COERCION = "coercion"
    DIRECTION = "direction"
    DISAPPROVAL = "disapproval"
    REFUSAL = "refusal"
    ACCOMMODATION = "accommodation"
    STATEMENT = "statement"


FAMILY_OF: dict[Rhetoric, Family] = {
    Rhetoric.THREAT: Family.COERCION,
    Rhetoric.WARNING: Family.COERCION,
    Rhetoric.DEMAND: Family.DIRECTION,
    Rhetoric.APPEAL: Family.DIRECTION,
    Rhetoric.ACCUSATION: Family.DISAPPROVAL,
    Rhetoric.CONDEMNATION: Family.DISAPPROVAL,
    Rhetoric.CONCERN: Family.DISAPPROVAL,
    Rhetoric.REJECTION: Family.REFUSAL,
    Rhetoric.DENIAL: Family.REFUSAL,
    Rhetoric.OFFER: Family.ACCOMMODATION,
    Rhetoric.COMMITMENT: Family.ACCOMMODATION,
    Rhetoric.CONCESSION: Family.ACCOMMODATION,
    Rhetoric.ENDORSEMENT: Family.ACCOMMODATION,
    Rhetoric.JUSTIFICATION: Family.STATEMENT,
    Rhetoric.PREDICTION: Family.STATEMENT,
    Rhetoric.ASSERTION: Family.STATEMENT,
}


class EntityKind(StrEnum):
    """What sort of holder an entity is."""

    PERSON = "person"
    OFFICE = "office"
    STATE = "state"
    INSTITUTION = "institution"
    GROUP = "group"
    OUTLET = "outlet"
    UNKNOWN = "unknown"


class Form(StrEnum):
    """How an attribution's content is worded: in quotation marks, paraphrased, or both."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    MIXED = "mixed"


class Genre(StrEnum):
    """Kind of text."""

    WIRE = "wire"
    FEATURE = "feature"
    BRIEFING = "briefing"
    SPEECH = "speech"
    STATEMENT = "statement"
    COMMUNIQUE = "communique"
    INTERVIEW = "interview"
    OP_ED = "op-ed"
    LIVE_BLOG = "live-blog"
    RADIO_DIGEST = "radio-digest"
    OTHER = "other"
    PRESS_RELEASE = "press-release"


class Origin(StrEnum):
    """Where a text comes from: supplied by a third party, composed for the corpus, or collected for it."""

    SUPPLIED = "supplied"
    COMPOSED = "composed"
    COLLECTED = "collected"


class Stratum(StrEnum):
    """How a composed text was asked for: plain news, plain news with more of the rarer acts, or told for effect."""

    NATURAL = "natural"
    ENRICHED = "enriched"
    LITERARY = "literary"


class Split(StrEnum):
    """The parts of a release, in the order they are listed."""

    TRAIN = "train"
    DEV = "dev"
    TEST = "test"
