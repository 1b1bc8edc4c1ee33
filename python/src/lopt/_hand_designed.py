"""The steps of hand-designed rules, of torch tensors side by side."""

import math
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from lopt._families import NEWTON_SCHULZ, NEWTON_SCHULZ_STEPS, NORM_FLOOR, HandDesigned
from lopt._plan import Plan, step_hyper_parameters
from lopt._theta import Theta


class HandDesignedRule:
    """Steps of a hand-designed rule: number by number, but for the hidden weights of a ``muon``.

    Args:
        theta: θ.
        family: That of θ.
        hidden: Shapes of the hidden weights, outputs first; they are the last tensors, in this order.
    """

    def __init__(self, theta: Theta, family: HandDesigned, hidden: Sequence[torch.Size]) -> None:
        self._theta, self._family, self._hidden = theta, family, hidden

    def step(self, plan: Plan, t: int, lr: float, vectors: Tensor) -> Tensor:
        """What is to be subtracted: [P], given rows [g, state …, w]. Moves the state on."""
        h = step_hyper_parameters(self._theta, plan, t)
        if self._family.rule != "muon":
            return self._plain(h, t, lr * h["learningRate"], vectors)
        others = vectors.shape[1] - sum(shape.numel() for shape in self._hidden)
        step = torch.empty_like(vectors[0])
        step[:others] = self._plain(h, t, lr * h["adamLearningRate"], vectors[:, :others])
        step[others:] = self._orthogonal(h, lr * h["learningRate"], vectors[:, others:])
        return step

    def _plain(self, h: Mapping[str, float], t: int, rate: float, vectors: Tensor) -> Tensor:
        g, w = vectors[0], vectors[-1]
        rule = self._family.rule
        if self._family.reg_decay:
            g = g + h["l1"] * w.sign() + h["l2"] * w
        if rule == "sgd":
            return rate * g
        if rule == "momentum":
            mu = 1 - h["oneMinusMomentum"]
            v = vectors[1].mul_(mu).add_(g)
            return rate * (g.add(v, alpha=mu) if self._theta.constants.nesterov else v)
        if rule == "rmsProp":
            v = vectors[1].mul_(0.9).addcmul_(g, g, value=0.1)
            return rate * g / (v + h["epsilon"]).sqrt_()
        a, b = h["oneMinusBeta1"], h["oneMinusBeta2"]
        if rule == "lion":
            sign = vectors[1].mul(1 - a).add_(g, alpha=a).sign_()
            vectors[1].mul_(1 - b).add_(g, alpha=b)
            return sign.add_(w, alpha=h["weightDecay"]).mul_(rate)
        second = vectors[2].mul_(1 - b).addcmul_(g, g, value=b)
        root = (second / (1 - (1 - b) ** (t + 1))).sqrt_().add_(h["epsilon"])
        if rule == "scheduleFreeAdam":
            c, s = h["average"], vectors[1]
            u = (g / root).add_(w, alpha=h["weightDecay"]).mul_(rate)
            step = u * (1 - (1 - a) * (1 - c)) - s * (c * (1 - a))
            s.sub_(u).mul_(1 - c)
            return step
        first = vectors[1].mul_(1 - a).add_(g, alpha=a)
        if rule == "nAdam":
            first = first.mul(1 - a).add_(g, alpha=a)
        step = rate / (1 - (1 - a) ** (t + 1)) * first / root
        return step.add_(w, alpha=rate * h["weightDecay"]) if self._family.warmup else step

    def _orthogonal(self, h: Mapping[str, float], rate: float, vectors: Tensor) -> Tensor:
        """Muon's step of the hidden weights: the momentum of each made nearly orthogonal, as a matrix [outputs, inputs]."""
        a = h["oneMinusMomentum"]
        first = vectors[1].mul_(1 - a).add_(vectors[0], alpha=a)
        updates = first.mul(1 - a).add_(vectors[0], alpha=a).split([shape.numel() for shape in self._hidden])
        steps = []
        for shape, update in zip(self._hidden, updates):
            matrix = update.view(shape[0], -1)
            scale = math.sqrt(max(1.0, matrix.shape[0] / matrix.shape[1]))
            steps.append(newton_schulz(matrix).mul(rate * scale).reshape(-1))
        step = torch.cat(steps) if steps else torch.empty_like(first)
        return step.add_(vectors[-1], alpha=rate * h["weightDecay"])


def newton_schulz(matrix: Tensor) -> Tensor:
    """Newton and Schulz's iteration (Jordan et al. 2024): singular values go to between about 0.7 and 1.2. [rows, columns]."""
    if matrix.shape[0] > matrix.shape[1]:  # the same on the shorter side
        return newton_schulz(matrix.t()).t()
    a, b, c = NEWTON_SCHULZ
    x = matrix / (torch.linalg.vector_norm(matrix) + NORM_FLOOR)
    for _ in range(NEWTON_SCHULZ_STEPS):
        gram = x @ x.t()
        x = torch.addmm(x, torch.addmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
    return x
