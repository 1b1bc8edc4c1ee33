"""lopt.torch.LearnedOptimizer with families whose network is more than its tensors: hidden weights, a point of evaluation."""

import numpy as np
import pytest

import lopt.numpy

torch = pytest.importorskip("torch")

from tensors import ADAM, MUON, SCHEDULE_FREE, STEPS, THETA, assert_same, give_gradients, parameters, train  # noqa: E402
from thetas import hand_designed  # noqa: E402

from lopt.torch import LearnedOptimizer  # noqa: E402


def hidden(optimizer) -> list[bool]:
    """Whether each parameter was treated as a hidden weight, whose second moment stays 0; after a step."""
    return [not torch.any(optimizer.state[p]["state"][1]) for group in optimizer.param_groups for p in group["params"]]


def test_hidden_weights_are_those_of_the_whole_network() -> None:
    shapes = [(4, 3), (4,), (4, 4), (5, 4, 2, 2), (5,), (2, 5), (2,)]
    generator = torch.Generator().manual_seed(0)
    params = [torch.nn.Parameter(torch.randn(shape, generator=generator)) for shape in shapes]
    w = [p.detach().numpy().copy() for p in params]
    m = [lopt.numpy.initial_state(MUON, x) for x in w]
    # The groups are one network, in their order.
    optimizer = LearnedOptimizer([{"params": params[:3]}, {"params": params[3:]}], MUON, total_steps=STEPS)
    for _ in range(5):
        for i, p in enumerate(params):
            p.grad = 0.01 * torch.randn(p.shape, generator=generator)
            is_hidden = lopt.numpy.hidden_weights(w)[i]
            w[i], m[i] = lopt.numpy.update(
                MUON, optimizer.param_groups[0]["step"], p.grad.numpy(), w[i], m[i], total_steps=STEPS, hidden=is_hidden, outputs_first=True
            )
        optimizer.step()
    for p, expected in zip(params, w):
        assert np.abs(p.detach().numpy() - expected).max() <= 2e-6 * np.abs(expected).max(), p.shape
    assert hidden(optimizer) == [False, False, True, True, False, False, False]


def test_a_weight_without_gradient_counts_as_one_of_the_network() -> None:
    params = [torch.nn.Parameter(torch.randn(3, 3)) for _ in range(4)]
    optimizer = LearnedOptimizer(params, MUON, total_steps=STEPS)
    for p in params[1:]:
        p.grad = torch.randn(3, 3)
    optimizer.step()
    assert not torch.any(optimizer.state[params[1]]["state"][1]) and torch.any(optimizer.state[params[3]]["state"][1])


def test_groups_can_say_what_is_hidden() -> None:
    params = [torch.nn.Parameter(torch.randn(shape)) for shape in [(3, 3), (3,), (3, 3), (3, 3), (3, 3)]]
    for choice, expected in (
        ((True, False), [True, False, True, False, False]),
        ((False, True), [False, False, False, True, True]),
        ((True, None), [True, False, True, False, False]),  # of two weights that do not say, none is hidden
        ((None, None), [False, False, True, True, False]),
    ):
        groups = [{"params": params[:3], "hidden": choice[0]}, {"params": params[3:], "hidden": choice[1]}]
        optimizer = LearnedOptimizer(groups, MUON, total_steps=STEPS)
        for p in params:
            p.grad = torch.randn(p.shape)
        optimizer.step()
        assert hidden(optimizer) == expected, choice
    with pytest.raises(ValueError, match="hidden 'all' must be True, False or None"):
        LearnedOptimizer(params, MUON, total_steps=STEPS, hidden="all")


def test_a_group_that_comes_later_changes_what_is_the_last_weight() -> None:
    params = [torch.nn.Parameter(torch.randn(3, 3)) for _ in range(4)]
    optimizer = LearnedOptimizer(params[:3], MUON, total_steps=STEPS)
    for p in params:
        p.grad = torch.randn(3, 3)
    optimizer.step()
    assert hidden(optimizer) == [False, True, False]
    optimizer.add_param_group({"params": params[3:]})
    before = optimizer.state[params[2]]["state"][1].clone()
    optimizer.step()
    assert torch.equal(optimizer.state[params[2]]["state"][1], before)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float64])
