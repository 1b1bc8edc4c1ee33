"""The families of optimizers that a θ can be of, and how their rules differ (docs/THETA.md)."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

HIDDEN = 32
"""Units of the MLPs' hidden layer."""

BETAS = (0.5, 0.9, 0.99, 0.999, 0.9999)
"""β of each momentum of the MLPs."""

ETAS = (3.0, 10.0, 30.0, 100.0, 300.0, 1e3, 3e3, 1e4, 3e5)
"""η of each time input tanh(τ/η − 1)."""

NORMALIZER_EPSILON = 1e-5
"""Added to a mean square before its root is taken."""

NEWTON_SCHULZ = (3.4445, -4.775, 2.0315)
"""a, b and c of muon's X ← a X + (b A + c A²) X, A = X Xᵀ."""

NEWTON_SCHULZ_STEPS = 5

NORM_FLOOR = 1e-7
"""Added to a matrix's norm before muon divides by it."""

FLAT = "theta"
"""The one tensor of a θ of hyper-parameters."""

G, W = 0, 6
"""Places of the gradient and of w among the seven base vectors; the momenta are in between."""

_RELEASED = 1000.0  # rsqrt(1e-6): the released code divides by the root of second moments that it never updates


@dataclass(frozen=True)
class Mlp:
    """A learned optimizer: an MLP with one hidden layer on inputs of each number of a tensor.

    Args:
        vector_rows: Rows of W1 whose input is (scale × a base vector), normalised: row, base vector, scale.
        constant_rows: Rows whose input is the same number always: row, number. Rows in no list have the input 0.
        first_step_row: First of the rows whose input is the same for all numbers of a step: nine of time, then those of the task.
        task: Whether four inputs of the training follow.
        tensor: Whether eight inputs of the tensor follow.
    """

    vector_rows: tuple[tuple[int, int, float], ...]
    constant_rows: tuple[tuple[int, float], ...] = ()
    first_step_row: int = 7
    task: bool = False
    tensor: bool = False

    @property
    def first_tensor_row(self) -> int:
        return self.first_step_row + len(ETAS) + 4 * self.task

    @property
    def inputs(self) -> int:
        return self.first_tensor_row + 8 * self.tensor

    @property
    def state_vectors(self) -> int:
        return len(BETAS)

    def has_tensors(self, tensors: Mapping[str, NDArray[np.float32]]) -> bool:
        shapes = {"W1": (self.inputs, HIDDEN), "b1": (HIDDEN,), "W2": (HIDDEN, 2), "b2": (2,)}
        return {name: tensor.shape for name, tensor in tensors.items()} == shapes


@dataclass(frozen=True)
class HandDesigned:
    """An update rule whose θ are its hyper-parameters.

    Args:
        rule: ``sgd``, ``momentum``, ``rmsProp``, ``adam``, ``nAdam``, ``scheduleFreeAdam``, ``lion`` or ``muon``.
        hyper_parameters: The rule's own, in the order of θ.
        state: Names of the state vectors.
        reg_decay: Whether regularization and a decaying rate follow (§4.4).
        warmup: Whether decoupled weight decay and a warm-up over a share of the training follow (docs/BASELINES.md).
    """

    rule: str
    hyper_parameters: tuple[str, ...]
    state: tuple[str, ...]
    reg_decay: bool = False
    warmup: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        reg_decay = ("linearDecay", "exponentialDecay", "l1", "l2") if self.reg_decay else ()
        return self.hyper_parameters + reg_decay + (("weightDecay", "warmupShare") if self.warmup else ())

    @property
    def state_vectors(self) -> int:
        return len(self.state)

    def has_tensors(self, tensors: Mapping[str, NDArray[np.float32]]) -> bool:
        return {name: tensor.shape for name, tensor in tensors.items()} == {FLAT: (len(self.names),)}


_PLAIN = tuple((row, row, 1.0) for row in range(7))
_RELEASED_ROWS = (
    (0, G, 1.0),
    *((i, i, _RELEASED) for i in range(1, 6)),
    (6, W, 1.0),
    *((6 + i, i, 1.0) for i in range(1, 6)),
)
_RELEASED_CONSTANT = float(np.float32(_RELEASED) / np.sqrt(np.float32(NORMALIZER_EPSILON) + np.float32(_RELEASED) ** 2))

_ADAM = ("learningRate", "beta1", "beta2", "epsilon")
_MUON = ("learningRate", "momentum", "adamLearningRate", "beta1", "beta2", "epsilon")

FAMILIES: Mapping[str, Mlp | HandDesigned] = {
    "mlp16": Mlp(_PLAIN),
    "mlp20": Mlp(_PLAIN, task=True),
    "mlp28": Mlp(_PLAIN, task=True, tensor=True),
    "mlp31": Mlp(_RELEASED_ROWS, tuple((row, _RELEASED_CONSTANT) for row in range(17, 22)), first_step_row=22),
    "sgd": HandDesigned("sgd", ("learningRate",), ()),
    "momentum": HandDesigned("momentum", ("learningRate", "momentum"), ("v",)),
    "rmsProp": HandDesigned("rmsProp", ("learningRate", "epsilon"), ("v",)),
    "adam": HandDesigned("adam", _ADAM, ("m", "v")),
    "momentumRegDecay": HandDesigned("momentum", ("learningRate", "momentum"), ("v",), reg_decay=True),
    "rmsPropRegDecay": HandDesigned("rmsProp", ("learningRate", "epsilon"), ("v",), reg_decay=True),
    "adamRegDecay": HandDesigned("adam", _ADAM, ("m", "v"), reg_decay=True),
    "adamW": HandDesigned("adam", _ADAM, ("m", "v"), warmup=True),
    "nAdamW": HandDesigned("nAdam", _ADAM, ("m", "v"), warmup=True),
    "scheduleFreeAdamW": HandDesigned("scheduleFreeAdam", _ADAM, ("z-x", "v"), warmup=True),
    "lion": HandDesigned("lion", ("learningRate", "beta1", "beta2"), ("m",), warmup=True),
    "muon": HandDesigned("muon", _MUON, ("m", "v"), warmup=True),
}
"""By the word that a file's metadata have for it."""
