"""What the tests share: shipped θ, the engine's program, and coordinators that serve θ."""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
THETAS = sorted((REPOSITORY / "theta").glob("*.safetensors"))
LOPT = Path(os.environ.get("LOPT", REPOSITORY / "src/Cli/bin/Release/net10.0/lopt"))

STUDY = """
name = "families"
preset = "quickstart"
[set]
hiddenUnits = [8]
[[cases]]
name = "mlp16"
[[cases]]
name = "mlp16-horizon"
timeInputs = "horizon"
[[cases]]
name = "mlp16-no-momenta"
momentumInputs = false
timeInputs = "none"
stepDecay = "linear"
[[cases]]
name = "mlp20"
optimizer = "mlp20"
[[cases]]
name = "mlp28"
optimizer = "mlp28"
timeInputs = "horizon"
[[cases]]
name = "mlp31"
optimizer = "mlp31"
[[cases]]
name = "sgd"
optimizer = "sgd"
[[cases]]
name = "momentum"
optimizer = "momentum"
[[cases]]
name = "nesterov"
optimizer = "momentumRegDecay"
nesterov = true
[[cases]]
name = "rmsProp"
optimizer = "rmsProp"
[[cases]]
name = "rmsPropRegDecay"
optimizer = "rmsPropRegDecay"
[[cases]]
name = "adam"
optimizer = "adam"
[[cases]]
name = "adamRegDecay"
optimizer = "adamRegDecay"
""" + "".join(
    f"""
[[cases]]
name = "{name}"
optimizer = "{name}"
mode = "search"
innerSteps = 60_000
"""
    for name in ("adamW", "nAdamW", "scheduleFreeAdamW", "lion", "muon")
)
FAMILIES = [line.split('"')[1] for line in STUDY.splitlines() if line.startswith("name = ")][1:]


def run_lopt(*arguments: object) -> None:
    """Runs a command of lopt to its end."""
    done = subprocess.run([LOPT, *map(str, arguments)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr + done.stdout


@contextmanager
def coordinator(
    folder: Path, *arguments: object, listen: str = "127.0.0.1:0", environment: dict[str, str] | None = None
) -> Iterator[str]:
    """A running coordinator, on a free port by default; gives its address."""
    command = [LOPT, "coordinator", "--listen", listen, "--web", "off", *map(str, arguments)]
    with (folder / "coordinator.log").open("w") as log:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=log, text=True, cwd=folder, env={**os.environ, **(environment or {})}
        )
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("listening on "):
                yield line.split()[2].partition("://")[2]
                return
        raise AssertionError((folder / "coordinator.log").read_text())
    finally:
        process.terminate()
        process.communicate(timeout=60)


@contextmanager
def worker(address: str) -> Iterator[None]:
    """A worker of the coordinator, until the run has finished."""
    command = [LOPT, "worker", "--coordinator", f"http://{address}", "--slots", "1"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        yield
        assert process.wait(60) == 0


@pytest.fixture(scope="session")
def program() -> Path:
    """The engine's program."""
    if not LOPT.exists():
        pytest.skip(f"{LOPT} is not built")
    return LOPT


@pytest.fixture(scope="session")
def families(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a coordinator that serves an initial θ of every family, each under its name in FAMILIES."""
    folder = tmp_path_factory.mktemp("families")
    (folder / "families.toml").write_text(STUDY)
    with coordinator(folder, "--study", "families.toml", "--run", "families") as address:
        yield address


@pytest.fixture(scope="session")
def trace(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Makes a trace of the engine with a θ."""

    def make(theta: Path, *arguments: object) -> Path:
        path = tmp_path_factory.mktemp("trace") / "trace.safetensors"
        run_lopt("evaluate", theta, "--trace", path, *arguments)
        return path

    return make