@pytest.mark.parametrize("theta", [MUON, SCHEDULE_FREE], ids=lambda theta: theta.optimizer)
def test_training_goes_on_bit_for_bit(theta, dtype) -> None:
    through = parameters(dtype)
    train(LearnedOptimizer(through, theta, total_steps=STEPS), through, 10)
    first = parameters(dtype)
    optimizer = LearnedOptimizer(first, theta, total_steps=STEPS)
    train(optimizer, first, 5)
    second = [torch.nn.Parameter(p.detach().clone()) for p in first]
    resumed = LearnedOptimizer(second, theta, total_steps=7)
    resumed.load_state_dict(optimizer.state_dict())
    train(resumed, second, 5, start=5)
    assert_same(second, through)


def test_a_state_of_an_earlier_release_has_no_hidden() -> None:
    params = parameters()
    optimizer = LearnedOptimizer(params, THETA, total_steps=STEPS)
    train(optimizer, params, 1)
    state = optimizer.state_dict()
    for group in state["param_groups"]:
        del group["hidden"]
    optimizer.load_state_dict(state)
    train(optimizer, params, 1, start=1)
    assert optimizer.param_groups[0]["hidden"] is None


def test_lr_is_a_factor_of_both_rates_of_a_muon() -> None:
    steps = []
    for lr in (1.0, 0.5):
        params = parameters()
        start = [p.detach().clone() for p in params]
        optimizer = LearnedOptimizer(params, MUON, lr=lr, total_steps=STEPS)
        optimizer.param_groups[0]["step"] = 5  # the warm-up begins with a rate of 0
        train(optimizer, params, 1)
        steps.append([before - p for before, p in zip(start, params)])
    for whole, half in zip(*steps):
        assert torch.allclose(half, 0.5 * whole, atol=1e-7) and torch.any(whole.abs() > 1e-4)


def test_the_average_of_a_schedule_free_optimizer_is_better_than_where_gradients_are_taken() -> None:
    generator = torch.Generator().manual_seed(0)
    p = torch.nn.Parameter(torch.zeros(1000))  # the minimum; the gradients are noisy
    optimizer = LearnedOptimizer([p], hand_designed("scheduleFreeAdamW", {**ADAM, "beta1": 0.5}), total_steps=500)
    for _ in range(500):
        p.grad = p.detach() + torch.randn(1000, generator=generator)
        optimizer.step()
    w, at_gradients = p.detach().clone(), p.detach().square().mean().item()
    with optimizer.evaluation_point():
        assert torch.is_grad_enabled()
        assert p.detach().square().mean().item() < 0.8 * at_gradients
    assert torch.equal(p, w)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_parameters_of_the_training_come_back(dtype) -> None:
    params = parameters(dtype)
    optimizer = LearnedOptimizer(params, SCHEDULE_FREE, total_steps=STEPS)
    train(optimizer, params, 3)
    w = [p.detach().clone() for p in params]
    with pytest.raises(KeyError), optimizer.evaluation_point():
        assert not torch.equal(params[0], w[0])
        raise KeyError
    assert_same(params, w)
    train(optimizer, params, 1, start=3)


def test_parameters_without_a_state_stay_so() -> None:
    params = parameters()
    optimizer = LearnedOptimizer(params, SCHEDULE_FREE, total_steps=STEPS)
    give_gradients(params, 0)
    params[1].grad = None
    optimizer.step()
    w = params[1].detach().clone()
    with optimizer.evaluation_point():
        assert torch.equal(params[1], w)
    optimizer.load_state_dict(optimizer.state_dict())
    train(optimizer, params, 1, start=1)


def test_no_step_is_made_at_the_evaluation_point() -> None:
    params = parameters()
    optimizer = LearnedOptimizer(params, SCHEDULE_FREE, total_steps=STEPS)
    train(optimizer, params, 3)
    with optimizer.evaluation_point():
        with pytest.raises(RuntimeError, match=r"step\(\) was called within evaluation_point\(\)"):
            optimizer.step()
        with pytest.raises(RuntimeError, match=r"evaluation_point\(\) was called within"), optimizer.evaluation_point():
            pass


def test_other_families_are_evaluated_where_they_are_trained() -> None:
    params = parameters()
    optimizer = LearnedOptimizer(params, THETA, total_steps=STEPS)
    train(optimizer, params, 2)
    w = [p.detach().clone() for p in params]
    with optimizer.evaluation_point():
        assert_same(params, w)
        give_gradients(params, 2)
