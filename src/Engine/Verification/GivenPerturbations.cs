using LoptCluster.Engine.Estimation;
using LoptCluster.Shared.Run;

namespace LoptCluster.Engine.Verification;

/// <summary>The perturbations that a golden case lists.</summary>
internal sealed class GivenPerturbations(double std, Func<SampleIdentity, float[]> e) : IPerturbationSource
{
    public double Std => std;

    public void Fill(SampleIdentity truncation, Span<float> destination) => e(truncation).CopyTo(destination);
}
