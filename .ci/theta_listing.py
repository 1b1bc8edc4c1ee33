"""Runs the listing of docs/THETA.md against the vectors in the cards of θ files. Needs numpy.

    python3 .ci/theta_listing.py FILE.safetensors …

Status 1 if an update is not the card's, to a millionth of the largest number of its tensor; or if a listing with one constant changed
still gives the updates of the last card, which is to tell each constant from its neighbours.
"""
import json
import pathlib
import re
import sys

import numpy as np

TOLERANCE = 1e-6
PAGE = pathlib.Path(__file__).parent.parent / "docs" / "THETA.md"


def worst_error(listing, path):
    """Largest error of an update over the vectors of a card, relative to the largest number of each array."""
    theta, meta = listing["load"](path)
    card = json.loads(pathlib.Path(path).with_suffix(".card.json").read_text())
    specification = card["specification"]
    images = specification["trainImagesPerClass"] * specification["taskClasses"]
    worst, moves = 0.0, 0.0
    for vector in card["golden"]:
        shape = [int(n) for n in vector["shape"]]
        g, w, w_next = (np.float32(vector[name]).reshape(shape) for name in ("g", "w", "wNext"))
        m, m_next = (np.float32(vector[name]).reshape(-1, *shape) for name in ("m", "mNext"))
        found = listing["update"](
            theta, meta, vector["t"], g, w, m, specification["innerSteps"], images, specification["minibatchSize"])
        moves = max(moves, float(np.abs(w_next - w).max()))
        for expected, actual in zip((w_next, *m_next), (found[0], *found[1])):
            worst = max(worst, float(np.abs(actual - expected).max() / max(np.abs(expected).max(), 1e-30)))
    assert moves > 100 * TOLERANCE, "the updates are too small to tell anything"
    return worst


def compiled(source):
    """The functions of a listing."""
    listing = {}
    exec(source, listing)
    return listing


def with_a_number_changed(source, name, factor):
    """Listings in each of which one number of a list is another."""
    line = re.search(rf"^{name} = .*\[(.*)\].*$", source, re.M)
    numbers = line[1].split(", ")
    for i, number in enumerate(numbers):
        others = [*numbers[:i], repr(factor(float(number))), *numbers[i + 1:]]
        yield f"{name}: {number}", source.replace(line[0], line[0].replace(line[1], ", ".join(others)))


def mutants(source):
    """Listings with one mistake each."""
    yield from with_a_number_changed(source, "BETAS", lambda b: 1 - 1.1 * (1 - b))
    yield from with_a_number_changed(source, "ETAS", lambda e: 1.1 * e)
    for old, new in (
        ("np.float32(1e-5)", "np.float32(1.1e-5)"),
        ("tau / ETAS - 1", "tau / ETAS"),
        ("return w - ", "return w + "),
        ("(g, *m, w)", "(w, *m, g)"),
        ("o[..., 0] * np.exp", "o[..., 1] * np.exp"),
        ('float(meta["update.stepScale"])', '1.001 * float(meta["update.stepScale"])'),
        ('np.float32(meta["update.exponentScale"])', '1.1 * np.float32(meta["update.exponentScale"])'),
        ("np.maximum(0, ", "np.abs("),
    ):
        assert old in source, old
        yield f"{old} → {new}", source.replace(old, new)


def main(paths):
    source = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)[1]
    errors = {path: worst_error(compiled(source), path) for path in paths}
    for path, error in errors.items():
        print(f"{error:.1e}  {path}")
    passed = bool(errors) and max(errors.values()) <= TOLERANCE
    for name, mutant in mutants(source):
        error = worst_error(compiled(mutant), paths[-1])
        if error <= TOLERANCE:
            print(f"{error:.1e}  {paths[-1]} does not tell: {name}")
            passed = False
    return 0 if passed else 1


sys.exit(main(sys.argv[1:]))
