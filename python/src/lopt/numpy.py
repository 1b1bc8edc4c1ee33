"""The plain update rule, tensor by tensor, in float32: what docs/THETA.md says. ``lopt.torch`` is the fast one."""

import numpy as np
from numpy.typing import NDArray

from lopt._families import BETAS, HIDDEN, NORMALIZER_EPSILON, HandDesigned, Mlp
from lopt._plan import Plan, hyper_parameters, step_inputs, step_scale
from lopt._theta import Theta

__all__ = ["initial_state", "update"]

Floats = NDArray[np.float32]


def initial_state(theta: Theta, w: Floats) -> Floats:
    """The state of a tensor before its first step: zeros [state vectors, *w.shape]."""
    return np.zeros((theta.family.state_vectors, *w.shape), np.float32)


def update(
    theta: Theta,
    t: int,
    g: Floats,
    w: Floats,
    m: Floats,
    *,
    total_steps: int | None = None,
    examples: int | None = None,
    minibatch_size: int | None = None,
) -> tuple[Floats, Floats]:
    """One step of one tensor of the network.

    Args:
        theta: From :func:`lopt.load` or :func:`lopt.pull`.
        t: Number of the step, from 0.
        g: Gradient of the tensor, of any shape.
        w: The tensor.
        m: Its state [state vectors, *w.shape]: that of the step before, or :func:`initial_state`.
        total_steps: T, the number of steps of the whole training. Some θ depend on it.
        examples: N, the number of examples of the training set; 0: not known. For ``mlp20`` and ``mlp28``.
        minibatch_size: B, the number of examples of a step. For ``mlp20`` and ``mlp28``.

    Returns:
        w and m after the step, float32; the arguments are not changed. NaN and ∞ propagate.

    Raises:
        PlanError: θ depends on a number of the training that is not given.
    """
    plan = Plan(total_steps, examples, minibatch_size)
    plan.check(theta)
    g, w, m = (np.asarray(x, np.float32) for x in (g, w, m))
    if g.shape != w.shape or m.shape != (theta.family.state_vectors, *w.shape):
        raise ValueError(
            f"g has shape {g.shape}, w {w.shape}, m {m.shape}; g must have that of w, and m ({theta.family.state_vectors}, *w.shape)."
        )
    if isinstance(theta.family, Mlp):
        return _mlp(theta, theta.family, plan, t, g, w, m)
    return _hand_designed(theta, theta.family, t, g, w, m)


def _mlp(theta: Theta, mlp: Mlp, plan: Plan, t: int, g: Floats, w: Floats, m: Floats) -> tuple[Floats, Floats]:
    beta = np.array(BETAS, np.float32).reshape(-1, *[1] * g.ndim)
    take = np.array([1 - b for b in BETAS], np.float32).reshape(beta.shape)
    m = beta * m + take * g
    vectors = np.stack([g, *m, w])
    mean_squares = np.mean(np.square(vectors, dtype=np.float64), axis=tuple(range(1, vectors.ndim)))

    # Each base vector comes with one weight for each unit; everything else is the same for all numbers of the tensor.
    w1 = theta.tensors["W1"]
    weights, bias = np.zeros((7, HIDDEN), np.float32), theta.tensors["b1"].copy()
    for row, vector, scale in mlp.vector_rows:
        if theta.constants.momentum_inputs or vector in (0, 6):
            weights[vector] += w1[row] * np.float32(scale / np.sqrt(NORMALIZER_EPSILON + scale**2 * mean_squares[vector]))
    for row, value in mlp.constant_rows:
        bias += np.float32(value) * w1[row]
    steps = step_inputs(theta, plan, t)
    bias += steps @ w1[mlp.first_step_row : mlp.first_step_row + len(steps)]
    if mlp.tensor:
        sizes = np.append(0.25 * np.log10(1e-10 + mean_squares) + 0.5, 0.25 * np.log10(w.size) - 0.5)
        bias += sizes.astype(np.float32) @ w1[mlp.first_tensor_row :]

    hidden = np.maximum(np.moveaxis(vectors, 0, -1) @ weights + bias, np.float32(0))
    o = hidden @ theta.tensors["W2"] + theta.tensors["b2"]
    step = np.float32(step_scale(theta, plan, t)) * o[..., 0] * np.exp(np.float32(theta.constants.exponent_scale) * o[..., 1])
    return w - step, m


def _hand_designed(theta: Theta, family: HandDesigned, t: int, g: Floats, w: Floats, m: Floats) -> tuple[Floats, Floats]:
    h = hyper_parameters(theta, t)
    rate = np.float32(h["learningRate"])
    if family.reg_decay:
        g = g + np.float32(h["l1"]) * np.sign(w) + np.float32(h["l2"]) * w
    if family.rule == "sgd":
        return w - rate * g, m
    if family.rule == "momentum":
        mu = np.float32(1 - h["oneMinusMomentum"])
        v = mu * m[0] + g
        return w - rate * (g + mu * v if theta.constants.nesterov else v), v[None]
    if family.rule == "rmsProp":
        v = np.float32(0.9) * m[0] + np.float32(0.1) * g * g
        return w - rate * g / np.sqrt(v + np.float32(h["epsilon"])), v[None]
    a, b = h["oneMinusBeta1"], h["oneMinusBeta2"]
    first = np.float32(1 - a) * m[0] + np.float32(a) * g
    second = np.float32(1 - b) * m[1] + np.float32(b) * g * g
    scale = rate * np.float32(1 / (1 - (1 - a) ** (t + 1)))
    root = np.sqrt(second * np.float32(1 / (1 - (1 - b) ** (t + 1))))
    return w - scale * first / (root + np.float32(h["epsilon"])), np.stack([first, second])
