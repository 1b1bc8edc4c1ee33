"""The step of torch tensors, many side by side."""

from collections.abc import Mapping, Set
from typing import Any

import torch
from torch import Tensor

from lopt._families import BETAS, NORMALIZER_EPSILON, Mlp
from lopt._hand_designed import HandDesignedRule
from lopt._plan import Plan, step_inputs, step_scale
from lopt._theta import Theta

STATE = "state"
"""Key of a parameter's state: [state vectors, *shape]."""


def _most(device: torch.device) -> int:
    """How many numbers' hidden units are computed at once: on a CPU they stay in the cache of a core; on a GPU they are 32 MB."""
    return 1 << 13 if device.type == "cpu" else 1 << 18


class Bundle:
    """Tensors of one group and device, side by side in one matrix: what is computed number by number is computed for all at once.

    Args:
        theta: θ.
        params: The tensors, n in number, P numbers together.
        device: Where they are.
        hidden: Identities of those that are hidden weights of a ``muon``.
    """

    def __init__(self, theta: Theta, params: list[Tensor], device: torch.device, hidden: Set[int]) -> None:
        self.params = params
        self.hidden = hidden
        # Small tensors first, side by side: they are computed together. Hidden weights last.
        self._sorted = sorted(params, key=lambda p: (id(p) in hidden, p.numel() > _most(device) // 4))
        self._sizes = [p.numel() for p in self._sorted]
        self._all_float = all(p.dtype == torch.float32 for p in params)
        states = theta.family.state_vectors
        # Rows [g, state …, w], which are the base vectors of an MLP in their order; P columns.
        self._vectors = torch.zeros(states + 2, sum(self._sizes), device=device)
        self._rule: _MlpRule | HandDesignedRule = (
            _MlpRule(theta, theta.family, self._sizes, device)
            if isinstance(theta.family, Mlp)
            else HandDesignedRule(theta, theta.family, [p.shape for p in self._sorted if id(p) in hidden])
        )

    def adopt(self, state: Mapping[Tensor, dict[str, Any]]) -> None:
        """Takes over the state of its parameters, and keeps it from now on."""
        for p, part in zip(self._sorted, self._vectors[1:-1].split(self._sizes, dim=1)):
            own = part.view(len(part), *p.shape)
            if STATE in state[p]:
                own.copy_(state[p][STATE])
            state[p][STATE] = own

    def update(self, plan: Plan, group: Mapping[str, Any]) -> None:
        """Makes step t of a group, in place."""
        lr = float(group["lr"])
        self._gather(0, [p.grad for p in self._sorted])
        self._gather(-1, self._sorted)
        if group["maximize"]:
            self._vectors[0].neg_()
        step = self._rule.step(plan, group["step"], lr, self._vectors)
        keep = 1 - lr * group["weight_decay"]
        if not self._all_float:
            # Rounded once, however low the precision of the parameter is.
            step = torch.sub(self._vectors[-1] * keep, step)
        steps = [part.view(p.shape) for p, part in zip(self._sorted, step.split(self._sizes))]
        if not self._all_float:
            for p, new in zip(self._sorted, steps):
                p.copy_(new)
            return
        if keep != 1:
            torch._foreach_mul_(self._sorted, keep)
        torch._foreach_sub_(self._sorted, steps)

    def _gather(self, row: int, tensors: list[Any]) -> None:
        if all(t.dtype == torch.float32 for t in tensors):
            torch.cat([t.reshape(-1) for t in tensors], out=self._vectors[row])
            return
        for t, part in zip(tensors, self._vectors[row].split(self._sizes)):
            part.view(t.shape).copy_(t)


class _MlpRule:
    """Steps of an MLP, for n tensors side by side.

    A large tensor is computed with weights that its normalisation is multiplied into; small ones, many together, with inputs that it
    is multiplied into. The hidden units of a chunk of numbers are [32, numbers].
    """

    def __init__(self, theta: Theta, mlp: Mlp, sizes: list[int], device: torch.device) -> None:
        self._theta, self._mlp, self._sizes = theta, mlp, sizes
        w1, b1, w2, b2 = (torch.tensor(theta.tensors[name], device=device) for name in ("W1", "b1", "W2", "b2"))
        used = [r for r in mlp.vector_rows if theta.constants.momentum_inputs or r[1] in (0, 6)]
        self._vector = torch.tensor([vector for _, vector, _ in used], device=device)
        self._scale = torch.tensor([scale for _, _, scale in used], device=device)
        self._is_plain = [vector for _, vector, _ in used] == list(range(7))  # a row for each base vector, in their order
        self._rows = w1[[row for row, _, _ in used]]  # [R, 32]
        self._bias = b1 + sum(value * w1[row] for row, value in mlp.constant_rows)
        self._w1 = w1
        self._w2, self._b2 = w2.t().contiguous(), b2[:, None]
        beta = torch.tensor(BETAS, dtype=torch.float64, device=device)[:, None]
        self._keep, self._take = beta.float(), (1 - beta).float()
        self._counts = torch.tensor(sizes, dtype=torch.float32, device=device)
        self._log_counts = (0.25 * torch.tensor(sizes, dtype=torch.float64, device=device).log10() - 0.5).float()
        self._chunks = _chunks(sizes, _most(device), device)
        longest = max(stop - start for start, stop, _ in self._chunks)
        self._hidden = torch.empty(len(b1), longest, device=device)
        self._o = torch.empty(2, sum(sizes), device=device)

    def step(self, plan: Plan, t: int, lr: float, vectors: Tensor) -> Tensor:
        """What is to be subtracted: [P], valid until the next step. Moves the momenta on."""
        theta, mlp = self._theta, self._mlp
        vectors[1:-1].mul_(self._keep).addcmul_(self._take, vectors[:1])
        norms = torch.stack([torch.linalg.vector_norm(part, dim=1) for part in vectors.split(self._sizes, dim=1)])
        mean_squares = norms.square_().div_(self._counts[:, None])  # [n, 7]
        steps = torch.from_numpy(step_inputs(theta, plan, t)).to(vectors.device)
        bias = self._bias + steps @ self._w1[mlp.first_step_row : mlp.first_step_row + len(steps)]
        biases = bias[:, None].expand(-1, len(self._sizes))  # [32, n]
        if mlp.tensor:
            sizes = torch.cat([0.25 * torch.log10(1e-10 + mean_squares) + 0.5, self._log_counts[:, None]], 1)
            biases = (bias + sizes @ self._w1[mlp.first_tensor_row :]).t()
        # Factors of the inputs [n, R], and the weights with them [n, 32, 7].
        factors = self._scale / (NORMALIZER_EPSILON + self._scale.square() * mean_squares[:, self._vector]).sqrt_()
        weights = factors[:, :, None] * self._rows
        if not self._is_plain:
            none = torch.zeros(len(factors), len(vectors), self._rows.shape[1], device=vectors.device)
            weights = none.index_add_(1, self._vector, weights)
        weights = weights.transpose(1, 2)
        for start, stop, owner in self._chunks:
            hidden = self._hidden[:, : stop - start]
            if isinstance(owner, int):
                torch.addmm(biases[:, owner, None], weights[owner], vectors[:, start:stop], out=hidden)
            else:
                inputs = vectors[self._vector, start:stop] * factors.t()[:, owner]
                torch.addmm(biases[:, owner] if mlp.tensor else bias[:, None], self._rows.t(), inputs, out=hidden)
            torch.addmm(self._b2, self._w2, hidden.relu_(), out=self._o[:, start:stop])
        direction, magnitude = self._o
        magnitude.mul_(theta.constants.exponent_scale).exp_()
        return direction.mul_(magnitude).mul_(lr * step_scale(theta, plan, t))


def _chunks(sizes: list[int], most: int, device: torch.device) -> list[tuple[int, int, int | Tensor]]:
    """Parts of the P numbers to compute at once: start, stop, and their tensor; or, of several small ones, that of each number."""
    chunks: list[tuple[int, int, int | Tensor]] = []
    small: list[int] = []
    offset = 0

    def end_small() -> None:
        if not small:
            return
        length = sum(sizes[i] for i in small)
        owners = torch.tensor(small, device=device)
        owner = small[0] if len(small) == 1 else owners.repeat_interleave(torch.tensor([sizes[i] for i in small], device=device))
        chunks.append((offset - length, offset, owner))
        small.clear()

    for i, size in enumerate(sizes):
        if size > most // 4 or sum(sizes[k] for k in small) + size > most:
            end_small()
        if size > most // 4:
            chunks += [(offset + a, offset + min(a + most, size), i) for a in range(0, size, most)]
        else:
            small.append(i)
        offset += size
    end_small()
    return chunks
