using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Minibatches;
using LoptCluster.Engine.Parameters;
using LoptCluster.Shared.Randomness;

namespace LoptCluster.Engine.Tests.Estimation;

/// <summary>ℓ_t(w) = ½ (w − x_t)², one parameter, x_t from the minibatch: SGD on it is a linear recurrence with a closed form.</summary>
internal sealed class TrackingProblem : IInnerProblem
{
    public const float Start = 2;

    public ParameterLayout Layout { get; } = new(("w", [1]));

    public int InputLength => 1;

    public int MaxMinibatch => 1;

    /// <summary>Target x_t: keeps moving, so that late losses do not depend on early steps.</summary>
    public static double Target(long t) => Math.Cos(1.7 * t) + (0.5 * Math.Sin(0.3 * t));

    public (double Gradient, double HessianVector) Flops(int minibatchSize) => (2, 1);

    public void Initialize(ref RandomStream random, Span<float> w)
    {
        w.Clear();
        w[0] = Start;
    }

    public double Loss(ReadOnlySpan<float> w, Minibatch batch)
    {
        double difference = (double)w[0] - batch.Inputs[0];
        return 0.5 * difference * difference;
    }

    public double LossAndGradient(ReadOnlySpan<float> w, Minibatch batch, Span<float> gradient)
    {
        gradient.Clear();
        gradient[0] = w[0] - batch.Inputs[0];
        return Loss(w, batch);
    }

    public void AddHessianVectorProduct(ReadOnlySpan<float> w, ReadOnlySpan<float> v, Minibatch batch, Span<float> accumulator) =>
        accumulator[0] += v[0];

    public void Dispose()
    {
    }

    /// <summary>The targets as minibatches of one example.</summary>
    public sealed class Minibatches : IMinibatches
    {
        private readonly float[] _inputs = new float[1];
        private readonly int[] _labels = new int[1];

        public Minibatch Inner(long t)
        {
            _inputs[0] = (float)Target(t);
            return new Minibatch(_inputs, _labels);
        }

        public Minibatch Outer(long t, int draw) => Inner(t);
    }
}
