"""Use learned optimizers that LoptCluster has outer-trained (Metz et al. 2019, arXiv:1810.10180).

- :func:`load` reads a ``theta.safetensors``; :func:`pull` and :func:`watch` take θ from a coordinator.
- :class:`lopt.torch.LearnedOptimizer` is a :class:`torch.optim.Optimizer`.
- :func:`lopt.numpy.update` is the plain rule.

docs/THETA.md of the repository describes the files and the rule.
"""

from importlib import import_module
from types import ModuleType

from lopt._client import Watch, pull, watch
from lopt._constants import UpdateConstants
from lopt._errors import CoordinatorError, LoptError, MissingExtraError, PlanError, ThetaError
from lopt._theta import Theta, load
from lopt._version import __version__

__all__ = [
    "CoordinatorError",
    "LoptError",
    "MissingExtraError",
    "PlanError",
    "Theta",
    "ThetaError",
    "UpdateConstants",
    "Watch",
    "__version__",
    "load",
    "pull",
    "watch",
]


def __getattr__(name: str) -> ModuleType:
    """``lopt.torch`` and ``lopt.numpy`` without an import of their own, loaded when they are first used."""
    if name in ("numpy", "torch"):
        return import_module(f"lopt.{name}")
    raise AttributeError(f"module 'lopt' has no attribute '{name}'")
