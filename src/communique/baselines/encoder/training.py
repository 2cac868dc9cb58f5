"""Gradient descent: AdamW, warm-up and linear decay, higher rates for new heads."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from math import ceil
from typing import Any, TypeVar

import numpy as np

T = TypeVar("T")


def descend(
    net: Any,
    epoch: Callable[[np.random.Generator], Sequence[T]],
    loss: Callable[[T], Any],
    parameters: Mapping[str, Any],
) -> Iterator[float]:
    """Fit a network, pausing after each epoch.

    Parameters
    ----------
    net : torch.nn.ModuleDict
        Its ``encoder`` learns at ``rate``, everything else at ``head_rate``.
    epoch : callable
        Returns the batches of an epoch, in the order to be learnt from.
    loss : callable
        Of a batch: a tensor with one number.
    parameters : mapping
        ``epochs``, more of them where they make up fewer than ``least_steps``; ``rate``, ``head_rate``, ``warm_up``
        (share of the steps), ``decay`` and ``seed``; in the end weights are the means of those after the last
        ``averaged`` epochs (Izmailov et al. 2018).

    Yields
    ------
    float
        The mean loss of the epoch.
    """
    import torch

    random = np.random.default_rng(parameters["seed"])
    plan = _plan(epoch, random, parameters)
    steps = sum(map(len, plan))
    optimizer = torch.optim.AdamW(_groups(net, parameters), fused=True)
    mean = torch.optim.swa_utils.AveragedModel(net)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _share(step / steps, parameters["warm_up"]))
    for number, batches in enumerate(plan, 1):
        losses = []
        net.train()
        for batch in _shown(batches, f"epoch {number} of {len(plan)}"):
            value = loss(batch)
            optimizer.zero_grad()
            value.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            losses.append(value.item())
        if number > len(plan) - parameters["averaged"]:
            mean.update_parameters(net)
        if number == len(plan):
            net.load_state_dict(mean.module.state_dict())
        net.eval()
        yield float(np.mean(losses))


def _plan(
    epoch: Callable[[np.random.Generator], Sequence[T]], random: np.random.Generator, parameters: Mapping[str, Any]
) -> list[Sequence[T]]:
    first = epoch(random)
    epochs = max(parameters["epochs"], ceil(parameters["least_steps"] / len(first)))
    return [first, *(epoch(random) for _ in range(epochs - 1))]


def _share(done: float, warm_up: float) -> float:
    """Return the share of the rate at which to learn when a share of all steps is done."""
    return done / warm_up if done < warm_up else (1 - done) / (1 - warm_up)


def _groups(net: Any, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the weights by rate and decay; biases and norms do not decay."""
    groups: dict[tuple[str, bool], list[Any]] = {}
    for name, weight in net.named_parameters():
        rate = "rate" if name.startswith("encoder.") else "head_rate"
        groups.setdefault((rate, weight.ndim > 1), []).append(weight)
    return [
        {"params": weights, "lr": parameters[rate], "weight_decay": parameters["decay"] if matrix else 0.0}
        for (rate, matrix), weights in groups.items()
    ]


def _shown(batches: Sequence[T], told: str) -> Iterator[T]:
    from rich.console import Console
    from rich.progress import track

    yield from track(batches, told, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty())


@contextmanager
def seeded(parameters: Mapping[str, Any]) -> Iterator[None]:
    """Draw the same numbers in every run, on the threads that ``threads`` asks for; both as before afterwards."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(parameters["threads"] or threads)
    try:
        with torch.random.fork_rng():
            torch.manual_seed(parameters["seed"])
            yield
    finally:
        torch.set_num_threads(threads)
