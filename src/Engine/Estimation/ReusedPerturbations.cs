using LoptCluster.Shared.Run;

namespace LoptCluster.Engine.Estimation;

/// <summary>One perturbation for all truncations of a problem: that of its first (Li et al. 2023).</summary>
internal sealed class ReusedPerturbations(IPerturbationSource source) : IPerturbationSource
{
    public double Std => source.Std;

    public void Fill(SampleIdentity truncation, Span<float> e) => source.Fill(truncation with { Truncation = 0 }, e);
}
