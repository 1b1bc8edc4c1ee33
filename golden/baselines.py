#!/usr/bin/env python3
"""Writes the golden cases 36 to 40: steps of AdamW, NAdamW, Schedule-Free AdamW, Lion and Muon in float64. Needs NumPy.

    golden/baselines.py [FOLDER]        # default: the folder of this file

Written from the public definitions alone (docs/BASELINES.md names them), each in the form in which it is published: Schedule-Free
keeps x, y and z, and Muon orthogonalizes [out, in] matrices on the side that the reference takes.
"""

import json
import math
import pathlib
import sys

import numpy as np

FLOAT32_RUNS = 8


def warmup_steps(h, total):
    return round(h["warmupShare"] * total)


def warmup_cosine(h, t, total):
    """optax.join_schedules of linear_schedule from 0 and cosine_decay_schedule, as AlgoPerf's jax_cosine_warmup builds it."""
    warmup = warmup_steps(h, total)
    if t < warmup:
        return t / warmup
    return 0.5 * (1 + math.cos(math.pi * min(t - warmup, total - warmup) / max(total - warmup, 1)))


def adam_direction(h, n, g, m, v, nesterov):
    """Moments after step n (from 1) and the bias-corrected direction."""
    b1, b2 = h["beta1"], h["beta2"]
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * g * g
    first = b1 * m + (1 - b1) * g if nesterov else m
    return m, v, first / (1 - b1**n) / (np.sqrt(v / (1 - b2**n)) + h["epsilon"])


class AdamW:
    family, nesterov = "adamW", False

    def __init__(self, w, shapes):
        self.w, self.m, self.v = w.copy(), np.zeros_like(w), np.zeros_like(w)

    def step(self, h, t, total, g):
        rate = h["learningRate"] * warmup_cosine(h, t, total)
        self.m, self.v, direction = adam_direction(h, t + 1, g, self.m, self.v, self.nesterov)
        self.w = self.w - rate * h["weightDecay"] * self.w - rate * direction

    def state(self):
        return [self.m, self.v]

    def evaluation_point(self):
        return self.w


class NAdamW(AdamW):
    family, nesterov = "nAdamW", True


class Lion:
    family = "lion"

    def __init__(self, w, shapes):
        self.w, self.m = w.copy(), np.zeros_like(w)

    def step(self, h, t, total, g):
        rate = h["learningRate"] * warmup_cosine(h, t, total)
        update = h["beta1"] * self.m + (1 - h["beta1"]) * g
        assert np.all((update == 0) | (np.abs(update) > 1e-5 * (np.abs(self.m) + np.abs(g)))), "a sign that float32 could turn"
        self.w = self.w - rate * (np.sign(update) + h["weightDecay"] * self.w)
        self.m = h["beta2"] * self.m + (1 - h["beta2"]) * g

    def state(self):
        return [self.m]

    def evaluation_point(self):
        return self.w


class ScheduleFreeAdamW:
    family = "scheduleFreeAdamW"

    def __init__(self, w, shapes):
        self.x, self.w, self.z, self.v = w.copy(), w.copy(), w.copy(), np.zeros_like(w)
        self.sum_of_squares = 0.0

    def step(self, h, t, total, g):
        n, warmup, b1, b2 = t + 1, warmup_steps(h, total), h["beta1"], h["beta2"]
        if self.sum_of_squares == 0:  # a run that begins late: the steps before it had rates too
            self.sum_of_squares = sum(min(1, i / warmup) ** 2 if warmup else 1 for i in range(1, n))
        factor = min(1, n / warmup) if warmup else 1
        self.sum_of_squares += factor**2
        c, rate = factor**2 / self.sum_of_squares, h["learningRate"] * factor
        self.v = b2 * self.v + (1 - b2) * g * g
        self.z = self.z - rate * (g / (np.sqrt(self.v / (1 - b2**n)) + h["epsilon"]) + h["weightDecay"] * self.w)
        self.x = (1 - c) * self.x + c * self.z
        self.w = (1 - b1) * self.z + b1 * self.x

    def state(self):
        return [self.z - self.x, self.v]

    def evaluation_point(self):
        return self.x


def newton_schulz(g):
    """zeropower_via_newtonschulz5 of KellerJordan/Muon, without bfloat16."""
    a, b, c = 3.4445, -4.7750, 2.0315
    x = g.T if g.shape[0] > g.shape[1] else g
    x = x / (np.linalg.norm(x) + 1e-7)
    for _ in range(5):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.T if g.shape[0] > g.shape[1] else x


