"""How exactly an encoder computes: in 32 bits or in bfloat16."""

import copy
from collections.abc import Mapping
from typing import Any

from communique.baselines.encoder.checkpoint import device


def halved(parameters: Mapping[str, Any]) -> bool:
    """Return whether to compute in bfloat16: for ``auto`` where the device has instructions for it.

    Parameters
    ----------
    parameters : mapping
        ``precision`` and ``device``.
    """
    import torch

    if parameters["precision"] != "auto":
        return bool(parameters["precision"] == "bfloat16")
    if device(parameters["device"]).startswith("cuda"):
        return bool(torch.cuda.is_bf16_supported())
    able: dict[str, Any] = getattr(torch.cpu, "get_capabilities", dict)()
    return bool(able.get("avx512_bf16"))


def labelling(net: Any, parameters: Mapping[str, Any]) -> Any:
    """Return a network to label with: the given one, or its heads upon a copy of its encoder in bfloat16.

    Parameters
    ----------
    net : torch.nn.ModuleDict
        Its ``encoder`` is a ``transformers.PreTrainedModel`` of 32 bits, and stays as it is.
    parameters : mapping
        ``half``: as `halved` says.
    """
    from torch import bfloat16, nn

    if not parameters["half"]:
        return net
    encoder = copy.deepcopy(net["encoder"]).to(bfloat16)
    if encoder.device.type == "cpu":  # where products of whole matrices are quicker than fused attention
        encoder.set_attn_implementation("eager")
    return nn.ModuleDict({**net, "encoder": encoder}).eval()
