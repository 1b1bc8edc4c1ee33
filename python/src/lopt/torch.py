"""θ as an optimizer of torch: :class:`LearnedOptimizer`."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from typing import Any

from lopt._errors import MissingExtraError, ThetaError
from lopt._families import HandDesigned
from lopt._plan import Plan, hyper_parameters
from lopt._theta import Theta, load

try:
    import torch
    from torch import Tensor
except ImportError as e:
    if e.name != "torch":
        raise
    raise MissingExtraError("lopt.torch", "torch", "torch") from None

from lopt._bundle import STATE, Bundle  # noqa: E402, after what says that torch is missing

__all__ = ["LearnedOptimizer"]


class LearnedOptimizer(torch.optim.Optimizer):
    """Optimizer of torch with a trained θ.

    There is no learning rate to tune: ``lr`` is a factor on every step, 1 as trained, which LR schedulers may change. Each parameter
    group counts its own steps (time is an input of the MLP). A parameter without a gradient keeps its state. The state is float32
    whatever the parameters are: five momenta for each number of an MLP's. Parameters of any device; real floating-point types;
    dense gradients.

    With a ``scheduleFreeAdamW``, evaluate and save the network within :meth:`evaluation_point`. With a ``muon``, give the parameters
    from the network's input to its output: hidden weights are those of two axes or more, without the first and the last of these.

    θ is trained for certain problems and a certain number of steps, which its card names. Not thread-safe.

    Args:
        params: Parameters, named parameters' values, or dicts of parameter groups, which may have any of the options below.
        theta: From :func:`lopt.load` or :func:`lopt.pull`; or the path of a ``theta.safetensors``.
        lr: Factor on every step, at least 0. Of a ``scheduleFreeAdamW``, on the rate: the average goes on with 0 too.
        weight_decay: Share of each weight that a step takes off beside θ's own step (decoupled): w ← (1 − lr · weight_decay) w − step.
        maximize: Take gradients with the opposite sign.
        total_steps: T, the number of steps of the whole training. Needed where θ depends on it: steps that shrink to zero at its end,
            time as a share of it, inputs of the task, a warm-up. Later steps are as the last.
        examples: N, the number of examples of the training set; 0: not known. Needed for ``mlp20`` and ``mlp28``.
        minibatch_size: B, the number of examples of a step. Needed for ``mlp20`` and ``mlp28``.
        hidden: For ``muon``, of a parameter group: True: its tensors of two axes or more are hidden weights; False: it has none; None:
            by their place among all groups that do not say.

    Raises:
        PlanError: θ depends on a number of the training that is not given.
        ValueError: An option or a parameter cannot be used.
    """

    def __init__(
        self,
        params: Iterable[Any],
        theta: Theta | str | os.PathLike[str],
        *,
        lr: float = 1.0,
        weight_decay: float = 0.0,
        maximize: bool = False,
        total_steps: int | None = None,
        examples: int | None = None,
        minibatch_size: int | None = None,
        hidden: bool | None = None,
    ) -> None:
        self.theta: Theta = theta if isinstance(theta, Theta) else load(theta)
        self._bundles: dict[tuple[int, torch.device], Bundle] = {}
        self._evaluating = False
        defaults = {
            "lr": lr,
            "weight_decay": weight_decay,
            "maximize": maximize,
            "total_steps": total_steps,
            "examples": examples,
            "minibatch_size": minibatch_size,
            "hidden": hidden,
            "step": 0,
            "theta": self.theta.sha256,
        }
        super().__init__(params, defaults)

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Adds a group, which counts its steps from 0.

        Raises:
            PlanError, ValueError: As the constructor; then the group is not added.
        """
        group = {**self.defaults, **param_group}
        for name in ("lr", "weight_decay"):
            if not float(group[name]) >= 0:
                raise ValueError(f"{name} '{group[name]}' must be a number of at least 0.")
        if group["hidden"] not in (None, True, False):
            raise ValueError(f"hidden '{group['hidden']}' must be True, False or None.")
        _plan(group).check(self.theta)
        params = param_group["params"]
        param_group = {**param_group, "params": [params] if isinstance(params, Tensor) else list(params)}
        for i, item in enumerate(param_group["params"]):
            p = item[1] if isinstance(item, tuple) else item
            if isinstance(p, Tensor) and (not p.is_floating_point() or p.numel() == 0):
                raise ValueError(
                    f"Parameter {i} (shape {list(p.shape)}, {p.dtype}) must be of a real floating-point type and have at least one number."
                )
        super().add_param_group(param_group)

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Makes one step.

        Args:
            closure: Computes the loss and the gradients anew; optional.

        Returns:
            What the closure returned; None without one.
        """
        self._check_training("step")
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        hidden = self._hidden()
        for index, group in enumerate(self.param_groups):
            by_device: dict[torch.device, list[Tensor]] = {}
            for p in group["params"]:
                if p.grad is None:
                    continue
                if p.grad.is_sparse:
                    raise ValueError(
                        f"A parameter of shape {list(p.shape)} has a sparse gradient; the rule normalises whole tensors. "
                        "Use dense ones, such as those of Embedding(sparse=False)."
                    )
                by_device.setdefault(p.device, []).append(p)
            for device, params in by_device.items():
                self._bundle(index, device, params, hidden).update(_plan(group), group)
            group["step"] += 1
        return loss

    @contextmanager
    @torch.no_grad()
    def evaluation_point(self) -> Iterator[None]:
        """Within it, the parameters are those with which the network is to be used; after it, they are again those of the training.

        Only a ``scheduleFreeAdamW`` tells them apart: it averages. A checkpoint to go on from is to be made outside.

        Raises:
            RuntimeError: It is entered within itself, or a step is made within it.
        """
        if not isinstance(self.theta.family, HandDesigned) or self.theta.family.rule != "scheduleFreeAdam":
            yield
            return
        self._check_training("evaluation_point")
        share = hyper_parameters(self.theta)["oneMinusBeta1"]
        moved = [p for group in self.param_groups for p in group["params"] if STATE in self.state.get(p, {})]
        kept = [p.clone() for p in moved]
        for p in moved:
            p.copy_(p - share * self.state[p][STATE][0])
        self._evaluating = True
        try:
            yield
        finally:
            self._evaluating = False
            for p, w in zip(moved, kept):
                p.copy_(w)

    def state_dict(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """As that of any optimizer; training goes on from it bit for bit, with the same θ."""
        state = super().state_dict(*args, **kwargs)
        # Copies: the optimizer's own are parts of one large tensor, all of which torch.save would write for each.
        state["state"] = {
            key: {k: v.clone(memory_format=torch.contiguous_format) if isinstance(v, Tensor) else v for k, v in value.items()}
            for key, value in state["state"].items()
        }
        return state

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Goes on from a :meth:`state_dict`.

        Raises:
            ThetaError: It is that of another θ or optimizer.
            ValueError: It is that of other parameters.
        """
        for group in state_dict["param_groups"]:
            if group.get("theta") != self.theta.sha256:
                found = f"θ with sha256 {group['theta'][:8]}…" if "theta" in group else "another optimizer"
                raise ThetaError(f"The state is that of {found}, not of {self.theta!r}. Load the state of an optimizer with this θ.")
        keys = list(chain.from_iterable(group["params"] for group in state_dict["param_groups"]))
        params = list(chain.from_iterable(group["params"] for group in self.param_groups))
        for key, p in zip(keys, params):
            shape = (self.theta.family.state_vectors, *p.shape)
            if key in state_dict["state"] and state_dict["state"][key][STATE].shape != shape:
                actual = list(state_dict["state"][key][STATE].shape)
                raise ValueError(f"The state of parameter {key} has shape {actual}, not {list(shape)}: it is that of other parameters.")
        super().load_state_dict(dict(state_dict))
        self._bundles.clear()
        # torch would give it the parameters' type, which may be half precision.
        for key, p in zip(keys, params):
            if key in state_dict["state"]:
                state = state_dict["state"][key][STATE]
                self.state[p][STATE] = state.detach().to(p.device, torch.float32, copy=True)

    def __getstate__(self) -> dict[str, Any]:
        return {**super().__getstate__(), "theta": self.theta}

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        for group in self.param_groups:
            group.setdefault("hidden", None)
        self._bundles = {}
        self._evaluating = False

    def _check_training(self, what: str) -> None:
        if self._evaluating:
            raise RuntimeError(f"{what}() was called within evaluation_point(). Leave it first: then the parameters are those of training.")

    def _hidden(self) -> frozenset[int]:
        """Identities of the hidden weights of a muon."""
        if not isinstance(self.theta.family, HandDesigned) or self.theta.family.rule != "muon":
            return frozenset()
        weights: dict[bool | None, list[Tensor]] = {True: [], False: [], None: []}
        for group in self.param_groups:
            weights[group["hidden"]] += [p for p in group["params"] if p.dim() >= 2]
        return frozenset(map(id, weights[True] + weights[None][1:-1]))

    def _bundle(self, index: int, device: torch.device, params: list[Tensor], hidden: frozenset[int]) -> "Bundle":
        """Tensors that are updated together: the same as before, unless others have gradients now."""
        found = self._bundles.get((index, device))
        if (
            found is None
            or found.hidden != hidden
            or len(found.params) != len(params)
            or any(a is not b for a, b in zip(found.params, params))
        ):
            found = self._bundles[index, device] = Bundle(self.theta, params, device, hidden)
            found.adopt(self.state)
        return found


def _plan(group: Mapping[str, Any]) -> Plan:
    return Plan(group["total_steps"], group["examples"], group["minibatch_size"])
