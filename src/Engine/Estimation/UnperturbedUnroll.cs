using LoptCluster.Engine.Unrolling;
using LoptCluster.Shared.Run;

namespace LoptCluster.Engine.Estimation;

/// <summary>Truncated backpropagation: one particle at θ itself, g = ∇θ L. Biased by the truncation; half the cost of a pair.</summary>
internal sealed class UnperturbedUnroll(EstimatorOptions options, TimeProvider time) : IGradientEstimator
{
    private readonly EndState _end = new();

    public InnerState Begin(long problemId, int horizon, ReadOnlySpan<float> w, int stateVectors) => new()
    {
        ProblemId = problemId,
        Horizon = horizon,
        Particles = [new Particle(w.ToArray(), new float[w.Length * stateVectors])],
    };

    public EstimatorMeasurement Step(in EstimatorRequest request, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(request.Theta.Length, options.ThetaLength);
        bool measures = request.Measures(EstimatorId.Backprop);
        var truncation = request.From(particle: 0);
        double loss = measures
            ? request.Unroller.ForwardTaped(truncation, request.Theta, cancellation)
            : request.Unroller.Forward(truncation, request.Theta, cancellation);
        _end.Keep(request.Unroller);
        MeasuredGradient[] gradients = measures ? [Gradient(request, truncation, cancellation)] : [];
        _end.MoveTo(request.State.Particles[0]);
        request.State.Advance(request.Steps);
        return new EstimatorMeasurement([loss], [.. gradients], _end.IsFinite);
    }

    public void Advance(in EstimatorRequest request, CancellationToken cancellation)
    {
        request.Unroller.Replay(request.From(particle: 0), request.Theta, cancellation);
        request.State.Particles[0].Set(request.Unroller.FinalW, request.Unroller.FinalM);
        request.State.Advance(request.Steps);
    }

    private MeasuredGradient Gradient(in EstimatorRequest request, in Truncation truncation, CancellationToken cancellation)
    {
        long start = time.GetTimestamp();
        request.Unroller.Backward(truncation, request.Theta, cancellation);
        float[] gradient = new float[options.ThetaLength];
        for (int i = 0; i < gradient.Length; i++) gradient[i] = (float)request.Unroller.ThetaGradient[i];
        return MeasuredGradient.Of(EstimatorId.Backprop, gradient, time.GetElapsedTime(start));
    }
}
