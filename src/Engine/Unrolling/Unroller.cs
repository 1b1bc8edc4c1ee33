using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Numerics.Elementwise;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Parameters;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Unrolling;

/// <summary>
/// Unrolls k inner-steps and sweeps back through them by the adjoint method: no automatic differentiation, but a hand-written reverse sweep
/// over a checkpoint tape.
/// </summary>
/// <remarks>
/// <code>
/// forward   for t = t0 … t0+k−1: loss, g at w(t); update (w, m); keep what the plan says
/// backward  for t = t0+k−1 … t0: (ḡ, w̄, m̄, θ̄) += VJP of the update;  w̄ += ∇²ℓ(w(t)) ḡ + ∇ of the outer-loss / k
/// </code>
/// Second order, with no stopped gradient; the start state is a constant, so of step t0 only the cotangent of θ is needed. Steps after the
/// last live loss are not swept: their cotangents are exactly zero, and their states need not be finite. Owned by one slot; not
/// thread-safe.
/// </remarks>
public sealed class Unroller : IDisposable
{
    private readonly IOuterTrainableOptimizer _optimizer;
    private readonly UnrollOptions _options;
    private readonly int _length;
    private readonly TapeMemory _memory;
    private readonly bool _ownsMemory;
    private readonly TruncationTape _tape;
    private readonly int _stateLength;
    private readonly double[] _thetaCotangent;
    private readonly StepEvaluator _steps;

    /// <param name="layout">Layout of w.</param>
    /// <param name="optimizer">Made for the same layout.</param>
    /// <param name="options">What L is, and the memory budget.</param>
    /// <param name="memory">Block that unrollers of one slot share; null: one of its own.</param>
    public Unroller(ParameterLayout layout, IOuterTrainableOptimizer optimizer, UnrollOptions options, TapeMemory? memory = null)
    {
        _memory = memory ?? new TapeMemory();
        _ownsMemory = memory is null;
        _optimizer = optimizer;
        _options = options;
        _steps = new StepEvaluator(options);
        _length = layout.PaddedLength;
        _stateLength = _length * optimizer.StateVectors;
        _tape = new TruncationTape(_memory, _length, optimizer.StateVectors, optimizer.IntermediatesLength);
        _memory.ReserveVectors((4L * _length) + (2L * _stateLength));
        _thetaCotangent = new double[optimizer.ThetaLength];
    }

    /// <summary>
    /// w at the end of the last forward sweep, unless its truncation was without an end. Valid until an unroller on the same memory sweeps.
    /// </summary>
    public ReadOnlySpan<float> FinalW => W;

    /// <summary>The optimizer's state at the end of the last forward sweep.</summary>
    public ReadOnlySpan<float> FinalM => M;

    /// <summary>Outer-loss of each step of the last forward sweep, uncapped; NaN or ∞ where it overflowed.</summary>
    public ReadOnlySpan<double> Losses => _steps.Losses.Values;

    /// <summary>∇θ L of the last <see cref="Backward"/>: |θ| elements, perhaps not finite.</summary>
    public ReadOnlySpan<double> ThetaGradient => _thetaCotangent;

    /// <summary>What a truncation of k steps keeps in memory.</summary>
    /// <exception cref="UserErrorException">The budget does not hold it.</exception>
    public TapePlan Plan(IInnerProblem problem, int steps) => TapePlan.Choose(
        steps,
        _length,
        _optimizer.StateVectors,
        _options.MemoryBytes,
        Intermediates(problem),
        _options.CanKeepOuterGradients,
        _optimizer.IntermediatesLength);

    /// <summary>Forward without keeping anything for a reverse sweep.</summary>
    public double Forward(in Truncation truncation, ReadOnlySpan<float> theta, CancellationToken cancellation = default)
    {
        StartInPlace(truncation);
        for (int i = 0; i < truncation.Steps; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            _steps.InnerGradient(truncation, i, W, Gradient);
            if (EndsBeforeUpdate(truncation, i)) break;
            _optimizer.Update(theta, truncation.StartStep + i, Gradient, W, M);
            _steps.LossAfter(truncation, i, W);
        }

        return _steps.Losses.Summarize();
    }

    /// <summary>Moves <see cref="FinalW"/> and <see cref="FinalM"/> to the end of a truncation without measuring the outer-loss.</summary>
    public void Replay(in Truncation truncation, ReadOnlySpan<float> theta, CancellationToken cancellation = default)
    {
        StartInPlace(truncation);
        for (int i = 0; i < truncation.Steps; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            _steps.StepGradient(truncation, i, W, Gradient, default);
            _optimizer.Update(theta, truncation.StartStep + i, Gradient, W, M);
        }
    }

    /// <summary>Forward, keeping what <see cref="Backward"/> of the same truncation needs.</summary>
    public double ForwardTaped(in Truncation truncation, ReadOnlySpan<float> theta, CancellationToken cancellation = default)
    {
        _steps.Begin(truncation.Steps);
        _tape.Begin(Plan(truncation.Problem, truncation.Steps), Intermediates(truncation.Problem));
        truncation.W.CopyTo(_tape.W(0));
        truncation.M.CopyTo(_tape.M(0));
        for (int i = 0; i < truncation.Steps; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            _tape.EnterForward(i);
            _steps.InnerGradient(truncation, i, _tape.W(i), _tape.Gradient(i), _tape.Intermediates(i), _tape.OuterGradient(i));
            if (EndsBeforeUpdate(truncation, i)) return _steps.Losses.Summarize();
            TapedUpdate(truncation, i, theta);
            _steps.LossAfter(truncation, i, _tape.W(i + 1), _tape.OuterGradient(i));
        }

        _tape.W(truncation.Steps).CopyTo(W);
        _tape.M(truncation.Steps).CopyTo(M);
        return _steps.Losses.Summarize();
    }