class Muon:
    family = "muon"

    def __init__(self, w, shapes):
        self.w, self.m, self.v, self.slices, at = w.copy(), np.zeros_like(w), np.zeros_like(w), [], 0
        weights = [i for i, shape in enumerate(shapes) if len(shape) > 1]
        for i, shape in enumerate(shapes):
            size = math.prod(shape)
            self.slices.append((slice(at, at + size), shape, i in weights[1:-1]))
            at += size

    def step(self, h, t, total, g):
        factor, mu = warmup_cosine(h, t, total), h["momentum"]
        adam, muon, decay = factor * h["adamLearningRate"], factor * h["learningRate"], h["weightDecay"]
        for part, shape, hidden in self.slices:
            if not hidden:
                self.m[part], self.v[part], direction = adam_direction(h, t + 1, g[part], self.m[part], self.v[part], False)
                self.w[part] = (1 - adam * decay) * self.w[part] - adam * direction
                continue
            self.m[part] = mu * self.m[part] + (1 - mu) * g[part]
            update = mu * self.m[part] + (1 - mu) * g[part]
            # [kh, kw, in, out] or [in, out] to PyTorch's [out, in, kh, kw] or [out, in], then [out, rest].
            axes = (3, 2, 0, 1) if len(shape) == 4 else (1, 0)
            torch_shape = [shape[i] for i in axes]
            matrix = update.reshape(shape).transpose(axes).reshape(torch_shape[0], -1)
            change = newton_schulz(matrix) * max(1, matrix.shape[0] / matrix.shape[1]) ** 0.5
            change = change.reshape(torch_shape).transpose(np.argsort(axes)).reshape(-1)
            self.w[part] = (1 - muon * decay) * self.w[part] - muon * change

    def state(self):
        return [self.m, self.v]

    def evaluation_point(self):
        return self.w


SMALL = [("W1", [4, 3]), ("conv2_w", [3, 3, 2, 2]), ("b2", [5])]
NET = [("conv1_w", [3, 3, 1, 4]), ("conv1_b", [4]), ("conv2_w", [3, 3, 4, 6]), ("W3", [5, 19]), ("W4", [19, 7]), ("b4", [7]),
       ("W5", [6, 6]), ("head_w", [6, 3]), ("head_b", [3])]

ADAM = {"learningRate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weightDecay": 0.01, "warmupShare": 0.2}
FAST = {"learningRate": 0.05, "beta1": 0.5, "beta2": 0.75, "epsilon": 1e-3, "weightDecay": 0, "warmupShare": 0}
LATE = {"learningRate": 0.01, "beta1": 0.95, "beta2": 0.98, "epsilon": 1e-6, "weightDecay": 0.5, "warmupShare": 0.02}
MUON = {"momentum": 0.95, "adamLearningRate": 3e-4}


def only(names, h, **more):
    return {name: {**h, **more}[name] for name in names}


LION_NAMES = ["learningRate", "beta1", "beta2", "weightDecay", "warmupShare"]
MUON_NAMES = ["learningRate", "momentum", "adamLearningRate", "beta1", "beta2", "epsilon", "weightDecay", "warmupShare"]

# (inner_steps, first_step, hyper-parameters): a whole horizon with warm-up; without warm-up and decay; late, with strong decay.
ADAM_RUNS = [(10, 0, ADAM), (20, 0, FAST), (1000, 500, LATE)]
CASES = [
    ("36_adamw", AdamW, SMALL, ADAM_RUNS),
    ("37_nadamw", NAdamW, SMALL, ADAM_RUNS),
    ("38_schedule_free_adamw", ScheduleFreeAdamW, SMALL, ADAM_RUNS),
    ("39_lion", Lion, SMALL, [(total, first, only(LION_NAMES, h)) for total, first, h in ADAM_RUNS]),
    ("40_muon", Muon, NET, [
        (6, 0, only(MUON_NAMES, ADAM, **MUON, learningRate=0.02)),
        (20, 0, only(MUON_NAMES, FAST, momentum=0.5, adamLearningRate=0.01)),
        (1000, 500, only(MUON_NAMES, LATE, momentum=0.9, adamLearningRate=0.005))]),
]


