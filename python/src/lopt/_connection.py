"""A gRPC connection to a coordinator's ThetaService (protos/lopt/v1/theta.proto)."""

import os
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any

from lopt._errors import CoordinatorError, MissingExtraError
from lopt._theta import Theta, parse

DEFAULT_PORT = 5317
_SERVICE = "/lopt.v1.ThetaService"
_RUN_KEY = "lopt-run"
# A watched coordinator that freezes, or whose network is cut, is noticed after 15 s; without pings, never.
_KEEP_ALIVE = [
    ("grpc.keepalive_time_ms", 10_000),
    ("grpc.keepalive_timeout_ms", 5_000),
    ("grpc.http2.max_pings_without_data", 0),
]
_TOKENS = ("LOPT_READER_TOKEN", "LOPT_OPERATOR_TOKEN")


class Connection:
    """Where a coordinator is, and how to speak with it."""

    def __init__(
        self,
        address: str,
        run: str | None,
        token: str | None,
        ca: str | os.PathLike[str] | None,
        client_cert: str | os.PathLike[str] | None,
        client_key: str | os.PathLike[str] | None,
        insecure: bool,
    ) -> None:
        self._grpc, self.messages = _packages()
        scheme, separator, rest = address.partition("://")
        host = (rest if separator else address).rstrip("/")
        if (separator and scheme not in ("http", "https")) or not host or any(c in host for c in "/@? "):
            raise ValueError(f"address '{address}' must be host:port, or a URL such as https://trainer.example:{DEFAULT_PORT}.")
        self.address = host if _has_port(host) else f"{host}:{DEFAULT_PORT}"
        secure = scheme == "https" if separator else ca is not None or client_cert is not None
        if not secure and not insecure and not _is_loopback(self.address):
            raise ValueError(
                f"The connection to '{self.address}' would not be encrypted. Use https://{self.address}, with ca='FILE' for an "
                "authority of your own; or insecure=True on a trusted network."
            )
        if (client_cert is None) != (client_key is None):
            raise ValueError("client_cert and client_key belong together; give both or neither.")
        self._credentials = None
        if secure:
            files = {"ca": ca, "client_key": client_key, "client_cert": client_cert}
            self._credentials = self._grpc.ssl_channel_credentials(*(_pem(name, path) for name, path in files.items()))
        token = token or next((text for name in _TOKENS if (text := os.environ.get(name))), None)
        self._metadata = [("authorization", f"Bearer {token.strip()}")] if token else []
        if run is not None:
            self._metadata.append((_RUN_KEY, run))

    def open(self) -> Any:
        """A channel to it."""
        if self._credentials is None:
            return self._grpc.insecure_channel(self.address, options=_KEEP_ALIVE)
        return self._grpc.secure_channel(self.address, self._credentials, options=_KEEP_ALIVE)

    def get(self, channel: Any, request: Any, timeout: float) -> Any:
        call = channel.unary_unary(
            f"{_SERVICE}/GetTheta",
            request_serializer=self.messages.GetThetaRequest.SerializeToString,
            response_deserializer=self.messages.GetThetaResponse.FromString,
        )
        with self.errors():
            return call(request, timeout=timeout, metadata=self._metadata)

    def watch(self, channel: Any) -> Any:
        call = channel.unary_stream(
            f"{_SERVICE}/WatchTheta",
            request_serializer=self.messages.WatchThetaRequest.SerializeToString,
            response_deserializer=self.messages.GetThetaResponse.FromString,
        )
        return call(self.messages.WatchThetaRequest(files=True), metadata=self._metadata)

    def theta(self, response: Any) -> Theta:
        """θ of an answer."""
        if not response.HasField("files"):
            raise CoordinatorError(
                f"The coordinator at '{self.address}' is of an earlier release, which does not send θ's files. "
                "Use 'lopt pull' of that release."
            )
        name = f"θ version '{response.theta.version}' of '{self.address}'"
        return parse(response.files.safetensors, response.files.card_json, name, f"of {name}")

    def errors(self) -> "_Errors":
        """Turns errors of grpc into ours."""
        return _Errors(self._grpc, self.address)


class _Errors:
    def __init__(self, grpc: ModuleType, address: str) -> None:
        self._grpc = grpc
        self._address = address

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not isinstance(error, self._grpc.RpcError):
            return
        code, details = error.code().name, (error.details() or "").rstrip(".")
        # A coordinator that stops resets the streams that are open; we never cancel a call that we wait for.
        code = "UNAVAILABLE" if code == "CANCELLED" else code
        what = {
            "UNAUTHENTICATED": f"The coordinator at '{self._address}' refuses the token: {details}. "
            f"Pass token='…', or set {_TOKENS[0]}, to that of a reader.",
            "PERMISSION_DENIED": f"The coordinator at '{self._address}' refuses the token: {details}. Use that of a reader.",
            "UNAVAILABLE": f"The coordinator at '{self._address}' cannot be reached: {details}. "
            "Check that it runs, the address, and whether it speaks TLS.",
            "DEADLINE_EXCEEDED": f"The coordinator at '{self._address}' did not answer in time. Try again, or pass a longer timeout.",
            "UNIMPLEMENTED": f"What listens at '{self._address}' does not serve θ. Give the address of 'lopt coordinator --listen'.",
        }.get(code, f"{details}.")
        raise CoordinatorError(what, code) from None


def _packages() -> tuple[ModuleType, Any]:
    try:
        import grpc

        from lopt.v1 import theta_pb2
    except ImportError as e:
        if e.name is not None and e.name.partition(".")[0] in ("grpc", "google"):
            raise MissingExtraError("A connection to a coordinator", "grpcio protobuf", "grpc") from None
        raise
    return grpc, theta_pb2


def _pem(name: str, path: str | os.PathLike[str] | None) -> bytes | None:
    if path is None:
        return None
    try:
        data = Path(path).read_bytes()
    except OSError as e:
        raise ValueError(f"{name} '{path}' cannot be read: {e.strerror or e}.") from None
    if b"-----BEGIN " not in data:
        raise ValueError(f"{name} '{path}' is no PEM file.")
    return data


def _has_port(host: str) -> bool:
    return host.rpartition(":")[2].isdigit() and (host.startswith("[") or host.count(":") == 1)


def _is_loopback(address: str) -> bool:
    host = address.rpartition(":")[0].strip("[]")
    return host in ("localhost", "::1") or host.startswith("127.")