    /// <summary>The reverse sweep of the last <see cref="ForwardTaped"/>: ∇θ L in <see cref="ThetaGradient"/>.</summary>
    public void Backward(in Truncation truncation, ReadOnlySpan<float> theta, CancellationToken cancellation = default)
    {
        WCotangent.Clear();
        MCotangent.Clear();
        GCotangent.Clear();
        Array.Clear(_thetaCotangent);
        bool before = _options.LossAt == LossConvention.BeforeUpdate;
        // The update of the last live step matters only where the loss is measured after it.
        int lastUpdate = before ? _steps.Losses.LastLiveStep - 1 : _steps.Losses.LastLiveStep;
        for (int i = _steps.Losses.LastLiveStep; i >= 0; i--)
        {
            cancellation.ThrowIfCancellationRequested();
            LoadSegmentOf(truncation, i, theta);
            if (!before) AddOuterGradient(truncation, i, _tape.W(i + 1));
            if (i <= lastUpdate) PullBackUpdate(truncation, i, theta);
            if (before && i > 0) AddOuterGradient(truncation, i, _tape.W(i));
        }
    }

    public void Dispose()
    {
        if (_ownsMemory) _memory.Dispose();
    }

    private Span<float> W => _memory.Vector(0, _length);

    private Span<float> M => _memory.Vector(_length, _stateLength);

    private Span<float> Gradient => _memory.Vector(_length + _stateLength, _length);

    private Span<float> WCotangent => _memory.Vector((2 * _length) + _stateLength, _length);

    private Span<float> MCotangent => _memory.Vector((3 * _length) + _stateLength, _stateLength);

    private Span<float> GCotangent => _memory.Vector((3 * _length) + (2 * _stateLength), _length);

    private static int Intermediates(IInnerProblem problem) => problem.IntermediatesLength(problem.MaxMinibatch);

    /// <summary>Starts a truncation with its state in the buffers that untaped sweeps move on.</summary>
    private void StartInPlace(in Truncation truncation)
    {
        _steps.Begin(truncation.Steps);
        truncation.W.CopyTo(W);
        truncation.M.CopyTo(M);
    }

    /// <summary>The last step's update is not needed: no loss follows it.</summary>
    private bool EndsBeforeUpdate(in Truncation truncation, int i) =>
        truncation.WithoutEnd && i == truncation.Steps - 1 && _options.LossAt == LossConvention.BeforeUpdate;

    private void TapedUpdate(in Truncation truncation, int i, ReadOnlySpan<float> theta) => _optimizer.Update(
        theta, truncation.StartStep + i, _tape.Gradient(i), _tape.W(i), _tape.M(i), _tape.W(i + 1), _tape.M(i + 1), _tape.Update(i));

    private void PullBackUpdate(in Truncation truncation, int i, ReadOnlySpan<float> theta)
    {
        var update = new MadeUpdate
        {
            Theta = theta,
            T = truncation.StartStep + i,
            G = _tape.Gradient(i),
            W = _tape.W(i),
            M = _tape.M(i),
            MNext = _tape.M(i + 1),
            Intermediates = _tape.Update(i),
        };
        var cotangents = new UpdateCotangents { W = WCotangent, M = MCotangent, G = GCotangent, Theta = _thetaCotangent };
        if (i == 0)
        {
            _optimizer.AddThetaCotangent(update, cotangents);
            return;
        }

        _optimizer.VectorJacobianProduct(update, cotangents);
        if (!_steps.IsInnerCapped(i))
            truncation.Problem.AddHessianVectorProduct(
                update.W, cotangents.G, truncation.Minibatches.Inner(update.T), _tape.Intermediates(i), cotangents.W);
    }

    private void LoadSegmentOf(in Truncation truncation, int i, ReadOnlySpan<float> theta)
    {
        if (i >= _tape.SegmentStart) return;
        _tape.RewindTo(i);
        for (int j = _tape.SegmentStart; j < _tape.SegmentEnd; j++)
        {
            if (!_tape.KeepsGradient(j)) _steps.StepGradient(truncation, j, _tape.W(j), _tape.Gradient(j), default);
            TapedUpdate(truncation, j, theta);
        }
    }

    /// <summary>w̄ += ∇ of the outer-loss of step i, by its weight in L.</summary>
    private void AddOuterGradient(in Truncation truncation, int i, ReadOnlySpan<float> w)
    {
        if (!_steps.Losses.IsLive(i) || (_options.FinalLossOnly && i != truncation.Steps - 1)) return;
        float weight = (float)(1.0 / ((_options.FinalLossOnly ? 1 : truncation.Steps) * _options.OuterMinibatches));
        var known = _options.OuterLossIsInnerLoss ? _tape.Gradient(i) : _tape.OuterGradient(i);
        if (!known.IsEmpty)
        {
            VectorKernels.AddScaled(weight, known, WCotangent);
            return;
        }

        for (int draw = 0; draw < _options.OuterMinibatches; draw++)
        {
            truncation.Problem.LossAndGradient(w, _steps.OuterMinibatch(truncation, i, draw), Gradient);
            VectorKernels.AddScaled(weight, Gradient, WCotangent);
        }
    }
}
