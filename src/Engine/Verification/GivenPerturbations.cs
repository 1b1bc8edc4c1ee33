using LoptCluster.Engine.Estimation;
using LoptCluster.Shared.Run;

namespace LoptCluster.Engine.Verification;

/// <summary>The perturbations that a golden case lists: that of problem i is the i-th.</summary>
internal sealed class GivenPerturbations(double std, IReadOnlyList<float[]> e) : IPerturbationSource
{
    public double Std => std;

    public void Fill(SampleIdentity truncation, Span<float> destination) => e[(int)truncation.ProblemId].CopyTo(destination);
}
