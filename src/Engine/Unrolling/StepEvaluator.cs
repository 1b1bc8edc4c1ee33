using LoptCluster.Engine.Minibatches;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Unrolling;

/// <summary>Measures the steps of a truncation: the inner-gradient of each, and its outer-loss at the point of the options.</summary>
/// <remarks>Owned by one unroller; not thread-safe.</remarks>
internal sealed class StepEvaluator(UnrollOptions options)
{
    private bool[] _innerCapped = [];

    /// <summary>Outer-losses of the current truncation.</summary>
    public StepLosses Losses { get; } = new(options);

    /// <summary>Starts a truncation of this many inner-steps.</summary>
    public void Begin(int steps)
    {
        Losses.Begin(steps);
        if (_innerCapped.Length < steps) _innerCapped = new bool[steps];
    }

    /// <summary>True if the inner-loss of step i was at its cap, where its gradient counts as zero.</summary>
    public bool IsInnerCapped(int i) => _innerCapped[i];

    /// <summary>The inner-gradient of step i, and its outer-loss where that is measured before the update.</summary>
    public void InnerGradient(
        in Truncation truncation,
        int i,
        ReadOnlySpan<float> w,
        Span<float> gradient,
        Span<float> intermediates = default,
        Span<float> outerGradient = default)
    {
        double innerLoss = StepGradient(truncation, i, w, gradient, intermediates);
        if (options.LossAt == LossConvention.BeforeUpdate)
            Losses[i] = options.Objective == OuterObjective.Train ? innerLoss : OuterLoss(truncation, i, w, outerGradient);
    }

    /// <summary>The inner-loss of step i and its gradient.</summary>
    public double StepGradient(in Truncation truncation, int i, ReadOnlySpan<float> w, Span<float> gradient, Span<float> intermediates)
    {
        double loss = truncation.Problem.LossAndGradient(
            w, truncation.Minibatches.Inner(truncation.StartStep + i), gradient, intermediates);
        _innerCapped[i] = options.CapInnerGradient && !(loss < options.LossCap);
        if (_innerCapped[i]) gradient.Clear();
        return loss;
    }

    /// <summary>The outer-loss of step i at the w after its update, if the options measure it there.</summary>
    public void LossAfter(in Truncation truncation, int i, ReadOnlySpan<float> w, Span<float> outerGradient = default)
    {
        if (options.LossAt == LossConvention.AfterUpdate) Losses[i] = OuterLoss(truncation, i, w, outerGradient);
    }

    /// <param name="gradient">Takes the loss's gradient, if it is not empty.</param>
    private double OuterLoss(in Truncation truncation, int i, ReadOnlySpan<float> w, Span<float> gradient)
    {
        if (!gradient.IsEmpty) return truncation.Problem.LossAndGradient(w, OuterMinibatch(truncation, i, 0), gradient);
        double sum = 0;
        for (int draw = 0; draw < options.OuterMinibatches; draw++) sum += truncation.Problem.Loss(w, OuterMinibatch(truncation, i, draw));
        return sum / options.OuterMinibatches;
    }

    /// <summary>Minibatch of the outer-loss of step i.</summary>
    public Minibatch OuterMinibatch(in Truncation truncation, int i, int draw) => options.Objective == OuterObjective.Train
        ? truncation.Minibatches.Inner(truncation.StartStep + i)
        : truncation.Minibatches.Outer(truncation.StartStep + i, draw);
}
