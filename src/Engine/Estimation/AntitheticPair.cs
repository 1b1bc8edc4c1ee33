using LoptCluster.Shared.Run;

namespace LoptCluster.Engine.Estimation;

/// <summary>
/// The antithetic pair of Algorithm 1: L± at θ ± e on the same minibatches, and g_rp = ∇θ ½(L⁺ + L⁻), the starts constant.
/// </summary>
/// <remarks>
/// The paper's pair has one particle, from which both sides start and which goes on from the end of the positive side. In a persistent pair
/// each side goes on from its own end (Vicol et al. 2021); the problem ends for both as soon as one has diverged.
/// </remarks>
internal sealed class AntitheticPair(EstimatorOptions options, TimeProvider time, bool persistent = false) : IGradientEstimator
{
    private readonly float[] _perturbation = new float[options.ThetaLength];
    private readonly float[] _theta = new float[options.ThetaLength];
    private readonly double[] _gradientRp = new double[options.ThetaLength];
    private readonly EndState[] _ends = persistent ? [new(), new()] : [new()];

    public InnerState Begin(long problemId, int horizon, ReadOnlySpan<float> w, int stateVectors)
    {
        float[] start = w.ToArray();
        return new InnerState
        {
            ProblemId = problemId,
            Horizon = horizon,
            Particles = [.. _ends.Select(_ => new Particle([.. start], new float[start.Length * stateVectors]))],
        };
    }

    public EstimatorMeasurement Step(in EstimatorRequest request, CancellationToken cancellation)
    {
        Perturb(request);
        bool measuresRp = request.Measures(EstimatorId.Rp);
        Array.Clear(_gradientRp);

        var rpTime = TimeSpan.Zero;
        double positive = UnrollSide(request, +1, measuresRp, ref rpTime, cancellation);
        _ends[0].Keep(request.Unroller);
        double negative = UnrollSide(request, -1, measuresRp, ref rpTime, cancellation);
        if (persistent) _ends[1].Keep(request.Unroller);

        MoveToEnds(request);
        bool goesOn = _ends.All(end => end.IsFinite) && !(persistent && Math.Max(positive, negative) >= options.LossCap);
        return new EstimatorMeasurement(
            [positive, negative],
            measuresRp ? [MeasuredGradient.Of(EstimatorId.Rp, RoundedRp(), rpTime)] : [],
            goesOn);
    }

    public void Advance(in EstimatorRequest request, CancellationToken cancellation)
    {
        Perturb(request);
        for (int side = 0; side < _ends.Length; side++)
        {
            Shift(request.Theta, side == 0 ? +1 : -1);
            request.Unroller.Replay(request.From(side), _theta, cancellation);
            _ends[side].Keep(request.Unroller);
        }

        MoveToEnds(request);
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

    private void MoveToEnds(in EstimatorRequest request)
    {
        for (int side = 0; side < _ends.Length; side++) _ends[side].MoveTo(request.State.Particles[side]);
        request.State.Advance(request.Steps);
    }

    /// <summary>L at θ ± e; adds the side's gradient to g_rp.</summary>
    private double UnrollSide(in EstimatorRequest request, int sign, bool measuresRp, ref TimeSpan rpTime, CancellationToken cancellation)
    {
        Shift(request.Theta, sign);
        var truncation = sign < 0 && persistent ? request.From(particle: 1) : request.From(particle: 0, withoutEnd: sign < 0);
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
