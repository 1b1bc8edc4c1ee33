using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Numerics.Memory;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Unrolling;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Benchmarking;

/// <summary>Inner-training with one optimizer, whose inner-steps are timed; every measurement begins at the same w.</summary>
internal sealed class TimedTraining : IDisposable
{
    /// <summary>T, for optimizers whose update depends on it; its speed does not.</summary>
    private const int InnerSteps = 1000;

    private readonly IInnerProblem _problem;
    private readonly ProblemData _data;
    private readonly IOuterTrainableOptimizer _optimizer;
    private readonly Unroller _unroller;
    private readonly float[] _theta;
    private readonly float[] _start;
    private readonly float[] _startState;
    private readonly AlignedBuffer _w;
    private readonly AlignedBuffer _state;
    private readonly AlignedBuffer _gradient;

    public TimedTraining(IOuterTrainableFamily family, IInnerProblem problem, ProblemData data)
    {
        (_problem, _data) = (problem, data);
        _optimizer = family.Create(problem.Layout, new UpdateSettings(InnerSteps));
        _unroller = new Unroller(problem.Layout, _optimizer, new UnrollOptions { Objective = OuterObjective.Train });
        _theta = family.InitialTheta(seed: 1);
        _start = [.. data.W.Span];
        _startState = new float[_start.Length * _optimizer.StateVectors];
        (_w, _state, _gradient) = (new(_start.Length), new(_startState.Length), new(_start.Length));
        problem.LossAndGradient(_start, data.Minibatch, _gradient.Span);
    }

    /// <summary>Seconds of an inner-step: loss, gradient and update.</summary>
    public double StepSeconds(int steps) => ProcessorClock.SecondsOf(() => _unroller.Forward(
        new Truncation { Problem = _problem, Minibatches = _data, W = _start, M = _startState, StartStep = 0, Steps = steps },
        _theta)) / steps;

    /// <summary>Seconds of an update.</summary>
    public double UpdateSeconds(int steps)
    {
        _start.CopyTo(_w.Span);
        _state.Span.Clear();
        return ProcessorClock.SecondsOf(() =>
        {
            for (int t = 0; t < steps; t++) _optimizer.Update(_theta, t, _gradient.Span, _w.Span, _state.Span);
        }) / steps;
    }

    public void Dispose()
    {
        foreach (var buffer in (AlignedBuffer[])[_w, _state, _gradient]) buffer.Dispose();
        _unroller.Dispose();
        _optimizer.Dispose();
    }
}