def draw(rng, count, bits, scale):
    """Normal numbers as short binary fractions, exact in float32."""
    return np.round(rng.normal(0, scale, count) * 2**bits) / 2**bits


def inputs(shapes, steps):
    rng = np.random.default_rng(20240514)
    count = sum(math.prod(shape) for _, shape in shapes)
    w, g = draw(rng, count, 8, 0.5), np.stack([draw(rng, count, 9, 0.25) for _ in range(steps)])
    # Edge values, in the last tensors: no gradient ever, none at first, one far below epsilon, a large one.
    g[:, -1], g[: steps // 2, -2], g[:, -3] = 0, 0, 2.0**-30
    g[:, 0] *= 16
    w[-1], w[1] = 1, 0
    return w, g


def run(kind, shapes, w, g, total, first, h, dtype):
    """w after each step, the point at which losses count, and the state at the end. Constants of a step are in float64 always."""
    sut = kind(w.astype(dtype), [shape for _, shape in shapes])
    after, points = [], []
    for i in range(len(g)):
        sut.step(h, first + i, total, g[i].astype(dtype))
        after.append(sut.w.astype(np.float64))
        points.append(sut.evaluation_point().astype(np.float64))
    return np.array(after), np.array(points), np.array(sut.state()).astype(np.float64)


def rounded(rng, h):
    """The hyper-parameters as a θ of float32 holds them: ln x, ln(1 - x) or x, each with one more rounding error."""
    result = {}
    for name, value in h.items():
        error = 1 + rng.choice([-1, 1]) * 2.0**-24
        if name in ("weightDecay", "warmupShare"):
            result[name] = float(np.float32(value)) * (error if name == "weightDecay" else 1)
        elif name in ("beta1", "beta2", "momentum"):
            result[name] = 1 - math.exp(float(np.float32(math.log(1 - value))) * error)
        else:
            result[name] = math.exp(float(np.float32(math.log(value))) * error)
    return result


def error(actual, expected):
    norm = np.linalg.norm(expected)
    return np.linalg.norm(actual - expected) / (norm or 1)


def write(folder, name, kind, shapes, runs):
    steps = 10 if shapes is SMALL else 6
    w, g = inputs(shapes, steps)
    at = [1, 3, steps]
    free = kind is ScheduleFreeAdamW
    worst, expected, rng = dict.fromkeys(["w", "w_change", "state"] + ["evaluation_point"] * free, 0.0), [], np.random.default_rng(1)
    for total, first, h in runs:
        after, points, state = run(kind, shapes, w, g, total, first, h, np.float64)
        expected.append({"w": [list(after[i - 1]) for i in at], "state": list(state.ravel())})
        if free:
            expected[-1]["evaluation_point"] = [list(points[i - 1]) for i in at]
        for _ in range(FLOAT32_RUNS):
            noise = lambda x: x * (1 + rng.choice([-1, 1], x.shape) * 2.0**-24)
            near, near_points, near_state = run(kind, shapes, noise(w), noise(g), total, first, rounded(rng, h), np.float32)
            found = {"w": max(error(near[i - 1], after[i - 1]) for i in at), "state": max(map(error, near_state, state))}
            found["w_change"] = max(error(near[i - 1] - w, after[i - 1] - w) for i in at if np.any(after[i - 1] != w))
            if free:
                found["evaluation_point"] = max(error(near_points[i - 1], points[i - 1]) for i in at)
            worst = {quantity: max(worst[quantity], found[quantity]) for quantity in worst}
    floors = {"w": 2e-6, "evaluation_point": 2e-6}
    case = {
        "name": name,
        "kind": "baseline_steps",
        "family": kind.family,
        "parameter_names": [tensor for tensor, _ in shapes],
        "parameter_shapes": [shape for _, shape in shapes],
        "w": list(w),
        "g": [list(x) for x in g],
        "runs": [{"inner_steps": total, "first_step": first, "hyper_parameters": h} for total, first, h in runs],
        "expected": {"after_steps": at, "runs": expected},
        "tolerance_float32": {q: float(f"{max(5 * e, floors.get(q, 1e-5)):.1g}") for q, e in worst.items()},
    }
    (folder / f"{name}.json").write_text(json.dumps(case) + "\n")
    print(name, case["tolerance_float32"])


if __name__ == "__main__":
    target = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).parent
    for case_name, rule, tensors, settings in CASES:
        write(target, case_name, rule, tensors, settings)
