using LoptCluster.Engine.Numerics.Elementwise;
using LoptCluster.Shared.Run;

namespace LoptCluster.Engine.OuterTraining;

/// <summary>
/// Exponential moving average (EMA) of θ after each outer-update: a ← d a + (1 − d) θ from a = 0, divided by 1 − dⁿ as Adam's moments are,
/// so that it is an average of the n versions from the first one on. A checkpoint stores it.
/// </summary>
/// <param name="Updates">n: versions that are averaged.</param>
/// <param name="Sum">a, before the division; |θ| elements, never written to.</param>
public sealed record ThetaAverage(long Updates, double[] Sum)
{
    /// <summary>The average before the first update, of no version.</summary>
    public static ThetaAverage Zero(int thetaLength) => new(0, new double[thetaLength]);

    /// <summary>A pure step: the average with one more version of θ.</summary>
    /// <param name="theta">θ after an update, |θ| elements.</param>
    /// <param name="decay">d, the same at every step.</param>
    public ThetaAverage Step(ReadOnlySpan<float> theta, double decay)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(theta.Length, Sum.Length);
        double[] next = new double[Sum.Length];
        for (int i = 0; i < next.Length; i++) next[i] = (decay * Sum[i]) + ((1 - decay) * theta[i]);
        return new ThetaAverage(Updates + 1, next);
    }

    /// <summary>The averaged θ, with the version of the newest in it. At least one version must be averaged.</summary>
    public ThetaSnapshot Snapshot(long version, double decay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Updates, 1);
        double correction = 1 - DoubleMath.Power(decay, Updates);
        return new ThetaSnapshot(version, Sum.Select(a => (float)(a / correction)).ToArray());
    }
}
