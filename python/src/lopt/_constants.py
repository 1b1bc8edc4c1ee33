"""What an update depends on beside θ: a θ is of no use with others (docs/THETA.md, ``update.*``)."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from lopt._errors import ThetaError

T = TypeVar("T")


@dataclass(frozen=True)
class UpdateConstants:
    """Constants of the run that trained a θ."""

    step_scale: float
    """λ_lin (App. D.1): scale of a step's direction. MLPs only."""

    step_decay: str
    """``none``, or ``linear``: steps shrink to zero at the end of training. MLPs only."""

    exponent_scale: float
    """λ_exp (App. D.1): scale of a step's log-magnitude. MLPs only."""

    time_inputs: str
    """What the time inputs count: ``steps``, ``horizon`` (the share of the training that is done) or ``none``. MLPs only."""

    momentum_inputs: bool
    """Whether the momenta are inputs, or zeros in their place. MLPs only."""

    nesterov: bool
    """Whether momentum is Nesterov's. Hand-designed optimizers with momentum only."""

    horizon_inner_steps: int
    """The longest training, in steps, that θ was trained on."""

    @staticmethod
    def read(values: Mapping[str, Any], prefix: str = "") -> "UpdateConstants":
        """Reads the constants by name, as text (metadata, ``optimizer.update`` of a card) or as JSON (a specification).

        Raises:
            ThetaError: One is missing, or has a value that it cannot have; the message names it, and is the end of a sentence.
        """

        def get(name: str, allowed: str, parse: Callable[[str], T | None]) -> T:
            value = values.get(prefix + name)
            if value is None:
                raise ThetaError(f"it does not say '{name}'")
            text = str(value).lower() if isinstance(value, bool) else str(value)
            try:
                parsed = parse(text)
            except ValueError:
                parsed = None
            if parsed is None:
                raise ThetaError(f"its '{name}' is '{text}', not {allowed}")
            return parsed

        def positive(text: str) -> float | None:
            value = float(text)
            return value if 0 < value < math.inf else None

        def whole(text: str) -> int | None:
            return int(text) if text.isascii() and text.isdigit() and int(text) > 0 else None

        def one_of(*words: str) -> Callable[[str], str | None]:
            return lambda text: text if text in words else None

        flag = {"true": True, "false": False}.get
        return UpdateConstants(
            step_scale=get("stepScale", "a number above 0", positive),
            step_decay=get("stepDecay", "none or linear", one_of("none", "linear")),
            exponent_scale=get("exponentScale", "a number above 0", positive),
            time_inputs=get("timeInputs", "steps, horizon or none", one_of("steps", "horizon", "none")),
            momentum_inputs=get("momentumInputs", "true or false", flag),
            nesterov=get("nesterov", "true or false", flag),
            horizon_inner_steps=get("horizonInnerSteps", "a whole number above 0", whole),
        )
