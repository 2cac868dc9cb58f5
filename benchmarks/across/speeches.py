"""Types of speeches in the Security Council: `linear` learnt from composed texts, from speeches, from both."""

from pathlib import Path

from across.parts import Composed, Part, line, noted
from against.rows import told
from communique.baselines import create
from communique.labels import Split
from communique.report.real import joined
from communique.report.scoring import modelled

FIGURES = {
    **{name: ("full", "claim", name, "all") for name in ("content", "content+entity", "content+entity+type")},
    "claims given: accuracy": ("rhetoric", "claim", "accuracy", "all"),
    "claims given: macro-f1": ("rhetoric", "claim", "macro-f1", "all"),
}


def on_unsc(clone: Path, release: Composed, layers: Path) -> None:
    real = joined(f"{layers / 'unsc'}={clone}")
    train = real.parts[Split.TRAIN]
    data = {"composed": release.train, "real": train, "both": [*release.train, *train]}
    models = {name: create(name).fit(release.train) for name in ("floor", "rules")}
    models |= {f"linear, {name} ({len(given)})": create("linear").fit(given) for name, given in data.items()}
    kept = (split for split in real.parts if split is not Split.TRAIN)
    parts = [Part(real.parts[split], real.found.version(split), split) for split in kept]
    rows, results = [], []
    for part in (*parts, release.test):
        for name, model in models.items():
            if result := modelled(model, name, ("rhetoric", "full"), *part):
                rows.append(line(part, result, FIGURES))
                results.append(result)
    told("Speeches, from text (F1) and with claims given", ("texts", "system", *FIGURES), rows, 2)
    noted(results, FIGURES)
