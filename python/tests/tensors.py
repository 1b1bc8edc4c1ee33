"""Parameters and gradients for the tests of lopt.torch."""

import numpy as np
import pytest
from conftest import THETAS
from thetas import hand_designed, with_tensors

import lopt
from lopt._families import FAMILIES

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
    shapes = {"W1": (FAMILIES[optimizer].inputs, 32), "b1": (32,), "W2": (32, 2), "b2": (2,)}
    generator = np.random.default_rng(0)
    return with_tensors(optimizer, {name: generator.normal(0, 0.3, shape) for name, shape in shapes.items()})


ADAM = {"learningRate": 0.02, "beta1": 0.9, "beta2": 0.99, "epsilon": 1e-4, "weightDecay": 0.1, "warmupShare": 0.1}
SCHEDULE_FREE = hand_designed("scheduleFreeAdamW", ADAM)
MUON = hand_designed("muon", {"learningRate": 0.02, "momentum": 0.8, "adamLearningRate": 0.01, **{k: ADAM[k] for k in list(ADAM)[1:]}})
