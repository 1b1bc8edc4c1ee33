using LoptCluster.Engine.Estimation;
using LoptCluster.Shared.Run;
using Xunit;

namespace LoptCluster.Engine.Tests.Estimation;

public sealed class SummedPerturbationsTests
{
    private static readonly SeededPerturbations Source = new(seed: 3, std: 0.1);

    [Fact]
    public void Fill_Truncation_IsTheSumOfAllSoFar()
    {
        double[] expected = new double[5];
        for (int j = 0; j <= 2; j++)
        {
            float[] e = new float[5];
            Source.Fill(new SampleIdentity(7, j), e);
            for (int i = 0; i < e.Length; i++) expected[i] += e[i];
        }

        Assert.Equal(expected.Select(x => (float)x), Sum(new SummedPerturbations(Source), 7, 2));
    }

    /// <summary>Samples of several problems arrive in turn, again, and out of order.</summary>
    [Fact]
    public void Fill_AnyOrderOfTruncations_GivesTheSameBits()
    {
        var shared = new SummedPerturbations(Source);
        foreach (var (problem, truncation) in ((long, int)[])[(1, 0), (2, 4), (1, 1), (1, 1), (2, 2), (1, 6), (2, 5), (1, 0)])
            Assert.Equal(Sum(new SummedPerturbations(Source), problem, truncation), Sum(shared, problem, truncation));
    }

    private static float[] Sum(SummedPerturbations perturbations, long problem, int truncation)
    {
        float[] e = new float[5];
        perturbations.Fill(new SampleIdentity(problem, truncation), e);
        return e;
    }
}
