"""θ from a running coordinator, over gRPC (protos/lopt/v1/theta.proto)."""

import os
import time
from collections.abc import Iterator
from types import TracebackType
from typing import Any

from lopt._connection import DEFAULT_PORT, Connection
from lopt._errors import CoordinatorError
from lopt._theta import Theta

_WHICH = ("latest", "best", "average")
_RETRY_SECONDS = 1.0


def pull(
    address: str = f"127.0.0.1:{DEFAULT_PORT}",
    version: int | str = "best",
    *,
    run: str | None = None,
    token: str | None = None,
    ca: str | os.PathLike[str] | None = None,
    client_cert: str | os.PathLike[str] | None = None,
    client_key: str | os.PathLike[str] | None = None,
    insecure: bool = False,
    timeout: float = 30.0,
) -> Theta:
    """Takes θ and its card from a coordinator.

    Args:
        address: ``host:port``, or a URL. TLS is used with ``https://`` or ``ca``.
        version: A number of outer-updates, ``best`` (lowest loss on outer-train tasks so far), ``latest``, or ``average`` (moving
            average up to the newest, if the run keeps one).
        run: Name or id of the run, if the coordinator serves several.
        token: The reader's token. Default: that of LOPT_READER_TOKEN or LOPT_OPERATOR_TOKEN in the environment.
        ca: PEM file of the authority to trust instead of the system's.
        client_cert: PEM file of the client's certificate with its chain, if the coordinator asks for one.
        client_key: PEM file of its private key.
        insecure: Allow an unencrypted connection to another machine.
        timeout: Seconds to wait for the answer.

    Raises:
        CoordinatorError: It cannot be reached, refuses the token, or has no such version.
        ThetaError: θ arrived damaged, or is of an optimizer that this package does not have.
        MissingExtraError: grpcio or protobuf is not installed.
    """
    connection = Connection(address, run, token, ca, client_cert, client_key, insecure)
    request = connection.messages.GetThetaRequest(files=True)
    if isinstance(version, str) and version in _WHICH:
        setattr(request, version, True)
    elif str(version).isascii() and str(version).isdigit():
        request.version = int(version)
    else:
        raise ValueError(f"version '{version}' must be a number of outer-updates, {', '.join(_WHICH[:-1])} or {_WHICH[-1]}.")
    with connection.open() as channel:
        return connection.theta(connection.get(channel, request, timeout))


def watch(
    address: str = f"127.0.0.1:{DEFAULT_PORT}",
    *,
    run: str | None = None,
    token: str | None = None,
    ca: str | os.PathLike[str] | None = None,
    client_cert: str | os.PathLike[str] | None = None,
    client_key: str | os.PathLike[str] | None = None,
    insecure: bool = False,
    patience: float = 60.0,
) -> "Watch":
    """Yields the current θ at once, then each newer one while the run goes on; a slow reader skips versions.

    The iteration ends when the run has finished, with its last θ. A coordinator that is stopped and started again meanwhile is
    waited for.

    Args:
        patience: Seconds to wait for a coordinator that was there and no longer answers.

    The other arguments are those of :func:`pull`. Raises, while iterating, what :func:`pull` raises.
    """
    return Watch(Connection(address, run, token, ca, client_cert, client_key, insecure), patience)


class Watch(Iterator[Theta]):
    """Iterator of :func:`watch`. Leave it early by :meth:`close`, or use it in ``with``. Not thread-safe."""

    def __init__(self, connection: "Connection", patience: float) -> None:
        self._connection = connection
        self._patience = patience
        self._channel: Any = None
        self._responses: Any = None
        self._closed = False
        self._was_there = False
        self._seen: tuple[str, int] | None = None
        self._finished = False

    @property
    def finished(self) -> bool:
        """Whether the run has finished: there will be no newer θ than the last that was yielded."""
        return self._finished

    def __next__(self) -> Theta:
        give_up: float | None = None
        while not (self._closed or self._finished):
            try:
                response = self._receive()
            except CoordinatorError as e:
                self._disconnect()
                give_up = give_up or time.monotonic() + self._patience
                if not (self._was_there and e.status == "UNAVAILABLE") or time.monotonic() > give_up:
                    self.close()
                    raise
                time.sleep(_RETRY_SECONDS)
                continue
            self._was_there = True
            self._finished = response.run_finished
            seen = (response.run_id, response.theta.version)
            if seen != self._seen:
                self._seen = seen
                if self._finished:
                    self._disconnect()
                return self._connection.theta(response)
        self.close()
        raise StopIteration

    def close(self) -> None:
        """Ends the call."""
        self._closed = True
        self._disconnect()

    def __enter__(self) -> "Watch":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()

    def _receive(self) -> Any:
        if self._responses is None:
            self._channel = self._connection.open()
            self._responses = self._connection.watch(self._channel)
        with self._connection.errors():
            for response in self._responses:
                return response
        raise CoordinatorError(f"'{self._connection.address}' ended the watch before the run has finished.", "UNAVAILABLE")

    def _disconnect(self) -> None:
        if self._channel is not None:
            self._responses.cancel()
            self._channel.close()
        self._channel = self._responses = None
