"""lopt.torch.LearnedOptimizer as an optimizer of torch."""

import numpy as np
import pytest

import lopt
import lopt.numpy

torch = pytest.importorskip("torch")

from tensors import STEPS, TASK_THETA, THETA, assert_same, give_gradients, made, parameters, train  # noqa: E402

from lopt.torch import LearnedOptimizer  # noqa: E402


@pytest.mark.parametrize("theta", [THETA, TASK_THETA, made("mlp28"), made("mlp31")], ids=lambda theta: theta.optimizer)
def test_every_tensor_is_updated_as_by_itself(theta) -> None:
    plan = {"total_steps": STEPS, "examples": 500, "minibatch_size": 20}
    params = parameters()
    start = [p.detach().numpy().copy() for p in params]
    w = list(start)
    m = [lopt.numpy.initial_state(theta, x) for x in w]
    optimizer = LearnedOptimizer(params, theta, **plan)
    for t in range(5):
        give_gradients(params, t)
        for i, p in enumerate(params):
            w[i], m[i] = lopt.numpy.update(theta, t, p.grad.numpy(), w[i], m[i], **plan)
        optimizer.step()
    for p, before, expected in zip(params, start, w):
        assert np.abs(p.detach().numpy() - expected).max() <= 1e-6 * (np.abs(before).max() + np.abs(expected).max()), p.shape


def test_lr_is_a_factor_which_schedulers_change() -> None:
    params = parameters()
    start = [p.detach().clone() for p in params]
    optimizer = LearnedOptimizer(params, THETA, total_steps=STEPS)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda t: [1, 0.5, 0][t])
    give_gradients(params, 0)
    optimizer.step()
    schedule.step()
    half, whole = parameters(), parameters()
    for factor, others in ((0.5, half), (1.0, whole)):
        train(LearnedOptimizer(others, THETA, lr=factor, total_steps=STEPS), others, 1)
    for before, a, b in zip(start, half, whole):
        assert torch.allclose(a - before, 0.5 * (b - before), atol=1e-7)
    assert_same(params, whole)
    optimizer.step()
    schedule.step()
    stopped = [p.detach().clone() for p in params]
    optimizer.step()
    assert_same(params, stopped)


def test_weight_decay_is_decoupled() -> None:
    plain, decayed = parameters(), parameters()
    start = [p.detach().clone() for p in plain]
    train(LearnedOptimizer(plain, THETA, total_steps=STEPS), plain, 1)
    train(LearnedOptimizer(decayed, THETA, total_steps=STEPS, lr=1.0, weight_decay=0.25), decayed, 1)
    for before, a, b in zip(start, plain, decayed):
        assert torch.allclose(a - b, 0.25 * before, atol=1e-7)


def test_maximize_turns_gradients_round() -> None:
    a, b = parameters(), parameters()
    up, down = (LearnedOptimizer(p, THETA, total_steps=STEPS, maximize=sign) for p, sign in ((a, True), (b, False)))
    for t in range(3):
        give_gradients(a, t)
        give_gradients(b, t)
        for p in b:
            p.grad.neg_()
        up.step()
        down.step()
    assert_same(a, b)


def test_closures_compute_the_loss_anew() -> None:
    p = torch.nn.Parameter(torch.full((20,), 0.2))
    optimizer = LearnedOptimizer([p], THETA, total_steps=STEPS)

    def closure():
        optimizer.zero_grad()
        loss = p.square().sum()
        loss.backward()
        return loss

    losses = [optimizer.step(closure).item() for _ in range(STEPS)]
    assert losses[-1] < 0.8 * losses[0]


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_other_precisions_are_rounded_once(dtype) -> None:
    params, exact = parameters(dtype), parameters()
    for p, q in zip(params, exact):
        q.data.copy_(p)
    optimizer, reference = LearnedOptimizer(params, THETA, total_steps=STEPS), LearnedOptimizer(exact, THETA, total_steps=STEPS)
    give_gradients(params, 0)
    for p, q in zip(params, exact):
        q.grad = p.grad.float()
    optimizer.step()
    reference.step()
    for p, q in zip(params, exact):
        assert torch.equal(p, q.to(dtype))
        assert p.dtype == dtype


