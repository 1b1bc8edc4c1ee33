"""Version of the package: that of the repository (Directory.Build.props), which the tests compare."""

__version__ = "0.1.0"
