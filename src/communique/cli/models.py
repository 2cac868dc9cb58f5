"""Commands on models: train, predict."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from communique import writing
from communique.cli.options import JSON_LINES, Force, say, track, wrote

if TYPE_CHECKING:
    from communique.records import Prediction

Changed = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="One setting, as seed=7 or linker.C=2.0; may be repeated."),
]


def train(
    name: Annotated[
        str,
        typer.Argument(help="majority, rules, linear, crf, encoder, llm, or an installed package's own."),
    ],
    output: Annotated[Path, typer.Option("-o", "--output", help="Folder for the model.")],
    data: Annotated[str, typer.Option(help="RELEASE:split, or a file of documents.")] = "newest:train",
    config: Annotated[
        Path | None, typer.Option("--config", metavar="FILE", help="Settings in TOML; all others are as packaged.")
    ] = None,
    changed: Changed = None,
    force: Force = False,
) -> None:
    """Fit a baseline and save it, without pickle."""
    from communique import baselines, releases

    baselines.refuse_unwritten(output, force=force)
    model = baselines.set_up(name, config, changed or ())
    documents, _, _ = releases.part(data)
    baselines.save(model.fit(documents), output, force=force)
    say(f"{output} holds {name}, fitted on {len(documents)} documents of {data}")


def predict(
    model: Annotated[str, typer.Argument(help="Folder of a saved model; `news`, which is packaged; `rules` or `llm`.")],
    source: Annotated[
        str,
        typer.Argument(
            metavar="INPUT", help="Documents or texts with ids (.jsonl), RELEASE:split, .txt, a folder, or -."
        ),
    ],
    output: Annotated[
        Path, typer.Option("-o", "--output", help="A .jsonl of predictions, or - for standard output.")
    ] = Path("-"),
    given: Annotated[
        bool, typer.Option("--given-claims", help="Only type the claims that the documents have.")
    ] = False,
    holders: Annotated[
        bool, typer.Option("--given-attributions", help="Only find who holds the attributions that the documents have.")
    ] = False,
    changed: Changed = None,
    force: Force = False,
) -> None:
    """Label texts: documents, plain text files, folders of them, or standard input."""
    from communique import baselines, jsonl
    from communique.baselines.inputs import Given, sources
    from communique.baselines.streaming import stream
    from communique.problems import CommuniqueError

    if given and holders:
        raise CommuniqueError("--given-claims and --given-attributions are two tasks; ask for one at a time")
    known = Given.CLAIMS if given else Given.ATTRIBUTIONS if holders else None

    writing.refuse_unwritten(output, JSON_LINES, [Path(source), Path(model)], force=force)
    fitted = baselines.ready(model, changed or ())
    claims: list[int] = []
    jsonl.write(output, _counted(track(stream(fitted, sources(source, known)), "labelling"), claims))
    wrote(output, f"holds predictions for {len(claims)} texts with {sum(claims)} claims")
    if summary := fitted.summary():
        say(summary, error=True)


def _counted(predictions: "Iterable[Prediction]", claims: list[int]) -> "Iterator[Prediction]":
    """Yield predictions, and note of each how many claims it has."""
    for prediction in predictions:
        claims.append(len(prediction.claims))
        yield prediction
