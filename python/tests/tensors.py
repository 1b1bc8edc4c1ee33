"""Parameters and gradients for the tests of lopt.torch."""

import hashlib
import json

import numpy as np
import pytest
from conftest import THETAS

import lopt
from lopt import _theta

torch = pytest.importorskip("torch")

THETA = lopt.load(next(path for path in THETAS if path.stem == "mixture-train"))
TASK_THETA = lopt.load(next(path for path in THETAS if path.stem == "mixture-valid"))
STEPS = 50

# One with several chunks, one that ends in a small chunk, small ones that share a chunk, a scalar.
SHAPES = [(130, 200), (9000,), (7,), (3, 5), (), (2, 3, 4, 5)]


def parameters(dtype=None, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return [torch.nn.Parameter((0.1 * torch.randn(shape, generator=generator)).to(dtype or torch.float32)) for shape in SHAPES]


def give_gradients(params, t) -> None:
    generator = torch.Generator().manual_seed(1000 + t)
    for p in params:
        p.grad = (0.01 * torch.randn(p.shape, generator=generator)).to(p.dtype)


def train(optimizer, params, steps, start=0):
    for t in range(start, start + steps):
        give_gradients(params, t)
        optimizer.step()
    return params


def assert_same(a, b) -> None:
    assert all(torch.equal(x, y) for x, y in zip(a, b))


def made(optimizer: str):
    """A random θ of an MLP that the repository has none of, with large steps."""
    family = _theta.FAMILIES[optimizer]
    shapes = {"W1": [family.inputs, 32], "b1": [32], "W2": [32, 2], "b2": [2]}
    generator, header, data = np.random.default_rng(0), {}, b""
    for name, shape in shapes.items():
        values = generator.normal(0, 0.3, shape).astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [len(data), len(data) + len(values)]}
        data += values
    text = json.dumps(header).encode()
    update = {
        "stepScale": "0.1", "stepDecay": "none", "exponentScale": "0.5", "timeInputs": "steps", "momentumInputs": "true",
        "nesterov": "false", "horizonInnerSteps": "100",
    }  # fmt: skip
    card = {"sha256": hashlib.sha256(data).hexdigest(), "optimizer": {"family": optimizer, "update": update}}
    return _theta.parse(len(text).to_bytes(8, "little") + text + data, json.dumps(card), optimizer, "its card")
