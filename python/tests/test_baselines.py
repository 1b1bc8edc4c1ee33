"""Families that searches tune, against the golden cases 36 to 40: steps of whole networks in float64, in float32's tolerance."""

import json
import math

import numpy as np
import pytest
from conftest import REPOSITORY
from thetas import hand_designed

import lopt
import lopt.numpy

CASES = [json.loads(path.read_text()) for path in sorted((REPOSITORY / "golden").glob("*.json")) if "baseline_steps" in path.read_text()]
RUNS = [
    pytest.param(case, run, expected, id=f"{case['family']}-{i}")
    for case in CASES
    for i, (run, expected) in enumerate(zip(case["runs"], case["expected"]["runs"]))
]


class NumpyNetwork:
    """Tensors [inputs, outputs], [height, width, inputs, outputs], as the golden cases have them."""

    def __init__(self, theta, weights, total_steps: int, first_step: int) -> None:
        self._theta, self._t, self._total_steps = theta, first_step, total_steps
        self._weights = list(weights)
        self._states = [lopt.numpy.initial_state(theta, w) for w in weights]
        self._hidden = lopt.numpy.hidden_weights(weights)

    def step(self, gradients) -> None:
        for i, g in enumerate(gradients):
            self._weights[i], self._states[i] = lopt.numpy.update(
                self._theta, self._t, g, self._weights[i], self._states[i], total_steps=self._total_steps, hidden=self._hidden[i]
            )
        self._t += 1

    def weights(self):
        return self._weights

    def evaluated(self):
        return [lopt.numpy.evaluation_point(self._theta, w, m) for w, m in zip(self._weights, self._states)]

    def states(self):
        return self._states


class OutputsFirstNetwork(NumpyNetwork):
    """The same with [outputs, inputs], [outputs, inputs, height, width]."""

    def step(self, gradients) -> None:
        for i, g in enumerate(gradients):
            w, m = (outputs_first(self._weights[i]), np.stack([outputs_first(v) for v in self._states[i]]))
            w, m = lopt.numpy.update(
                self._theta, self._t, outputs_first(g), w, m, total_steps=self._total_steps, hidden=self._hidden[i], outputs_first=True
            )
            self._weights[i], self._states[i] = outputs_last(w), np.stack([outputs_last(v) for v in m])
        self._t += 1


class TorchNetwork:
    """Parameters in torch's order of axes."""

    def __init__(self, theta, weights, total_steps: int, first_step: int) -> None:
        self._torch = pytest.importorskip("torch")
        from lopt.torch import LearnedOptimizer

        self._params = [self._torch.nn.Parameter(self._torch.tensor(outputs_first(w).copy())) for w in weights]
        self._optimizer = LearnedOptimizer(self._params, theta, total_steps=total_steps)
        self._optimizer.param_groups[0]["step"] = first_step

    def step(self, gradients) -> None:
        for p, g in zip(self._params, gradients):
            p.grad = self._torch.tensor(outputs_first(g).copy())
        self._optimizer.step()

    def weights(self):
        return [outputs_last(p.detach().numpy()) for p in self._params]

    def evaluated(self):
        with self._optimizer.evaluation_point():
            return [w.copy() for w in self.weights()]

    def states(self):
        return [np.stack([outputs_last(v) for v in self._optimizer.state[p]["state"].numpy()]) for p in self._params]


def outputs_first(w):
    return w.transpose(3, 2, 0, 1) if w.ndim == 4 else w.T


def outputs_last(w):
    return w.transpose(2, 3, 1, 0) if w.ndim == 4 else w.T


def error(actual, expected) -> float:
    """Relative L2 error of tensors, given the flat numbers of all."""
    expected = np.array(expected)
    flat = np.concatenate([np.ravel(x) for x in actual]).astype(np.float64)
    return float(np.linalg.norm(flat - expected) / (np.linalg.norm(expected) or 1))


