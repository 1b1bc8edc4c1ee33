using LoptCluster.Coordinator.Intake;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Intake;

public sealed class LossInspectorTests
{
    private const double Cap = 0.1;

    [Theory]
    [InlineData(InnerProblemKind.FullyConnected)]
    [InlineData(InnerProblemKind.Convnet)]
    [InlineData(InnerProblemKind.Quadratic)]
    [InlineData(InnerProblemKind.Torch)]
    public void Inspect_LossesFromZeroToTheCap_Pass(InnerProblemKind kind)
    {
        var sut = CreateSut(Of(kind));
        Assert.Null(sut.Inspect(Sample(0, Cap)));
        Assert.Null(sut.Inspect(Sample(Cap, -0.0)));
        Assert.Null(sut.Inspect(Sample(double.Epsilon, Cap / 2)));
    }

    /// <summary>0.1 + 0.1 + 0.1 is more than 0.3: the mean of capped losses may round to more than the cap.</summary>
    [Fact]
    public void Inspect_MeanOfCappedLosses_PassesWhateverItsRounding()
    {
        var sut = CreateSut(Of(InnerProblemKind.Convnet));
        double sum = 0;
        int above = 0;
        for (int steps = 1; steps <= 20_000; steps++)
        {
            sum += Cap;
            double loss = sum / steps;
            if (loss > Cap) above++;
            Assert.Null(sut.Inspect(Sample(loss, loss) with { Steps = steps }));
        }

        Assert.InRange(above, 100, 20_000);
    }

    [Theory]
    [InlineData(InnerProblemKind.FullyConnected)]
    [InlineData(InnerProblemKind.Convnet)]
    [InlineData(InnerProblemKind.Quadratic)]
    [InlineData(InnerProblemKind.Torch)]
    public void Inspect_LossAboveTheCap_IsRefusedByName(InnerProblemKind kind)
    {
        var refusal = Assert.NotNull(CreateSut(Of(kind)).Inspect(Sample(0.05, 0.1000001)));
        Assert.Equal(
            new Refusal(RefusalReason.Malformed, "the sample has the loss 0.1000001; the cap on the loss of an inner-step is 0.1"),
            refusal);
    }

    [Theory]
    [InlineData(InnerProblemKind.FullyConnected)]
    [InlineData(InnerProblemKind.Convnet)]
    [InlineData(InnerProblemKind.Quadratic)]
    public void Inspect_NegativeLoss_IsRefusedByName(InnerProblemKind kind)
    {
        var refusal = Assert.NotNull(CreateSut(Of(kind)).Inspect(Sample(-1e-9, 0.05)));
        Assert.Equal(
            new Refusal(RefusalReason.Malformed, "the sample has the loss -1E-09; only a torch module may have one below 0"), refusal);
    }

    [Fact]
    public void Inspect_NegativeLossOfATorchModule_Passes() =>
        Assert.Null(CreateSut(Of(InnerProblemKind.Torch)).Inspect(Sample(-1e6, -1e-9)));

    [Fact]
    public void Inspect_NegativeLossInAMixture_PassesForItsTorchProblemsAlone()
    {
        var run = PresetFile.Parse("""
            innerProblem = "fullyConnected"
            [[tasks]]
            innerProblem = "torch"
            torchModule = "mine"
            [[tasks]]
            hiddenUnits = [4]
            """, "mixture.toml");
        var tasks = new TaskMixture(run);
        var sut = CreateSut(run with { LossCap = Cap });
        long[] torch = [.. Problems(tasks, InnerProblemKind.Torch)], dense = [.. Problems(tasks, InnerProblemKind.FullyConnected)];
        Assert.All(torch, id => Assert.Null(sut.Inspect(Sample(-1, 0.05, id))));
        Assert.All(dense, id => Assert.NotNull(sut.Inspect(Sample(-1, 0.05, id))));
        Assert.All(torch, id => Assert.NotNull(sut.Inspect(Sample(-1, 0.2, id))));
        Assert.True(torch.Length > 10 && dense.Length > 10);
    }

    [Fact]
    public void Inspect_WrongNumberOfLosses_IsRefusedByName()
    {
        var sut = CreateSut(Of(InnerProblemKind.Convnet));
        Assert.Equal(RefusalReason.WrongLength, Assert.NotNull(sut.Inspect(Sample(0.05, 0.05) with { Losses = [0.05] })).Reason);
        Assert.Equal(RefusalReason.NotFinite, Assert.NotNull(sut.Inspect(Sample(0.05, double.NegativeInfinity))).Reason);
    }

    private static IEnumerable<long> Problems(TaskMixture tasks, InnerProblemKind kind) =>
        Enumerable.Range(0, 40).Select(id => (long)id).Where(id => tasks.Draw(id).Specification.InnerProblem == kind);

    private static RunSpecification Of(InnerProblemKind kind) => SmallRun.Specification with { InnerProblem = kind, LossCap = Cap };

    private static LossInspector CreateSut(RunSpecification run) => new(2, run.LossCap, new TaskMixture(run));

    private static GradientSample Sample(double positive, double negative, long problem = 0) =>
        Fabricated.Sample(problem, 0) with { Losses = [positive, negative] };
}
