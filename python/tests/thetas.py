"""θ that the tests make themselves."""

import hashlib
import json
import math
from collections.abc import Mapping

import numpy as np

import lopt
from lopt import _theta

HELD_AS = {
    "beta1": lambda x: math.log(1 - x),
    "beta2": lambda x: math.log(1 - x),
    "momentum": lambda x: math.log(1 - x),
    "weightDecay": float,
    "warmupShare": float,
}
"""What θ holds of a hyper-parameter x; ln x of those that are not here."""


def with_tensors(optimizer: str, tensors: Mapping[str, np.ndarray]) -> lopt.Theta:
    """A θ that a file and a card without metadata make."""
    header, data = {}, b""
    for name, values in tensors.items():
        part = values.astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(values.shape), "data_offsets": [len(data), len(data) + len(part)]}
        data += part
    text = json.dumps(header).encode()
    update = {
        "stepScale": "0.1", "stepDecay": "none", "exponentScale": "0.5", "timeInputs": "steps", "momentumInputs": "true",
        "nesterov": "false", "horizonInnerSteps": "100",
    }  # fmt: skip
    card = {"sha256": hashlib.sha256(data).hexdigest(), "optimizer": {"family": optimizer, "update": update}}
    return _theta.parse(len(text).to_bytes(8, "little") + text + data, json.dumps(card), optimizer, "its card")


def hand_designed(optimizer: str, hyper_parameters: Mapping[str, float]) -> lopt.Theta:
    """A θ of hyper-parameters: all of them, in the order of θ and in their own unit."""
    held = [HELD_AS.get(name, math.log)(value) for name, value in hyper_parameters.items()]
    return with_tensors(optimizer, {"theta": np.array(held)})
