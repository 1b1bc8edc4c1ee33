using LoptCluster.Shared.Run;

namespace LoptCluster.Engine.Estimation;

/// <summary>ξ: the sum of a problem's perturbations up to and with a truncation's own (Vicol et al. 2021), summed in double.</summary>
internal sealed class SummedPerturbations(IPerturbationSource source) : IPerturbationSource
{
    public double Std => source.Std;

    public void Fill(SampleIdentity truncation, Span<float> e)
    {
        double[] sum = new double[e.Length];
        for (int j = 0; j <= truncation.Truncation; j++)
        {
            source.Fill(truncation with { Truncation = j }, e);
            for (int i = 0; i < sum.Length; i++) sum[i] += e[i];
        }

        for (int i = 0; i < sum.Length; i++) e[i] = (float)sum[i];
    }
}
