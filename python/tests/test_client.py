"""θ from real coordinators."""

import subprocess
from pathlib import Path

import pytest
from conftest import FAMILIES, coordinator, run_lopt, worker

import lopt

pytest.importorskip("grpc")

TINY = [
    f"--set={assignment}"
    for assignment in (
        "hiddenUnits=8", "trainImagesPerClass=10", "innerSteps=20", "truncationFirst=5", "truncationLast=5",
        "truncationRampUpdates=0", "batchSamples=2", "outerUpdates=6", "evaluateEveryUpdates=2", "evaluationTasks=1", "auditShare=0",
    )
]  # fmt: skip


def test_watch_follows_a_run_to_its_end_and_pull_takes_any_version(tmp_path: Path, program: Path) -> None:
    with coordinator(tmp_path, "--preset", "quickstart", *TINY, "--run", "run") as address:
        with lopt.watch(address) as watch:
            first = next(watch)
            assert (first.version, first.optimizer, watch.finished) == (0, "mlp16", False)
            with pytest.raises(lopt.CoordinatorError, match="no best θ yet"):
                lopt.pull(address)
            with worker(address):
                later = list(watch)
            assert watch.finished
        versions = [theta.version for theta in later]
        assert versions[-1] == 6 and versions == sorted(set(versions)) and versions[0] > 0
        assert [theta.version for theta in lopt.watch(address)] == [6]

        best = lopt.pull(address)
        assert best.version is not None and best.version % 2 == 0
        assert lopt.pull(address, version=0).sha256 == first.sha256
        assert lopt.pull(address, version="latest").sha256 == later[-1].sha256 != first.sha256
        with pytest.raises(lopt.CoordinatorError, match="no θ version 7; this run has 0 to 6"):
            lopt.pull(address, version=7)
        with pytest.raises(lopt.CoordinatorError, match="keeps none"):
            lopt.pull(address, version="average")

        # What lopt pull writes, bit for bit.
        best.save(tmp_path / "python.safetensors")
        run_lopt("pull", "--from", address, "--version", "best", "-o", tmp_path / "lopt.safetensors")
        for ending in ("safetensors", "card.json"):
            assert (tmp_path / f"python.{ending}").read_bytes() == (tmp_path / f"lopt.{ending}").read_bytes()


def test_watch_ends_with_an_error_when_the_coordinator_is_gone(tmp_path: Path, program: Path) -> None:
    with coordinator(tmp_path, "--preset", "quickstart", *TINY, "--run", "run") as address:
        watch = lopt.watch(address, patience=0)
        assert next(watch).version == 0
    with pytest.raises(lopt.CoordinatorError, match="cannot be reached"):
        next(watch)
    assert not watch.finished


def test_watch_waits_for_a_coordinator_that_is_restarted(tmp_path: Path, program: Path) -> None:
    with coordinator(tmp_path, "--preset", "quickstart", *TINY, "--run", "run") as address:
        watch = lopt.watch(address)
        assert next(watch).version == 0
    with coordinator(tmp_path, "--run", "run", listen=address), worker(address):
        versions = [theta.version for theta in watch]
    assert versions[-1] == 6 and versions[0] > 0 and watch.finished


def test_tokens(tmp_path: Path, program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    token = "a-reader-of-this-run-0123456789"
    with coordinator(tmp_path, "--preset", "quickstart", *TINY, "--run", "run", environment={"LOPT_READER_TOKEN": token}) as address:
        assert lopt.pull(address, version=0, token=token).version == 0
        with pytest.raises(lopt.CoordinatorError, match=r"refuses the token.*LOPT_READER_TOKEN"):
            lopt.pull(address, version=0, token="another")
        with pytest.raises(lopt.CoordinatorError, match="refuses the token"):
            next(lopt.watch(address))
        monkeypatch.setenv("LOPT_READER_TOKEN", token)
        assert lopt.pull(address, version=0).version == 0


def test_tls(tmp_path: Path, program: Path) -> None:
    for command in (
        "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=authority",
        "req -newkey rsa:2048 -nodes -keyout server.key -out server.csr -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1",
        "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -days 2 -copy_extensions copy -out server.pem",
    ):
        subprocess.run(["openssl", *command.split()], cwd=tmp_path, check=True, capture_output=True)
    tls = ("--tls-cert", "server.pem", "--tls-key", "server.key")
    with coordinator(tmp_path, "--preset", "quickstart", *TINY, "--run", "run", *tls) as address:
        assert lopt.pull(address, version=0, ca=tmp_path / "ca.pem").version == 0
        with pytest.raises(lopt.CoordinatorError, match="cannot be reached"):
            lopt.pull(f"https://{address}", version=0, timeout=10)
        with pytest.raises(lopt.CoordinatorError, match="cannot be reached"):
            lopt.pull(address, version=0, timeout=10)


def test_runs_of_a_study_have_names(families: str) -> None:
    assert lopt.pull(families, version=0, run="adamRegDecay").optimizer == "adamRegDecay"
    with pytest.raises(lopt.CoordinatorError, match="serves several runs"):
        lopt.pull(families, version=0)
    with pytest.raises(lopt.CoordinatorError, match="no run 'other'"):
        lopt.pull(families, version=0, run="other")


def test_nothing_is_there() -> None:
    with pytest.raises(lopt.CoordinatorError, match=r"127\.0\.0\.1:1' cannot be reached") as error:
        lopt.pull("127.0.0.1:1")
    assert error.value.status == "UNAVAILABLE"
    with pytest.raises(lopt.CoordinatorError, match="cannot be reached"):
        next(lopt.watch("127.0.0.1:1"))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"address": "trainer.example:5317"}, "would not be encrypted.*https://trainer.example:5317"),
        ({"address": "ftp://trainer.example"}, "must be host:port, or a URL"),
        ({"address": "127.0.0.1:1", "version": "newest"}, "must be a number of outer-updates, latest, best or average"),
        ({"address": "127.0.0.1:1", "ca": "none.pem"}, "ca 'none.pem' cannot be read"),
        ({"address": "127.0.0.1:1", "ca": __file__}, "is no PEM file"),
        ({"address": "127.0.0.1:1", "client_key": "key.pem"}, "belong together"),
    ],
)
def test_arguments_that_cannot_be(arguments, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        lopt.pull(**arguments)
