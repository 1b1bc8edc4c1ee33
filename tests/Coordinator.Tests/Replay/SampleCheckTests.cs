using LoptCluster.Coordinator.Store;
using LoptCluster.Shared;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Replay;

public sealed class SampleCheckTests : IDisposable
{
    private readonly TrainedRun _trained = new(SmallRun.Specification with { Ledger = SampleLedger.Full });

    public void Dispose() => _trained.Dispose();

    [Fact]
    public void Sample_OfTheRun_IsTheSameWithItsGradients()
    {
        using var run = _trained.Open();

        foreach (var (place, sample) in _trained.Batches[7].Index())
        {
            var check = run.Check(sample.Identity, _trained.Options(), default);

            Assert.Null(check.Difference);
            Assert.Equal([EstimatorId.Rp], check.ComparedGradients);
            Assert.Equal(
                (8L, place, $"worker-{sample.Identity.ProblemId % SmallRun.Batch}"), (check.MergedUpdate, check.Place, check.Worker));
        }
    }

    [Fact]
    public void Sample_GradientOfAnother_Differs()
    {
        var (a, b) = (_trained.Batches[3][0].Identity, _trained.Batches[3][1].Identity);
        _trained.Execute(
            GradientLedger.FileName,
            "UPDATE gradients SET problem_id = CASE row WHEN 0 THEN $b ELSE $a END, truncation = CASE row WHEN 0 THEN $bt ELSE $at END "
                + "WHERE outer_update = 4 AND row < 2",
            ("$a", a.ProblemId), ("$at", a.Truncation), ("$b", b.ProblemId), ("$bt", b.Truncation));
        using var run = _trained.Open();

        Assert.Matches("elements of g_rp differ, by up to ", run.Check(a, _trained.Options(), default).Difference);
        Assert.Null(run.Check(_trained.Batches[3][2].Identity, _trained.Options(), default).Difference);
    }

    /// <summary>A sample depends on the θ of the truncations before it.</summary>
    [Fact]
    public void Sample_ThetaBeforeItChanged_Differs()
    {
        var sample = _trained.Batches.SelectMany(b => b).First(s => s.Identity.Truncation == 2 && s.ThetaVersion == 2);
        _trained.Execute("run.db", "UPDATE theta SET \"values\" = (SELECT \"values\" FROM theta WHERE version = 12) WHERE version < 2");
        using var run = _trained.Open();

        Assert.StartsWith("losses ", run.Check(sample.Identity, _trained.Options(), default).Difference, StringComparison.Ordinal);
    }

    [Fact]
    public void Sample_ThatTheRunLacks_IsAnError()
    {
        using var run = _trained.Open();
        int truncations = SmallRun.Truncations;

        Assert.EndsWith(
            $"has no sample 0/99: of problem 0 it has truncations 0 to {truncations - 1}.",
            Assert.Throws<UserErrorException>(() => run.Check(new SampleIdentity(0, 99), _trained.Options(), default)).Message,
            StringComparison.Ordinal);
    }
}
