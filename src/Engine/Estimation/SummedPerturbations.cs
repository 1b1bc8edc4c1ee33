using LoptCluster.Shared.Run;

namespace LoptCluster.Engine.Estimation;

/// <summary>ξ: the sum of a problem's perturbations up to and with a truncation's own (Vicol et al. 2021), in double.</summary>
/// <remarks>
/// Thread-safe. The last sum of each of the latest problems is kept, so that the next truncation adds one perturbation: always in the
/// order of the truncations, so the bits do not depend on what was kept.
/// </remarks>
internal sealed class SummedPerturbations(IPerturbationSource source) : IPerturbationSource
{
    /// <summary>Problems whose sums are kept: more than are open at a time in most runs, at 5 kB each.</summary>
    private const int MostProblems = 4096;

    private readonly Lock _lock = new();
    private readonly Dictionary<long, (int Truncation, double[] Sum)> _latest = [];

    public double Std => source.Std;

    public void Fill(SampleIdentity truncation, Span<float> e)
    {
        lock (_lock)
        {
            if (_latest.Count >= MostProblems) _latest.Clear();
            bool isBehind = _latest.TryGetValue(truncation.ProblemId, out var latest) && latest.Truncation <= truncation.Truncation;
            var (done, sum) = isBehind ? latest : (-1, new double[e.Length]);
            for (int j = done + 1; j <= truncation.Truncation; j++)
            {
                source.Fill(truncation with { Truncation = j }, e);
                for (int i = 0; i < sum.Length; i++) sum[i] += e[i];
            }

            _latest[truncation.ProblemId] = (truncation.Truncation, sum);
            for (int i = 0; i < sum.Length; i++) e[i] = (float)sum[i];
        }
    }
}
