"""The training that a θ is used for, as far as its rule depends on it; and what is the same for all numbers of a step."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lopt._errors import PlanError
from lopt._families import ETAS, FAMILIES, FLAT, HandDesigned, Mlp
from lopt._theta import Theta

_HORIZON_TIME = 1000.0  # τ at the end of any training, where time counts the share of it
_MIDDLE = 3.0  # decimal order of magnitude in the middle of what is usual, of T and N
_LARGEST = 1e30
_SMALLEST_ONE_MINUS_BETA = 1e-12
_SMALLEST_EPSILON = 1e-30


@dataclass(frozen=True)
class Plan:
    """A training.

    Args:
        total_steps: T, the number of its steps; None: not known.
        examples: N, the number of examples of its training set; 0 or None: not known.
        minibatch_size: B, the number of examples of a step; None: not known.
    """

    total_steps: int | None = None
    examples: int | None = None
    minibatch_size: int | None = None

    def check(self, theta: Theta) -> None:
        """Raises PlanError if θ depends on something that is not known, ValueError if something is no number that it can be."""
        for name, value, least in (
            ("total_steps", self.total_steps, 1),
            ("examples", self.examples, 0),
            ("minibatch_size", self.minibatch_size, 1),
        ):
            if value is not None and (isinstance(value, bool) or int(value) != value or value < least):
                raise ValueError(f"{name} '{value}' must be a whole number of at least {least}.")
        family, constants = theta.family, theta.constants
        missing = [] if self.total_steps is not None else ["total_steps=…"]
        if isinstance(family, HandDesigned):
            if not family.warmup:
                return
            why = f"An optimizer '{theta.optimizer}' warms up over a share of the training's length."
        elif family.task:
            why = f"An optimizer '{theta.optimizer}' takes the training's length, number of examples and minibatch size as inputs."
            missing += [] if self.examples is not None else ["examples=… (0: not known)"]
            missing += [] if self.minibatch_size is not None else ["minibatch_size=…"]
        elif constants.step_decay == "linear":
            why = "This θ was trained with steps that shrink over the training's length."
        elif constants.time_inputs == "horizon":
            why = "This θ was trained with time as a share of the training's length."
        else:
            return
        if missing:
            raise PlanError(f"{why} Pass {', '.join(missing)}. θ was trained for up to {constants.horizon_inner_steps} steps.")


def step_scale(theta: Theta, plan: Plan, t: int) -> float:
    """λ_lin of step t, from 0."""
    constants = theta.constants
    if constants.step_decay == "linear":
        return constants.step_scale * max(0.0, 1 - t / _horizon(plan))
    return constants.step_scale


def step_inputs(theta: Theta, plan: Plan, t: int) -> NDArray[np.float32]:
    """Inputs of an MLP that are the same for all numbers of step t, from 0: [9] of time, or [13] with those of the task."""
    family = FAMILIES[theta.optimizer]
    assert isinstance(family, Mlp)
    time_inputs = theta.constants.time_inputs
    if time_inputs == "none":
        inputs = [0.0] * len(ETAS)
    else:
        tau = _HORIZON_TIME * min(1.0, t / _horizon(plan)) if time_inputs == "horizon" else float(t)
        inputs = [math.tanh(tau / eta - 1) for eta in ETAS]
    if family.task:
        horizon, examples, size = _horizon(plan), plan.examples or 0, plan.minibatch_size or 1
        inputs += [min(1.0, t / horizon), math.log10(horizon) - _MIDDLE]
        inputs += [math.log10(examples) - _MIDDLE, math.log10(1 + t * (size / examples))] if examples else [0.0, 0.0]
    return np.array(inputs, np.float32)


def hyper_parameters(theta: Theta) -> dict[str, float]:
    """Hyper-parameters of a hand-designed rule by name, in their own unit and within the engine's limits.

    1 − β and 1 − μ are under ``oneMinusBeta1``, …, ``oneMinusMomentum``.
    """
    family = FAMILIES[theta.optimizer]
    assert isinstance(family, HandDesigned)
    found = {}
    for name, value in zip(family.names, theta.tensors[FLAT].astype(np.float64)):
        if name == "weightDecay":  # θ holds it as it is
            found[name] = max(float(value), 0.0)
        elif name == "warmupShare":
            found[name] = min(max(float(value), 0.0), 1.0)
        elif name in ("beta1", "beta2", "momentum"):  # θ = ln(1 − β)
            found["oneMinus" + name[0].upper() + name[1:]] = min(max(_exp(value), _SMALLEST_ONE_MINUS_BETA), 1.0)
        else:
            found[name] = min(max(_exp(value), _SMALLEST_EPSILON if name == "epsilon" else 0.0), _LARGEST)
    return found


def step_hyper_parameters(theta: Theta, plan: Plan, t: int) -> dict[str, float]:
    """:func:`hyper_parameters` of step t, from 0.

    ``learningRate`` and ``adamLearningRate`` are those of the step. ``average`` is the share c of the step in the average of
    ``scheduleFreeAdamW``.
    """
    found = hyper_parameters(theta)
    family = FAMILIES[theta.optimizer]
    assert isinstance(family, HandDesigned)
    factor = 1.0
    if family.reg_decay:
        factor = max(0.0, 1 - found["linearDecay"] * t) * math.exp(-found["exponentialDecay"] * t)
    elif family.rule == "scheduleFreeAdam":
        factor, found["average"] = _warmup_then_constant(round(found["warmupShare"] * _horizon(plan)), t)
    elif family.warmup:
        factor = _warmup_then_cosine(round(found["warmupShare"] * _horizon(plan)), t, _horizon(plan))
    for name in ("learningRate", "adamLearningRate"):
        if name in found:
            found[name] *= factor
    return found


def _exp(value: float) -> float:
    return math.exp(min(value, 700.0))  # beyond it is above every limit, and soon above what a float holds


def _warmup_then_cosine(warmup: int, t: int, horizon: int) -> float:
    """Factor of the rate: linear from 0, then half a cosine to 0 at the end of the training."""
    if t < warmup:
        return t / warmup
    return 0.5 * (1 + math.cos(math.pi * min(1.0, (t - warmup) / max(1, horizon - warmup))))


def _warmup_then_constant(warmup: int, t: int) -> tuple[float, float]:
    """Factor f of the rate, linear to 1; and f² as a share of the sum of all so far, Σ n² / W² over the warm-up."""
    n = t + 1
    if n <= warmup:
        return n / warmup, 6 * n / ((n + 1) * (2 * n + 1))
    warm = (warmup + 1) * (2 * warmup + 1) / (6 * warmup) if warmup else 0.0
    return 1.0, 1 / (warm + n - warmup)


def _horizon(plan: Plan) -> int:
    assert plan.total_steps is not None
    return plan.total_steps
