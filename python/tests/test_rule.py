"""The rule against the engine: the vectors of the cards, and whole trainings."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from conftest import FAMILIES, THETAS

import lopt
import lopt.numpy
from lopt import _safetensors

STEP_BOUND = 1e-5
"""Error of w after 200 steps, relative to the largest number of its tensor."""


def numpy_update(theta, t, g, w, m, plan):
    return lopt.numpy.update(theta, t, g, w, m, hidden=False, **plan)


def torch_update(theta, t, g, w, m, plan):
    torch = pytest.importorskip("torch")
    from lopt.torch import LearnedOptimizer

    p = torch.nn.Parameter(torch.tensor(w))
    p.grad = torch.tensor(g)
    optimizer = LearnedOptimizer([p], theta, **plan)
    optimizer.param_groups[0]["step"] = t
    optimizer.state[p]["state"] = torch.tensor(m)
    optimizer.step()
    return p.detach().numpy(), optimizer.state[p]["state"].numpy()


UPDATES = [numpy_update, torch_update]


def check_card(theta, update):
    """Every vector of the card, to the tolerance that the card names."""
    specification = theta.card["specification"]
    plan = {
        "total_steps": specification["innerSteps"],
        "examples": specification["trainImagesPerClass"] * specification["taskClasses"],
        "minibatch_size": specification["minibatchSize"],
    }
    moved = 0.0
    for vector in theta.card["golden"]:
        shape = vector["shape"]
        g, w, w_next = (np.array(vector[n], np.float32).reshape(shape) for n in ("g", "w", "wNext"))
        m, m_next = (np.array(vector[n], np.float32).reshape(-1, *shape) for n in ("m", "mNext"))
        found = update(theta, vector["t"], g, w, m, plan)
        moved = max(moved, float(np.abs(w_next - w).max()))
        for expected, actual in zip((w_next, m_next), found):
            assert actual.shape == expected.shape
            if expected.size:
                assert np.abs(actual - expected).max() <= theta.card["goldenTolerance"] * np.abs(expected).max(), vector["t"]
    assert moved > 5e-5, "the updates are too small to tell anything"


@pytest.mark.parametrize("update", UPDATES)
@pytest.mark.parametrize("path", THETAS, ids=lambda path: path.stem)
def test_updates_of_the_cards_in_the_repository(path: Path, update) -> None:
    check_card(lopt.load(path), update)


@pytest.mark.parametrize("update", UPDATES)
@pytest.mark.parametrize("family", FAMILIES)
def test_updates_of_every_family(families: str, family: str, update) -> None:
    pytest.importorskip("grpc")
    check_card(lopt.pull(families, version="latest", run=family), update)


@pytest.mark.parametrize("path", [p for p in THETAS if p.stem != "mixture-conv"], ids=lambda path: path.stem)
def test_200_steps_of_the_engine(path: Path, trace: Callable[..., Path]) -> None:
    check_trace(lopt.load(path), trace(path, "--trace-steps", 200))


@pytest.mark.parametrize("family", ["scheduleFreeAdamW", "muon"])
def test_200_steps_of_the_engine_with_a_tuned_optimizer(family: str, families: str, tmp_path: Path, trace: Callable[..., Path]) -> None:
    pytest.importorskip("grpc")
    theta = lopt.pull(families, version="latest", run=family)
    theta.save(tmp_path / "theta.safetensors")
    sizes = ("--set", "hiddenUnits=[24,12,20]", "--set", "innerSteps=300")
    check_trace(theta, trace(tmp_path / "theta.safetensors", "--trace-steps", 200, *sizes))


def check_trace(theta: lopt.Theta, file: Path) -> None:
    """A trace's gradients give the weights at its end, to the bound that docs/THETA.md names."""
    tensors, metadata = _safetensors.parse(file.read_bytes(), str(file))
    plan = {
        "total_steps": int(metadata["inner_steps"]),
        "examples": int(metadata["training_images"]),
        "minibatch_size": int(metadata["minibatch_size"]),
    }
    names = [name[6:] for name in tensors if name.startswith("start.")]
    hidden = lopt.numpy.hidden_weights(tensors[f"start.{name}"] for name in names)
    for name, is_hidden in zip(names, hidden):
        w = tensors[f"start.{name}"]
        m = lopt.numpy.initial_state(theta, w)
        for t, g in enumerate(tensors[f"gradient.{name}"]):
            w, m = lopt.numpy.update(theta, t, g, w, m, hidden=is_hidden, **plan)
        assert close(w, tensors[f"end.{name}"]), name

    torch = pytest.importorskip("torch")
    from lopt.torch import LearnedOptimizer

    params = [torch.nn.Parameter(torch.tensor(outputs_first(tensors[f"start.{name}"]))) for name in names]
    optimizer = LearnedOptimizer(params, theta, **plan)
    for t in range(200):
        for name, p in zip(names, params):
            p.grad = torch.tensor(outputs_first(tensors[f"gradient.{name}"][t]))
        optimizer.step()
    for name, p in zip(names, params):
        assert close(p.detach().numpy(), outputs_first(tensors[f"end.{name}"])), name
        assert not close(p.detach().numpy(), outputs_first(tensors[f"start.{name}"])), name


def outputs_first(w):
    """In torch's order of axes."""
    return np.ascontiguousarray(w.transpose(3, 2, 0, 1) if w.ndim == 4 else w.T)


def close(actual, expected) -> bool:
    return bool(np.abs(actual - expected).max() <= STEP_BOUND * np.abs(expected).max())


@pytest.mark.parametrize("path", THETAS, ids=lambda path: path.stem)
def test_numbers_of_the_training_are_asked_for(path: Path) -> None:
    w = np.ones(3, np.float32)
    theta = lopt.load(path)
    with pytest.raises(lopt.PlanError, match="total_steps"):
        lopt.numpy.update(theta, 0, w, w, lopt.numpy.initial_state(theta, w))
    with pytest.raises(ValueError, match="at least 1"):
        lopt.numpy.update(theta, 0, w, w, lopt.numpy.initial_state(theta, w), total_steps=0, examples=0, minibatch_size=1)
