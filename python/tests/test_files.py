"""Files: what is refused, and in which words."""

import json
from pathlib import Path

import numpy as np
import pytest
from conftest import THETAS

import lopt

THETA = THETAS[0]


def rewritten(path: Path, change) -> Path:
    """A file of θ with another header, and no card."""
    data = THETA.read_bytes()
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    change(header)
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + data[8 + length :])
    return path


def without_metadata(header) -> None:
    del header["__metadata__"]


def test_all_that_the_file_and_the_card_say() -> None:
    theta = lopt.load(THETA)
    assert theta.optimizer == "mlp16"
    assert theta.tensors["W1"].shape == (16, 32)
    assert not theta.tensors["W1"].flags.writeable
    assert theta.constants == lopt.UpdateConstants(0.01, "linear", 0.01, "steps", True, False, 1000)
    assert theta.card is not None and theta.card["sha256"] == theta.sha256


def test_saved_files_are_the_same(tmp_path: Path) -> None:
    lopt.load(THETA).save(tmp_path / "copy.safetensors")
    assert (tmp_path / "copy.safetensors").read_bytes() == THETA.read_bytes()
    assert (tmp_path / "copy.card.json").read_bytes() == THETA.with_suffix(".card.json").read_bytes()


def test_without_metadata_the_card_says_the_constants(tmp_path: Path) -> None:
    path = rewritten(tmp_path / "anew.safetensors", without_metadata)
    with pytest.raises(lopt.ThetaError, match=r"does not say what its update depends on.*anew\.card\.json"):
        lopt.load(path)
    card = json.loads(THETA.with_suffix(".card.json").read_text())
    (tmp_path / "anew.card.json").write_text(json.dumps(card))
    assert lopt.load(path).constants == lopt.load(THETA).constants
    assert lopt.load(path).version is None

    # That of an earlier release has them in its specification alone.
    del card["optimizer"]["update"]
    (tmp_path / "anew.card.json").write_text(json.dumps(card))
    assert lopt.load(path).constants == lopt.load(THETA).constants


def test_without_metadata_the_card_tells_optimizers_of_the_same_tensors_apart(tmp_path: Path, families: str) -> None:
    pytest.importorskip("grpc")
    theta = lopt.pull(families, version=0, run="rmsProp")
    theta.save(tmp_path / "anew.safetensors")
    values = theta.tensors["theta"].tobytes()
    header = json.dumps({"theta": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}).encode()
    (tmp_path / "anew.safetensors").write_bytes(len(header).to_bytes(8, "little") + header + values)
    assert lopt.load(tmp_path / "anew.safetensors").optimizer == "rmsProp"


def test_without_a_card_the_file_is_enough(tmp_path: Path) -> None:
    theta = lopt.load(rewritten(tmp_path / "alone.safetensors", lambda header: None))
    assert theta.card is None
    assert theta.constants == lopt.load(THETA).constants


def test_the_card_of_another_theta_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "theta.safetensors"
    path.write_bytes(THETA.read_bytes())
    (tmp_path / "theta.card.json").write_bytes(THETAS[1].with_suffix(".card.json").read_bytes())
    with pytest.raises(lopt.ThetaError, match="that of another θ"):
        lopt.load(path)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "0 bytes"),
        (b"PK\x03\x04" + bytes(100), "truncated or no safetensors file"),
        (b"\x02\0\0\0\0\0\0\0[]", "no JSON object"),
        (THETA.read_bytes()[:-4], "truncated"),
        (THETA.read_bytes()[:-4] + b"\0\0\0\x3f", "SHA-256"),
    ],
)
def test_damaged_files_are_refused(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "theta.safetensors"
    path.write_bytes(data)
    with pytest.raises(lopt.ThetaError, match=words) as error:
        lopt.load(path)
    assert str(path) in str(error.value)


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("optimizer", "mlp99", "optimizer is 'mlp99'; this package has mlp16"),
        ("optimizer", "muon", "not those of 'muon'"),
        ("optimizer", "mlp20", "not those of 'mlp20'"),
        ("format_version", "2", "format version is '2'"),
        ("update.stepScale", "-1", "'stepScale' is '-1', not a number above 0"),
        ("update.timeInputs", "days", "'timeInputs' is 'days', not steps, horizon or none"),
        ("update.horizonInnerSteps", "1e3", "not a whole number"),
    ],
)
def test_what_the_metadata_cannot_say_is_refused(tmp_path: Path, key: str, value: str, words: str) -> None:
    path = rewritten(tmp_path / "theta.safetensors", lambda header: header["__metadata__"].update({key: value}))
    with pytest.raises(lopt.ThetaError, match=words):
        lopt.load(path)


def test_a_constant_that_is_missing_is_named(tmp_path: Path) -> None:
    path = rewritten(tmp_path / "theta.safetensors", lambda header: header["__metadata__"].pop("update.stepDecay"))
    with pytest.raises(lopt.ThetaError, match="does not say 'stepDecay'"):
        lopt.load(path)


def test_tensors_of_something_else_are_refused(tmp_path: Path) -> None:
    def rename(header) -> None:
        without_metadata(header)
        header["weight"] = header.pop("W1")

    with pytest.raises(lopt.ThetaError, match="no optimizer has tensors like its own"):
        lopt.load(rewritten(tmp_path / "model.safetensors", rename))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(lopt.ThetaError, match="cannot be read: No such file"):
        lopt.load(tmp_path / "none.safetensors")


def test_numbers_that_are_not_finite_are_refused(tmp_path: Path) -> None:
    path = rewritten(tmp_path / "theta.safetensors", without_metadata)
    path.write_bytes(path.read_bytes()[:-4] + np.float32(np.nan).tobytes())
    with pytest.raises(lopt.ThetaError, match="not finite"):
        lopt.load(path)
