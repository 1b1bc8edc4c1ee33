"""State, groups and gradients of lopt.torch.LearnedOptimizer."""

import copy
import io
import pickle

import pytest

import lopt

torch = pytest.importorskip("torch")

from tensors import STEPS, TASK_THETA, THETA, assert_same, give_gradients, parameters, train  # noqa: E402

from lopt.torch import LearnedOptimizer  # noqa: E402


@pytest.mark.parametrize("way", ["torch.save", "pickle", "deepcopy"])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float64])
def test_training_goes_on_bit_for_bit(dtype, way: str) -> None:
    through = parameters(dtype)
    train(LearnedOptimizer(through, THETA, total_steps=STEPS), through, 10)

    params = parameters(dtype)
    optimizer = LearnedOptimizer(params, THETA, total_steps=STEPS)
    train(optimizer, params, 5)
    if way == "torch.save":
        file = io.BytesIO()
        torch.save(optimizer.state_dict(), file)
        assert file.tell() < 30 * sum(p.numel() for p in params)  # five float32 a number, and no more
        file.seek(0)
        params = [torch.nn.Parameter(p.detach().clone()) for p in params]
        optimizer = LearnedOptimizer(params, THETA, total_steps=7)
        train(optimizer, parameters(dtype), 0)
        optimizer.load_state_dict(torch.load(file))
    elif way == "pickle":
        params, optimizer = pickle.loads(pickle.dumps((params, optimizer)))
        params = optimizer.param_groups[0]["params"]
    else:
        params, optimizer = copy.deepcopy((params, optimizer))
        params = optimizer.param_groups[0]["params"]
    train(optimizer, params, 5, start=5)
    assert_same(params, through)
    assert all(optimizer.state[p]["state"].dtype == torch.float32 for p in params)


def test_the_state_of_another_theta_or_optimizer_is_refused() -> None:
    params = parameters()
    optimizer = LearnedOptimizer(params, THETA, total_steps=STEPS)
    other = LearnedOptimizer(parameters(), TASK_THETA, total_steps=STEPS, examples=0, minibatch_size=1)
    with pytest.raises(lopt.ThetaError, match="state is that of θ with sha256"):
        optimizer.load_state_dict(other.state_dict())
    with pytest.raises(lopt.ThetaError, match="another optimizer"):
        optimizer.load_state_dict(torch.optim.Adam(parameters()).state_dict())
    few = [torch.nn.Parameter(torch.zeros(2)) for _ in params]
    smaller = LearnedOptimizer(few, THETA, total_steps=STEPS)
    for p in few:
        p.grad = torch.ones(2)
    smaller.step()
    with pytest.raises(ValueError, match="that of other parameters"):
        optimizer.load_state_dict(smaller.state_dict())


def test_groups_have_their_own_options_and_steps() -> None:
    first, second = parameters(), parameters(seed=1)
    optimizer = LearnedOptimizer([{"params": first}, {"params": second[:2], "lr": 0.0}], THETA, total_steps=STEPS)
    start = [p.detach().clone() for p in second[:2]]
    train(optimizer, first + second[:2], 2)
    assert_same(second[:2], start)
    optimizer.add_param_group({"params": second[2:], "total_steps": 10})
    train(optimizer, first + second, 1, start=2)
    assert [group["step"] for group in optimizer.param_groups] == [3, 3, 1]
    alone = parameters()
    train(LearnedOptimizer(alone, THETA, total_steps=STEPS), alone, 3)
    for a, b in zip(first, alone):
        assert torch.allclose(a, b, atol=1e-6)
    with pytest.raises(ValueError, match="lr '-1' must be"):
        optimizer.add_param_group({"params": torch.nn.Parameter(torch.zeros(2)), "lr": -1})
    assert len(optimizer.param_groups) == 3


def test_a_parameter_without_gradient_keeps_its_state() -> None:
    params = parameters()
    optimizer = LearnedOptimizer(params, THETA, total_steps=STEPS)
    train(optimizer, params, 2)
    state = optimizer.state[params[1]]["state"].clone()
    w = params[1].detach().clone()
    give_gradients(params, 2)
    params[1].grad = None
    optimizer.step()
    assert torch.equal(params[1], w) and torch.equal(optimizer.state[params[1]]["state"], state)
    train(optimizer, params, 1, start=3)
    assert not torch.equal(optimizer.state[params[1]]["state"], state)
