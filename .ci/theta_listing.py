"""Runs the listing of docs/THETA.md against the vectors in the cards of θ files. Needs numpy.

    python3 .ci/theta_listing.py FILE.safetensors …

Status 1 if an update is not the card's, to a millionth of the largest number of its tensor.
"""
import json
import pathlib
import re
import sys

import numpy as np

TOLERANCE = 1e-6
PAGE = pathlib.Path(__file__).parent.parent / "docs" / "THETA.md"


def worst_error(listing, path):
    """Largest error of an update over the vectors of a card, relative to the largest number of the tensor."""
    theta, meta = listing["load"](path)
    card = json.loads(pathlib.Path(path).with_suffix(".card.json").read_text())
    specification = card["specification"]
    images = specification["trainImagesPerClass"] * specification["taskClasses"]
    worst = 0.0
    for vector in card["golden"]:
        shape = [int(n) for n in vector["shape"]]
        g, w, w_next = (np.float32(vector[name]).reshape(shape) for name in ("g", "w", "wNext"))
        m, m_next = (np.float32(vector[name]).reshape(-1, *shape) for name in ("m", "mNext"))
        found = listing["update"](
            theta, meta, vector["t"], g, w, m, specification["innerSteps"], images, specification["minibatchSize"])
        assert np.abs(w_next - w).max() > 100 * TOLERANCE, "the update is too small to tell anything"
        for expected, actual in zip((w_next, m_next), found):
            worst = max(worst, float(np.abs(actual - expected).max() / np.abs(expected).max()))
    return worst


def main(paths):
    listing = {}
    exec(re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)[1], listing)
    errors = {path: worst_error(listing, path) for path in paths}
    for path, error in errors.items():
        print(f"{error:.1e}  {path}")
    return 0 if errors and max(errors.values()) <= TOLERANCE else 1


sys.exit(main(sys.argv[1:]))
