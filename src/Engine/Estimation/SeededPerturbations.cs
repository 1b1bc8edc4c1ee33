using LoptCluster.Shared.Randomness;
using LoptCluster.Shared.Run;

namespace LoptCluster.Engine.Estimation;

/// <summary>Perturbations drawn by the counter-based generator from a run's seed.</summary>
internal sealed class SeededPerturbations(long seed, double std) : IPerturbationSource
{
    public double Std => std;

    public void Fill(SampleIdentity truncation, Span<float> e)
    {
        var random = new RandomStream(seed, RandomPurpose.Perturbation, truncation.ProblemId, truncation.Truncation);
        random.FillNormal(e, std);
    }
}
