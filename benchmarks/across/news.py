"""Types of given claims in news: `linear` learnt from composed texts, from PolNeAR's articles, from both."""

from pathlib import Path

from across.parts import Composed, Part, added, by_digest, by_stratum, differing, line, noted, scored
from against.rows import told
from communique.baselines import Source, create, without_types
from communique.labels import Split
from communique.report.real import joined

TASKS = ("rhetoric",)
FIGURES = {name: ("rhetoric", "claim", name, "all") for name in ("accuracy", "macro-f1")}


def on_news(clone: Path, release: Composed, layers: Path, chosen: slice) -> None:
    """Print what each learns, from the `chosen` articles and from all that are typed."""
    real = joined(f"{layers / 'polnear'}={clone}")
    train = by_digest(real.parts[Split.TRAIN])
    dev = Part(real.parts[Split.DEV], real.found.version(Split.DEV), Split.DEV)
    alone = {"composed": release.train, **by_stratum(release.train)}
    systems = {"rules": create("rules")}
    groups = [["rules", *_fit(systems, alone)]]
    groups += [_fit(systems, added(release, some)) for some in (train[chosen], train)]
    rows, results, apart = [], [], []
    for part in (dev, release.test):
        sources = [Source(id=d.id, text=d.text, layer=without_types(d)) for d in part.documents]
        answers = {name: model.predict(sources) for name, model in systems.items()}
        found = scored(part, answers, TASKS)
        rows += [line(part, result, FIGURES) for result in found]
        results += found
        if part is dev:
            apart = differing(part, [[(name, answers[name]) for name in group] for group in groups], TASKS)
    told("Types of news, claims given", ("texts", "system", *FIGURES), rows, 2)
    noted(results, FIGURES, apart)


def _fit(systems, data):
    """Add a model for each set of documents, and return their names."""
    names = [f"linear, {name} ({len(given)})" for name, given in data.items()]
    systems |= {name: create("linear").fit(given) for name, given in zip(names, data.values(), strict=True)}
    return names
