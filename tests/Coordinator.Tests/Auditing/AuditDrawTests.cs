using LoptCluster.Coordinator.Auditing;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Auditing;

public sealed class AuditDrawTests
{
    private const int Problems = 20_000;

    /// <summary>Five standard deviations of a binomial.</summary>
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0.01, 130, 270)]
    [InlineData(0.3, 5675, 6325)]
    [InlineData(1, Problems, Problems)]
    public void Draws_Share_IsThatOfTheProblems(double share, int least, int most) =>
        Assert.InRange(Drawn(CreateSut(key: 5, share)).Count(), least, most);

    [Fact]
    public void Draws_Key_Decides()
    {
        Assert.Equal(Drawn(CreateSut(5, 0.1)), Drawn(CreateSut(5, 0.1)));
        Assert.NotEqual(Drawn(CreateSut(5, 0.1)), Drawn(CreateSut(6, 0.1)));
    }

    [Fact]
    public void Draws_TorchModule_IsLeftOut() =>
        Assert.Empty(Drawn(CreateSut(
            5, 1, SmallRun.Specification with { InnerProblem = InnerProblemKind.Torch, TorchModule = "net" })));

    private static IEnumerable<int> Drawn(AuditDraw draw) => Enumerable.Range(0, Problems).Where(p => draw.Draws(p));

    private static AuditDraw CreateSut(long key, double share, RunSpecification? specification = null) =>
        new(key, share, new TaskMixture(specification ?? SmallRun.Specification));
}
