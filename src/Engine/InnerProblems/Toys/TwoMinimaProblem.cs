using LoptCluster.Engine.Minibatches;
using LoptCluster.Engine.Parameters;
using LoptCluster.Shared.Randomness;

namespace LoptCluster.Engine.InnerProblems.Toys;

/// <summary>Toy problem of §2.3 (Fig. 2a–c): ℓ(w) = (w - 4)(w - 3) w², one parameter, two local minima.</summary>
/// <remarks>
/// Computed in double from the float w, in factored form, so that near the minimum at 0 the loss keeps its relative precision.
/// </remarks>
public sealed class TwoMinimaProblem : IInnerProblem
{
    /// <summary>Initial value w(0) of the paper (§2.3).</summary>
    public const float Start = -1.2f;

    public ParameterLayout Layout { get; } = new(("w", [1]));

    public int InputLength => 0;

    public int MaxMinibatch => 0;

    public (double Gradient, double HessianVector) Flops(int minibatchSize) => (12, 6);

    /// <summary>Sets w = -1.2 without drawing any number.</summary>
    public void Initialize(ref RandomStream random, Span<float> w)
    {
        w[..Layout.PaddedLength].Clear();
        w[0] = Start;
    }

    public double Loss(ReadOnlySpan<float> w, Minibatch batch)
    {
        ProblemArguments.CheckVector(this, w.Length, nameof(w));
        double x = w[0];
        return (x - 4) * (x - 3) * x * x;
    }

    public double LossAndGradient(ReadOnlySpan<float> w, Minibatch batch, Span<float> gradient)
    {
        ProblemArguments.CheckVector(this, w.Length, nameof(w));
        ProblemArguments.CheckVector(this, gradient.Length, nameof(gradient));
        double x = w[0];
        gradient[..Layout.PaddedLength].Clear();
        gradient[0] = (float)(x * ((((4 * x) - 21) * x) + 24));
        return Loss(w, batch);
    }

    public void AddHessianVectorProduct(ReadOnlySpan<float> w, ReadOnlySpan<float> v, Minibatch batch, Span<float> accumulator)
    {
        ProblemArguments.CheckVector(this, w.Length, nameof(w));
        ProblemArguments.CheckVector(this, v.Length, nameof(v));
        ProblemArguments.CheckVector(this, accumulator.Length, nameof(accumulator));
        double x = w[0];
        accumulator[0] += (float)(((((12 * x) - 42) * x) + 24) * v[0]);
    }

    public void Dispose()
    {
    }
}
