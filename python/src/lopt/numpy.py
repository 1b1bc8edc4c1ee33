"""The plain update rule, tensor by tensor, in float32: what docs/THETA.md says. ``lopt.torch`` is the fast one."""

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from lopt._errors import PlanError
from lopt._families import BETAS, HIDDEN, NEWTON_SCHULZ, NEWTON_SCHULZ_STEPS, NORM_FLOOR, NORMALIZER_EPSILON, HandDesigned, Mlp
from lopt._plan import Plan, hyper_parameters, step_hyper_parameters, step_inputs, step_scale
from lopt._theta import Theta

__all__ = ["evaluation_point", "hidden_weights", "initial_state", "update"]

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
    hidden: bool | None = None,
    outputs_first: bool = False,
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
        hidden: Whether w is a hidden weight of its network, as :func:`hidden_weights` says. For ``muon``.
        outputs_first: Whether the first axis of a hidden weight is that of its outputs, as in torch. By default it is the last, as in
            the engine: [inputs, outputs], [height, width, inputs, outputs].

    Returns:
        w and m after the step, float32; the arguments are not changed. NaN and ∞ propagate.

    Raises:
        PlanError: θ depends on something of the training that is not given.
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
    if theta.family.rule == "muon":
        if hidden is None:
            raise PlanError(
                "An optimizer 'muon' treats the hidden weights of a network in a way of its own. "
                "Pass hidden=True or hidden=False: lopt.numpy.hidden_weights says which weights these are."
            )
        if hidden:
            return _muon(step_hyper_parameters(theta, plan, t), g, w, m, outputs_first)
    return _hand_designed(theta, theta.family, plan, t, g, w, m)


def evaluation_point(theta: Theta, w: Floats, m: Floats) -> Floats:
    """The tensor at which the network is to be used: w itself, but the average of a ``scheduleFreeAdamW``, whose w is where gradients
    are taken.

    Args:
        w, m: As :func:`update` returned them.
    """
    if isinstance(theta.family, HandDesigned) and theta.family.rule == "scheduleFreeAdam":
        return np.asarray(w, np.float32) - np.float32(hyper_parameters(theta)["oneMinusBeta1"]) * np.asarray(m[0], np.float32)
    return w


def hidden_weights(weights: Iterable[Floats]) -> list[bool]:
    """Which tensors of a network are hidden weights: those of two axes or more, without the first and the last of these.

    Args:
        weights: All tensors of the network, from its input to its output.
    """
    axes = [np.ndim(w) for w in weights]
    matrices = [i for i, n in enumerate(axes) if n >= 2]
    return [i in matrices[1:-1] for i in range(len(axes))]


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


def _hand_designed(
    theta: Theta, family: HandDesigned, plan: Plan, t: int, g: Floats, w: Floats, m: Floats
) -> tuple[Floats, Floats]:
    h = step_hyper_parameters(theta, plan, t)
    rate = np.float32(h["adamLearningRate" if family.rule == "muon" else "learningRate"])
    if family.reg_decay:
        g = g + np.float32(h["l1"]) * np.sign(w) + np.float32(h["l2"]) * w
    decay = np.float32(h.get("weightDecay", 0.0)) * w
    if family.rule == "sgd":
        return w - rate * g, m
    if family.rule == "momentum":
        mu = np.float32(1 - h["oneMinusMomentum"])
        v = mu * m[0] + g
        return w - rate * (g + mu * v if theta.constants.nesterov else v), v[None]
    if family.rule == "rmsProp":
        v = _mean_square(0.1, m[0], g)
        return w - rate * g / np.sqrt(v + np.float32(h["epsilon"])), v[None]
    a, b = h["oneMinusBeta1"], h["oneMinusBeta2"]
    if family.rule == "lion":
        return w - rate * (np.sign(_average(a, m[0], g)) + decay), _average(b, m[0], g)[None]
    second = _mean_square(b, m[1], g)
    root = np.sqrt(second * np.float32(1 / (1 - (1 - b) ** (t + 1)))) + np.float32(h["epsilon"])
    if family.rule == "scheduleFreeAdam":
        c, s, u = h["average"], m[0], rate * (g / root + decay)
        w = w + np.float32(c * (1 - a)) * s - np.float32(1 - (1 - a) * (1 - c)) * u
        return w, np.stack([np.float32(1 - c) * (s - u), second])
    first = _average(a, m[0], g)
    direction = _average(a, first, g) if family.rule == "nAdam" else first
    return w - rate * (np.float32(1 / (1 - (1 - a) ** (t + 1))) * direction / root + decay), np.stack([first, second])


def _muon(h: dict[str, float], g: Floats, w: Floats, m: Floats, outputs_first: bool) -> tuple[Floats, Floats]:
    """The step of a hidden weight: its momentum made nearly orthogonal, as a matrix of its outputs and inputs. v stays as it is."""
    if w.ndim < 2:
        raise ValueError(f"A hidden weight has two axes or more; w has shape {w.shape}. Pass hidden=False.")
    first = _average(h["oneMinusMomentum"], m[0], g)
    u = _average(h["oneMinusMomentum"], first, g)
    rows, columns = (len(w), w.size // len(w)) if outputs_first else (w.size // w.shape[-1], w.shape[-1])
    outputs, inputs = (rows, columns) if outputs_first else (columns, rows)
    x = np.float32(math.sqrt(max(1.0, outputs / inputs))) * _orthogonal(u.reshape(rows, columns)).reshape(w.shape)
    return w - np.float32(h["learningRate"]) * (x + np.float32(h["weightDecay"]) * w), np.stack([first, m[1]])


def _orthogonal(matrix: Floats) -> Floats:
    """Newton and Schulz's iteration (Jordan et al. 2024): singular values go to between about 0.7 and 1.2."""
    if matrix.shape[0] > matrix.shape[1]:  # the same on the shorter side
        return _orthogonal(matrix.T).T
    a, b, c = (np.float32(v) for v in NEWTON_SCHULZ)
    x = matrix / np.float32(math.sqrt(np.sum(np.square(matrix, dtype=np.float64))) + NORM_FLOOR)
    for _ in range(NEWTON_SCHULZ_STEPS):
        gram = x @ x.T
        x = a * x + (b * gram + c * (gram @ gram)) @ x
    return x


def _average(share: float, old: Floats, new: Floats) -> Floats:
    return np.float32(1 - share) * old + np.float32(share) * new


def _mean_square(share: float, old: Floats, g: Floats) -> Floats:
    return np.float32(1 - share) * old + np.float32(share) * g * g
