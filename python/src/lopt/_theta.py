"""θ in memory, and its files."""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lopt import _safetensors
from lopt._constants import UpdateConstants
from lopt._errors import ThetaError
from lopt._families import FAMILIES, FLAT, HandDesigned, Mlp
from lopt._safetensors import damaged

_FORMAT_VERSION = "1"
_DEFAULTS = {"stepDecay": "none", "timeInputs": "steps", "momentumInputs": True, "nesterov": False}


@dataclass(frozen=True, eq=False)
class Theta:
    """A trained θ with all that its use depends on. Immutable; :func:`lopt.load` and :func:`lopt.pull` make it."""

    optimizer: str
    """Family: ``mlp16``, ``mlp20``, ``mlp28``, ``mlp31``, or a hand-designed one such as ``adam``."""

    tensors: Mapping[str, NDArray[np.float32]]
    """By name, read-only: W1 [inputs, 32], b1 [32], W2 [32, 2], b2 [2]; or ``theta``, the hyper-parameters in the form of θ."""

    constants: UpdateConstants
    """What its update depends on beside θ."""

    sha256: str
    """Of the float32 data, as hexadecimal text."""

    version: int | None
    """Outer-updates that made it; None if the file does not say."""

    run_id: str
    """The run that it comes from; empty if the file does not say."""

    card: Mapping[str, Any] | None
    """The card: what θ was trained for (``specification``, ``objective``), and vectors to check a port with. None: it has none."""

    _file: bytes = field(repr=False)
    _card_text: str | None = field(repr=False)

    @property
    def family(self) -> Mlp | HandDesigned:
        """How its rule differs from the others."""
        return FAMILIES[self.optimizer]

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes θ and, if it has one, its card beside it, bit for bit as they came."""
        Path(path).write_bytes(self._file)
        if self._card_text is not None:
            card_path(path).write_text(self._card_text, encoding="utf-8")

    def __repr__(self) -> str:
        version = "" if self.version is None else f" version {self.version} of run {self.run_id}"
        return f"<Theta {self.optimizer}{version}, sha256 {self.sha256[:8]}…>"


def card_path(path: str | os.PathLike[str]) -> Path:
    """Path of the card beside a file of θ: ``theta.safetensors`` → ``theta.card.json``."""
    return Path(path).with_suffix(".card.json")


def load(path: str | os.PathLike[str]) -> Theta:
    """Reads a ``theta.safetensors``, with the card beside it if there is one.

    Args:
        path: The file. ``lopt train``, ``lopt pull`` and :meth:`Theta.save` write it.

    Raises:
        ThetaError: It is not there, damaged or no θ; neither it nor a card says what its update depends on; or the card is damaged
            or that of another θ.
    """
    try:
        data = Path(path).read_bytes()
    except OSError as e:
        raise ThetaError(
            f"'{path}' cannot be read: {e.strerror or e}. Give a theta.safetensors that 'lopt train' or 'lopt pull' wrote."
        ) from None
    card = card_path(path)
    try:
        text = card.read_text(encoding="utf-8") if card.exists() else None
    except (OSError, UnicodeDecodeError) as e:
        raise damaged(f"'{card}'", str(e)) from None
    return parse(data, text, f"'{path}'", f"'{card}'")


def parse(data: bytes, card_text: str | None, name: str, card_name: str) -> Theta:
    """Reads both files from memory. ``name`` and ``card_name`` are what to call them in errors."""
    tensors, metadata = _safetensors.parse(data, name)
    has_metadata = metadata.get("format") == "lopt-theta"
    card = None if card_text is None else _card(card_text, card_name)
    optimizer = _stated_family(metadata, tensors, name) if has_metadata else _family_of(tensors, card, name, card_name)
    for tensor, values in tensors.items():
        if values.dtype != np.float32:
            raise damaged(name, f"tensor {tensor} is {values.dtype}, not float32")
        if not np.isfinite(values).all():
            raise damaged(name, f"tensor {tensor} has numbers that are not finite")

    names = ("W1", "b1", "W2", "b2") if isinstance(FAMILIES[optimizer], Mlp) else (FLAT,)
    sha256 = hashlib.sha256(b"".join(tensors[n].tobytes() for n in names)).hexdigest()
    if has_metadata and metadata.get("sha256") != sha256:
        raise damaged(name, "its SHA-256 does not match its values; copy it again")
    if card is not None and card["sha256"] != sha256:
        raise ThetaError(
            f"The card {card_name} is that of another θ: its sha256 is {card['sha256'][:64]}, not {sha256}. "
            "Put the θ's own card beside it, or none."
        )
    return Theta(
        optimizer=optimizer,
        tensors=tensors,
        constants=_constants(metadata, card, name, card_name),
        sha256=sha256,
        version=int(metadata["theta_version"]) if metadata.get("theta_version", "").isdigit() else None,
        run_id=metadata.get("run_id", ""),
        card=card,
        _file=data,
        _card_text=card_text,
    )


def _stated_family(metadata: Mapping[str, str], tensors: Mapping[str, NDArray[np.float32]], name: str) -> str:
    if metadata.get("format_version") != _FORMAT_VERSION:
        raise damaged(
            name, f"its format version is '{metadata.get('format_version', '')}', this lopt reads '{_FORMAT_VERSION}'"
        )
    optimizer = metadata.get("optimizer", "")
    if optimizer not in FAMILIES:
        raise damaged(name, f"its optimizer is '{optimizer}'; this package has {', '.join(FAMILIES)}")
    if not FAMILIES[optimizer].has_tensors(tensors):
        raise damaged(name, f"its tensors are not those of '{optimizer}'")
    return optimizer


def _family_of(
    tensors: Mapping[str, NDArray[np.float32]], card: Mapping[str, Any] | None, name: str, card_name: str
) -> str:
    """A file that another library has saved anew, without the metadata, is known by its tensors; if these can be those of several
    optimizers, by its card."""
    fitting = [optimizer for optimizer, family in FAMILIES.items() if family.has_tensors(tensors)]
    if not fitting:
        raise damaged(
            name, "its metadata do not say format lopt-theta, and no optimizer has tensors like its own; it is not a θ of lopt"
        )
    if card is None:
        return fitting[0]  # refused below, for want of the constants
    optimizer = card.get("optimizer")
    stated = optimizer.get("family") if isinstance(optimizer, dict) else None
    if stated not in fitting:
        raise damaged(card_name, f"its optimizer is '{stated}'; the tensors of {name} are those of {' or '.join(fitting)}")
    return str(stated)


def _card(text: str, card_name: str) -> Mapping[str, Any]:
    try:
        card = json.loads(text)
    except ValueError as e:
        raise damaged(card_name, f"it is no JSON: {e}") from None
    if not isinstance(card, dict) or not isinstance(card.get("sha256"), str):
        raise damaged(card_name, "it has no 'sha256': it is no card of a θ")
    return card


def _constants(
    metadata: Mapping[str, str], card: Mapping[str, Any] | None, name: str, card_name: str
) -> UpdateConstants:
    values: Mapping[str, Any]
    if "update.stepScale" in metadata:
        where, values, prefix = name, metadata, "update."
    elif card is not None:
        update = card["optimizer"].get("update") if isinstance(card.get("optimizer"), dict) else None
        if not isinstance(update, dict):  # a card of an earlier release, whose specification has what differs from the defaults
            specification = card.get("specification")
            update = {**_DEFAULTS, **(specification if isinstance(specification, dict) else {})}
            update["horizonInnerSteps"] = card.get("horizonInnerSteps")
        where, values, prefix = card_name, update, ""
    else:
        raise ThetaError(
            f"{name} does not say what its update depends on (stepScale, exponentScale, …), and has no card that does. "
            f"Put its card beside it, as {card_name}."
        )
    try:
        return UpdateConstants.read(values, prefix)
    except ThetaError as e:
        raise damaged(where, str(e)) from None
