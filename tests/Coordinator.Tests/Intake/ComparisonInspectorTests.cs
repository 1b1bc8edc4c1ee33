using LoptCluster.Coordinator.Assignments;
using LoptCluster.Coordinator.Intake;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Intake;

public sealed class ComparisonInspectorTests
{
    private static readonly RunSpecification Run = SmallRun.Specification with
    {
        CurveEverySteps = 8,
        Objective = OuterObjective.Valid,
        LossCap = 5,
    };

    // Of 20 inner-steps: intervals of 8, 8 and 4.
    private static readonly float[] Curve = [3, 2, 1];
    private const double Mean = ((8 * 3) + (8 * 2) + (4 * 1)) / 20.0;

    private readonly ComparisonJob _job = new(7, task: 1, optimizer: 1, SmallRun.Specification.InnerSteps, null, Baseline.Adam);
    private readonly ComparisonInspector _sut = new(Run);

    public ComparisonInspectorTests() => _job.AssignTo("worker");

    private static readonly Dictionary<string, ComparisonPartReceived> Wrong = new()
    {
        ["5 losses and accuracies"] = Right() with { Losses = [1, 1, Mean, 1, 0.5] },
        ["not finite"] = Right() with { Losses = [1, double.NaN, Mean, 1, 0.5, 0.5] },
        ["above the cap"] = Right() with { Losses = [1, 5.1, Mean, 1, 0.5, 0.5] },
        ["above the cap by less than a float tells"] = Right() with { Losses = [1, 5.0000001, Mean, 1, 0.5, 0.5] },
        ["point above the cap by a float"] = Right() with { TrainCurve = [1, MathF.BitIncrement(5), 1] },
        ["below 0"] = Right() with { Losses = [-0.1, 1, Mean, 1, 0.5, 0.5] },
        ["accuracy above 1"] = Right() with { Losses = [1, 1, Mean, 1, 0.5, 1.5] },
        ["accuracy below 0"] = Right() with { Losses = [1, 1, Mean, 1, -0.5, 0.5] },
        ["setting that is none"] = Right() with { Setting = 11 },
        ["negative setting"] = Right() with { Setting = -1 },
        ["short curve"] = Right() with { TrainCurve = [1, 1] },
        ["long curve"] = Right() with { ValidCurve = [3, 2, 1, 1] },
        ["point not finite"] = Right() with { TrainCurve = [1, float.PositiveInfinity, 1] },
        ["point above the cap"] = Right() with { TrainCurve = [1, 5.5f, 1] },
        ["best mean of the other split above that of the shown run"] = Right() with { Losses = [1.001, 1, Mean, 1, 0.5, 0.5] },
        ["mean of another curve"] = Right() with { Losses = [1, 1, Mean - 0.001, 1, 0.5, 0.5] },
    };

    public static TheoryData<string> WrongOnes => [.. Wrong.Keys];

    [Fact]
    public void Inspect_Right_IsTaken() => Assert.Null(_sut.Inspect(_job, "worker", Right()));

    [Fact]
    public void Inspect_AccuracyOfATaskWithoutClasses_IsTaken() =>
        Assert.Null(_sut.Inspect(_job, "worker", Right() with { Losses = [1, 1, Mean, 1, double.NaN, double.NaN] }));

    [Fact]
    public void Inspect_OfAWorkerThatWasNotAsked_IsRefused() => Assert.NotNull(_sut.Inspect(_job, "another", Right()));

    [Fact]
    public void Inspect_OfNoPart_IsRefused() => Assert.NotNull(_sut.Inspect(null, "worker", Right()));

    [Theory]
    [MemberData(nameof(WrongOnes))]
    public void Inspect_Wrong_IsRefusedWithThePart(string what)
    {
        var refusal = _sut.Inspect(_job, "worker", Wrong[what]);
        Assert.Contains("part 7", refusal?.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_MeanOfTheOtherObjective_IsNotThatOfTheShownRun() => Assert.Null(
        _sut.Inspect(_job, "worker", Right() with { Losses = [0.3, 1, Mean, 1, 0.5, 0.5], TrainCurve = [4, 4, 4] }));

    /// <summary>θ is trained once: both means are those of the curves.</summary>
    [Fact]
    public void Inspect_OfTheta_MeanOfTheOtherObjectiveIsThatOfItsCurve()
    {
        var job = new ComparisonJob(7, task: 1, optimizer: 0, SmallRun.Specification.InnerSteps, SmallRun.Theta(0).Theta, baseline: null);
        job.AssignTo("worker");
        var right = Right() with { Setting = 0 };

        Assert.Null(_sut.Inspect(job, "worker", right));
        Assert.NotNull(_sut.Inspect(job, "worker", right with { Losses = [0.3, 1, Mean, 1, 0.5, 0.5] }));
    }

    /// <summary>A loss at the cap is measured as the cap, up to the rounding of its mean, and of a float.</summary>
    [Fact]
    public void Inspect_AtTheCap_IsTaken()
    {
        const double cap = 2.3;
        double mean = Math.BitIncrement(cap);
        float point = (float)mean;
        var sut = new ComparisonInspector(Run with { LossCap = cap });
        float[] curve = [point, point, point];

        Assert.Null(sut.Inspect(
            _job, "worker", new ComparisonPartReceived(7, [mean, cap, mean, cap, double.NaN, double.NaN], 0, curve, curve, 1)));
    }

    private static ComparisonPartReceived Right() => new(7, [1, 1, Mean, 1, 0.5, 0.5], 10, [1, 1, 1], Curve, 1);
}
