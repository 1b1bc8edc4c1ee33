using LoptCluster.Engine.Benchmarking;
using Xunit;

namespace LoptCluster.Engine.Tests.Benchmarking;

/// <summary>That the benchmark measures something sane; how fast it is, it says itself (lopt bench).</summary>
public sealed class ProblemBenchmarkTests
{
    [Fact]
    public void Measure_EveryProblemOfThePaper_GivesSharesBetweenNothingAndAll()
    {
        foreach (var (name, create) in PaperProblems.All)
        {
            using var problem = create(2);
            var result = ProblemBenchmark.Measure(problem, TimeSpan.Zero, default);
            Assert.True(result.FmaPeakGflops > 0.1, name);
            Assert.InRange(result.GradientExecutedShare, 1e-4, 1.2);
            Assert.InRange(result.HvpExecutedShare, 1e-4, 1.2);

            // Nothing here saves more than 20 of 36 products.
            Assert.InRange(result.GradientShareOfPeak / result.GradientExecutedShare, 0.99, 36.0 / 16);
            Assert.InRange(result.HvpShareOfPeak / result.HvpExecutedShare, 0.99, 36.0 / 16);
        }
    }

    [Fact]
    public void InnerStep_OfASmallNet_TakesTheLearnedOptimizerLongerThanAdam()
    {
        using var problem = PaperProblems.All[^1].Create(1);
        var result = InnerStepBenchmark.Measure(problem, rounds: 5, default);
        Assert.True(result.Ratio > 1, $"{result.LearnedMilliseconds} ms against {result.AdamMilliseconds} ms");
    }

    [Fact]
    public void All_HaveTheParametersOfThePapersSizes()
    {
        int[] expected = [19_722, 19_818, 300_042, 19_146, 297_738, 46_890, 7_690, 59_530];
        Assert.Equal(expected, PaperProblems.All.Select(p => Parameters(p.Create)));
    }

    private static int Parameters(Func<int, Engine.InnerProblems.IInnerProblem> create)
    {
        using var problem = create(1);
        return problem.Layout.Length;
    }
}
