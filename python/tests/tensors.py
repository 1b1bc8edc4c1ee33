"""Parameters and gradients for the tests of lopt.torch."""

import pytest
from conftest import THETAS

import lopt

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
