"""Spans and attribution: `crf` learnt from composed texts, from a few of PolNeAR's articles, from both."""

from pathlib import Path

from across.parts import Composed, Part, added, by_digest, line, noted, scored, told_apart
from against.articles import FIGURES as SPANS
from against.rows import told
from communique.baselines import Source, create
from communique.labels import Split
from communique.report.real import joined

TASKS = ("cofenet", "attribution")
FIGURES = {name: (*figure, "all") for name, figure in SPANS.items()}


def on_polnear(clone: Path, release: Composed, layers: Path, chosen: slice) -> None:
    """Print what each learns; `chosen` are those of train, in the order of their sha256, that are learnt from."""
    real = joined(f"{layers / 'polnear'}={clone}")
    some = by_digest(real.parts[Split.TRAIN])[chosen]
    dev = Part(real.parts[Split.DEV], real.found.version(Split.DEV), Split.DEV)
    data = {"composed": release.train, **added(release, some)}
    models = {"rules": create("rules")}
    models |= {f"crf, {name} ({len(given)})": create("crf").fit(given) for name, given in data.items()}
    rows, results, apart = [], [], []
    for part in (dev, release.test):
        sources = [Source(id=document.id, text=document.text) for document in part.documents]
        answers = {name: model.predict(sources) for name, model in models.items()}
        found = scored(part, answers, TASKS)
        rows += [line(part, result, FIGURES) for result in found]
        results += found
        apart += told_apart(part, answers, TASKS) if part is dev else []
    told("Spans and attribution, F1", ("texts", "system", *FIGURES), rows, 2)
    noted(results, FIGURES, apart)
