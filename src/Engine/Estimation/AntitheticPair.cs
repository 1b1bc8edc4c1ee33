using LoptCluster.Shared.Run;

namespace LoptCluster.Engine.Estimation;

/// <summary>
/// The antithetic pair of Algorithm 1: L± at θ ± e from the same state on the same minibatches, and g_rp = ∇θ ½(L⁺ + L⁻).
/// </summary>
/// <remarks>The next truncation starts from the end of the positive side.</remarks>
internal sealed class AntitheticPair(EstimatorOptions options, TimeProvider time) : IGradientEstimator
{
    private readonly float[] _perturbation = new float[options.ThetaLength];
    private readonly float[] _theta = new float[options.ThetaLength];
    private readonly double[] _gradientRp = new double[options.ThetaLength];
    private readonly EndState _positiveEnd = new();

    public InnerState Begin(long problemId, int horizon, ReadOnlySpan<float> w, int stateVectors) => new()
    {
        ProblemId = problemId,
        Horizon = horizon,
        Particles = [new Particle(w.ToArray(), new float[w.Length * stateVectors])],
    };

    public EstimatorMeasurement Step(in EstimatorRequest request, CancellationToken cancellation)
    {
        Perturb(request);
        bool measuresRp = !request.Gradients.IsDefaultOrEmpty && request.Gradients.Contains(EstimatorId.Rp);
        Array.Clear(_gradientRp);

        var rpTime = TimeSpan.Zero;
        double positive = UnrollSide(request, +1, measuresRp, ref rpTime, cancellation);
        _positiveEnd.Keep(request.Unroller);
        double negative = UnrollSide(request, -1, measuresRp, ref rpTime, cancellation);

        _positiveEnd.MoveTo(request.State.Particles[0]);
        request.State.Advance(request.Steps);
        return new EstimatorMeasurement(
            [positive, negative],
            measuresRp ? [MeasuredGradient.Of(EstimatorId.Rp, RoundedRp(), rpTime)] : [],
            _positiveEnd.IsFinite);
    }

    public void Advance(in EstimatorRequest request, CancellationToken cancellation)
    {
        Perturb(request);
        Shift(request.Theta, +1);
        request.Unroller.Replay(request.From(particle: 0), _theta, cancellation);
        request.State.Particles[0].Set(request.Unroller.FinalW, request.Unroller.FinalM);
        request.State.Advance(request.Steps);
    }

    private void Perturb(in EstimatorRequest request)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(request.Theta.Length, options.ThetaLength);
        options.Perturbations.Fill(request.State.NextSample, _perturbation);
    }

    /// <summary>Sets the shifted parameters θ + e or θ − e.</summary>
    private void Shift(ReadOnlySpan<float> theta, int sign)
    {
        for (int i = 0; i < _theta.Length; i++) _theta[i] = theta[i] + (sign * _perturbation[i]);
    }

    /// <summary>L at θ ± e; adds the side's gradient to g_rp.</summary>
    private double UnrollSide(in EstimatorRequest request, int sign, bool measuresRp, ref TimeSpan rpTime, CancellationToken cancellation)
    {
        Shift(request.Theta, sign);
        var truncation = request.From(particle: 0, withoutEnd: sign < 0);
        if (!measuresRp) return request.Unroller.Forward(truncation, _theta, cancellation);
        double loss = request.Unroller.ForwardTaped(truncation, _theta, cancellation);
        long start = time.GetTimestamp();
        request.Unroller.Backward(truncation, _theta, cancellation);
        for (int i = 0; i < _gradientRp.Length; i++) _gradientRp[i] += request.Unroller.ThetaGradient[i];
        rpTime += time.GetElapsedTime(start);
        return loss;
    }

    private float[] RoundedRp()
    {
        float[] rounded = new float[_gradientRp.Length];
        for (int i = 0; i < rounded.Length; i++) rounded[i] = (float)(options.Factor * _gradientRp[i]);
        return rounded;
    }
}
