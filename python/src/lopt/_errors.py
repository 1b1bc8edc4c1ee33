"""Errors of the package. Their messages say what happened, the value, and what to do."""


class LoptError(Exception):
    """Base of the package's own errors."""


class ThetaError(LoptError, ValueError):
    """A file of θ, its card, or what they say cannot be used."""


class PlanError(LoptError, ValueError):
    """θ depends on the training that it is used for, and was not told about it."""


class CoordinatorError(LoptError):
    """A coordinator cannot be reached, refuses the caller, or does not have the θ.

    Args:
        message: What has happened.
        status: Name of the gRPC status, such as ``UNAVAILABLE``; empty if the call itself succeeded.
    """

    def __init__(self, message: str, status: str = "") -> None:
        super().__init__(message)
        self.status = status


class MissingExtraError(LoptError, ImportError):
    """A package is not installed that only a part of this one needs."""

    def __init__(self, what: str, packages: str, extra: str) -> None:
        super().__init__(f"{what} needs {packages}, which is not installed: pip install {packages} (the extra '{extra}').")