def test_any_memory_order_is_the_same() -> None:
    plain = torch.nn.Parameter(torch.randn(8, 3, 4, 4))
    strided = torch.nn.Parameter(plain.detach().clone().contiguous(memory_format=torch.channels_last))
    for p in (plain, strided):
        optimizer = LearnedOptimizer([p], THETA, total_steps=STEPS)
        for t in range(3):
            p.grad = torch.randn(p.shape, generator=torch.Generator().manual_seed(t)).contiguous(
                memory_format=torch.channels_last if p is strided else torch.contiguous_format
            )
            optimizer.step()
    assert torch.equal(plain, strided) and not strided.is_contiguous()


def test_normalisation_of_a_large_tensor_is_exact() -> None:
    """Sums of a million squares in float32 would be wrong by more than a step may be."""
    generator = np.random.default_rng(0)
    w, g = (generator.normal(1, 0.1, 1_000_000).astype(np.float32) for _ in range(2))
    p = torch.nn.Parameter(torch.tensor(w))
    p.grad = torch.tensor(g)
    LearnedOptimizer([p], THETA, total_steps=STEPS).step()
    expected, _ = lopt.numpy.update(THETA, 0, g, w, lopt.numpy.initial_state(THETA, w), total_steps=STEPS)
    assert np.abs(p.detach().numpy() - expected).max() <= 1e-6 * np.abs(expected).max()


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_cuda_does_as_the_cpu() -> None:
    cpu = parameters()
    cuda = [torch.nn.Parameter(p.detach().cuda()) for p in cpu]
    a, b = LearnedOptimizer(cpu, THETA, total_steps=STEPS), LearnedOptimizer(cuda, THETA, total_steps=STEPS)
    for t in range(5):
        give_gradients(cpu, t)
        for p, q in zip(cpu, cuda):
            q.grad = p.grad.cuda()
        a.step()
        b.step()
    for p, q in zip(cpu, cuda):
        assert torch.allclose(p, q.cpu(), atol=1e-5)


@pytest.mark.parametrize(
    ("params", "options", "words"),
    [
        ([], {}, "empty parameter list"),
        ([torch.zeros(2, dtype=torch.complex64)], {}, "real floating-point"),
        ([torch.zeros(0, 2)], {}, "at least one number"),
        ([torch.zeros(2)], {"lr": -0.5}, "lr '-0.5' must be"),
        ([torch.zeros(2)], {"weight_decay": float("nan")}, "weight_decay 'nan' must be"),
        ([torch.zeros(2)], {"total_steps": 0}, "total_steps '0' must be a whole number of at least 1"),
        ([torch.zeros(2)], {"total_steps": None}, "steps that shrink over the training's length. Pass total_steps"),
    ],
)
def test_what_cannot_be_is_refused(params, options, words: str) -> None:
    params = [p.requires_grad_() for p in params]
    with pytest.raises(ValueError, match=words):
        LearnedOptimizer(params, THETA, **{"total_steps": STEPS, **options})


def test_sparse_gradients_are_refused() -> None:
    embedding = torch.nn.Embedding(10, 3, sparse=True)
    optimizer = LearnedOptimizer(embedding.parameters(), THETA, total_steps=STEPS)
    embedding(torch.tensor([1, 2])).sum().backward()
    with pytest.raises(ValueError, match=r"\[10, 3\] has a sparse gradient"):
        optimizer.step()


def test_all_that_an_mlp20_takes_is_asked_for() -> None:
    with pytest.raises(lopt.PlanError, match=r"total_steps=…, examples=… \(0: not known\), minibatch_size=…"):
        LearnedOptimizer(parameters(), TASK_THETA)