@pytest.mark.parametrize("network", [NumpyNetwork, OutputsFirstNetwork, TorchNetwork])
@pytest.mark.parametrize(("case", "run", "expected"), RUNS)
def test_steps_of_a_network(case, run, expected, network) -> None:
    def tensors(flat):
        ends = np.cumsum([math.prod(shape) for shape in case["parameter_shapes"]])
        return [part.reshape(shape) for part, shape in zip(np.split(np.float32(flat), ends[:-1]), case["parameter_shapes"])]

    tolerance, after = case["tolerance_float32"], case["expected"]["after_steps"]
    start = np.array(case["w"])
    sut = network(hand_designed(case["family"], run["hyper_parameters"]), tensors(start), run["inner_steps"], run["first_step"])
    found_expected = iter(range(len(after)))
    for n, g in enumerate(case["g"], 1):
        sut.step(tensors(g))
        if n in after:
            i = next(found_expected)
            w = np.array(expected["w"][i])
            assert error(sut.weights(), w) <= tolerance["w"], n
            if np.any(w != start):
                change = [x.astype(np.float64) - x0 for x, x0 in zip(sut.weights(), tensors(start))]
                assert error(change, w - start) <= tolerance["w_change"], n
            point = expected["evaluation_point"][i] if "evaluation_point" in expected else w
            assert error(sut.evaluated(), point) <= tolerance.get("evaluation_point", tolerance["w"]), n
    states = sut.states()
    for vector, numbers in enumerate(np.array(expected["state"]).reshape(len(states[0]), -1)):
        assert error([state[vector] for state in states], numbers) <= tolerance["state"], vector


ADAM = {"learningRate": 0.01, "beta1": 0.9, "beta2": 0.99, "epsilon": 1e-8, "weightDecay": 0.1, "warmupShare": 0.1}
MUON = {"learningRate": 0.01, "momentum": 0.9, "adamLearningRate": 0.01, **{name: ADAM[name] for name in list(ADAM)[1:]}}


def test_the_length_of_the_training_is_asked_for() -> None:
    w = np.ones(3, np.float32)
    theta = hand_designed("adamW", ADAM)
    with pytest.raises(lopt.PlanError, match=r"'adamW' warms up over a share of the training's length\. Pass total_steps=…"):
        lopt.numpy.update(theta, 0, w, w, lopt.numpy.initial_state(theta, w))


def test_steps_after_the_training_do_not_move() -> None:
    w = np.ones(3, np.float32)
    theta = hand_designed("lion", {name: value for name, value in ADAM.items() if name != "epsilon"})
    for t, moves in ((9, True), (10, False), (25, False)):
        after, _ = lopt.numpy.update(theta, t, w, w, lopt.numpy.initial_state(theta, w), total_steps=10)
        assert np.any(after != w) == moves, t


def test_limits_of_decay_and_warmup() -> None:
    """A negative weight decay is 0, a share is 0 to 1."""
    w, g = np.ones(3, np.float32), np.zeros(3, np.float32)
    decayed = {}
    for decay, share in ((-0.5, 0.0), (0.5, -1.0), (0.5, 2.0)):
        theta = hand_designed("adamW", {**ADAM, "weightDecay": decay, "warmupShare": share})
        decayed[decay, share] = lopt.numpy.update(theta, 5, g, w, lopt.numpy.initial_state(theta, w), total_steps=10)[0]
    assert np.all(decayed[-0.5, 0.0] == 1)
    assert decayed[0.5, -1.0] == pytest.approx(1 - 0.01 * 0.5 * 0.5)  # half a cosine
    assert decayed[0.5, 2.0] == pytest.approx(1 - 0.01 * 0.5 * 0.5)  # half of the warm-up


def test_a_muon_asks_which_weights_are_hidden() -> None:
    w = np.ones((3, 4), np.float32)
    theta = hand_designed("muon", MUON)
    m = lopt.numpy.initial_state(theta, w)
    with pytest.raises(lopt.PlanError, match="hidden=True or hidden=False"):
        lopt.numpy.update(theta, 0, w, w, m, total_steps=10)
    with pytest.raises(ValueError, match=r"two axes or more; w has shape \(3,\)"):
        lopt.numpy.update(theta, 0, w[:, 0], w[:, 0], m[:, :, 0], total_steps=10, hidden=True)


def test_hidden_weights_are_neither_the_first_nor_the_last_matrix() -> None:
    b, matrix, kernel = np.ones(2), np.ones((2, 2)), np.ones((3, 3, 2, 2))
    assert lopt.numpy.hidden_weights([b, kernel, b, kernel, matrix, b, matrix, b]) == [False] * 3 + [True] * 2 + [False] * 3
    assert lopt.numpy.hidden_weights([matrix, b, matrix]) == [False] * 3
