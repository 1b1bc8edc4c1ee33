"""The package itself: its version, its generated code, what it says without its extras, and the lines of the README."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import REPOSITORY

import lopt

PYTHON = REPOSITORY / "python"
README_LINES = re.compile(r"```python\n(import lopt.*?)```", re.S)


def test_version_is_that_of_the_repository() -> None:
    properties = (REPOSITORY / "Directory.Build.props").read_text()
    assert f"<VersionPrefix>{lopt.__version__}</VersionPrefix>" in properties


@pytest.mark.skipif(shutil.which("protoc") is None, reason="protoc is not installed")
def test_generated_code_is_that_of_the_protos(tmp_path: Path) -> None:
    pytest.importorskip("google.protobuf")
    from google.protobuf import descriptor_pb2

    from lopt.v1 import outer_training_pb2, theta_pb2

    found = tmp_path / "protos"
    protos = [f"lopt/v1/{name}.proto" for name in ("outer_training", "theta")]
    subprocess.run(["protoc", "-I", REPOSITORY / "protos", f"--descriptor_set_out={found}", *protos], check=True)
    current = descriptor_pb2.FileDescriptorSet.FromString(found.read_bytes()).file
    for module, expected in zip((outer_training_pb2, theta_pb2), current):
        generated = descriptor_pb2.FileDescriptorProto()
        module.DESCRIPTOR.CopyToProto(generated)
        for names in (generated, expected):
            clear_json_names(names)
        assert generated == expected, "python/generate writes it anew"


def clear_json_names(message) -> None:
    """protoc fills in the JSON names, which follow from the names."""
    for field in [*getattr(message, "field", []), *getattr(message, "extension", [])]:
        field.ClearField("json_name")
    for nested in [*getattr(message, "message_type", []), *getattr(message, "nested_type", [])]:
        clear_json_names(nested)


@pytest.mark.parametrize(
    ("missing", "line", "words"),
    [
        ("torch", "import lopt.torch", "lopt.torch needs torch, which is not installed: pip install torch (the extra 'torch')"),
        ("grpc", "lopt.pull('127.0.0.1:1')", "pip install grpcio protobuf (the extra 'grpc')"),
        ("google.protobuf", "lopt.watch('127.0.0.1:1')", "pip install grpcio protobuf (the extra 'grpc')"),
    ],
)
def test_an_extra_that_is_missing_is_named(missing: str, line: str, words: str) -> None:
    program = f"import sys\nsys.modules['{missing}'] = None\nimport lopt\n{line}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert done.returncode != 0
    assert words in done.stderr.splitlines()[-1]


def test_numpy_is_all_that_the_rule_needs() -> None:
    program = "import sys\nfor name in ('torch', 'grpc', 'google'): sys.modules[name] = None\nimport lopt\nlopt.numpy.update"
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_the_lines_of_the_readme_run_where_the_package_is_installed(tmp_path: Path, families: str) -> None:
    """From a copy of the sources, into an environment of its own that has Debian's packages and nothing from an index."""
    pytest.importorskip("torch")
    pytest.importorskip("grpc")
    listed = subprocess.run(["git", "ls-files", "."], cwd=PYTHON, check=True, capture_output=True, text=True).stdout.splitlines()
    for name in listed:
        (tmp_path / "python" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PYTHON / name, tmp_path / "python" / name)
    subprocess.run(["/usr/bin/python3", "-m", "venv", "--system-site-packages", tmp_path / "venv"], check=True, timeout=120)
    python = tmp_path / "venv/bin/python"
    install = [python, "-m", "pip", "install", "--quiet", "--no-index", "--no-build-isolation", "./python[torch,grpc]"]
    subprocess.run(install, cwd=tmp_path, check=True, timeout=120)

    lopt.pull(families, version="latest", run="mlp16").save(tmp_path / "theta.safetensors")
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    lines = README_LINES.search(readme)
    assert lines is not None
    assert len(lines[1].strip().splitlines()) == 3
    (tmp_path / "program.py").write_text(
        "import torch\nmodel = torch.nn.Linear(4, 3)\n"
        + lines[1]
        + "assert 'site-packages' in lopt.__file__, lopt.__file__\n"
        + "before = [p.detach().clone() for p in model.parameters()]\n"
        + "model(torch.ones(2, 4)).square().sum().backward()\n"
        + "optimizer.step()\n"
        + "assert all((a != b).any() for a, b in zip(before, model.parameters()))\n"
        + "print(theta.card['optimizer']['family'])\n"
    )
    done = subprocess.run([python, "-I", "program.py"], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout) == (0, "mlp16\n"), done.stderr
    names = subprocess.run([python, "-m", "pip", "show", "-f", "lopt"], capture_output=True, text=True, check=True).stdout
    assert "lopt/py.typed" in names and "lopt/v1/theta_pb2.py" in names
