"""Messages of protos/lopt/v1, as `python/generate` writes them."""
