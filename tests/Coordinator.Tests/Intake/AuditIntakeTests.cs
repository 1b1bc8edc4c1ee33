using LoptCluster.Coordinator.Auditing;
using LoptCluster.Coordinator.Membership;
using LoptCluster.Coordinator.Telemetry;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Intake;

/// <summary>Who computes a sample again, and who is found wrong.</summary>
public sealed class AuditIntakeTests
{
    private static readonly RunSpecification Specification = SmallRun.Specification with { AuditShare = 1, BatchSamples = 8 };

    [Fact]
    public void Sample_Accepted_GoesToAnotherWorkerAndSettlesWhenItAgrees()
    {
        using var play = new PlayedRun(Specification, "a", "b");
        var problem = play.Problems("a").First();
        var sample = play.Give("a", problem, version: 0);
        play.AssignAudits();
        Assert.Empty(play.Audits("a"));
        var order = Assert.Single(play.Audits("b"));
        Assert.Equal((problem.Id, 0, 0, 1), (order.ProblemId, order.First, order.MeasureFrom, order.Truncations.Count));

        play.Audit("b", order.AuditId, sample);

        Assert.Equal(0, play.Parts.Get<AuditBook>().Open);
        // The next sample follows over the same order: nothing is computed twice.
        play.Give("a", problem, version: 0);
        play.AssignAudits();
        var more = play.Audits("b")[^1];
        Assert.Equal((order.AuditId, 1, 1), (more.AuditId, more.First, more.Truncations.Count));
    }

    [Fact]
    public void Sample_InAFleetOfOne_IsNotAudited()
    {
        using var play = new PlayedRun(Specification, "a");
        play.Give("a", play.Problems("a").First(), version: 0);

        play.AssignAudits();

        Assert.Empty(play.Audits("a"));
        Assert.Equal(0, play.Parts.Get<AuditBook>().Open);
    }

    /// <summary>The only other worker has left: what was drawn before waits for the next that comes.</summary>
    [Fact]
    public void Sample_WithoutAnAuditorAnyMore_Waits()
    {
        using var play = new PlayedRun(Specification, "a", "b");
        play.Give("a", play.Problems("a").First(), version: 0);
        play.Parts.Get<Members>().OnLeft(play.Entry("b").Session);

        play.AssignAudits();

        Assert.Empty(play.Audits("a"));
        Assert.Equal(1, play.Parts.Get<AuditBook>().Open);
    }

    [Theory]
    [InlineData("right", "a")]
    [InlineData("wrong", "b")]
    public void Dispute_ThirdDecides_WhoDiffersFromTwoIsQuarantined(string first, string quarantined)
    {
        using var play = new PlayedRun(Specification, "a", "b", "c");
        var sample = play.Give("a", play.Problems("a").First(), version: 0);
        play.AssignAudits();
        string second = play.Audits("b").Count > 0 ? "b" : "c", third = second == "b" ? "c" : "b";
        play.Audit(second, play.Audits(second)[0].AuditId, Other(sample, 1));
        Assert.Single(play.Parts.Get<AuditBook>().Disputes);
        Assert.Empty(play.Parts.Get<QuarantineRegister>().All);
        play.AssignAudits();
        // The second is told that its order is over.
        Assert.Empty(play.Audits(second)[^1].Truncations);

        play.Audit(third, play.Audits(third)[^1].AuditId, first == "right" ? Other(sample, 1) : sample);

        var record = Assert.Single(play.Parts.Get<QuarantineRegister>().All);
        Assert.Equal(quarantined == "a" ? "a" : second, record.Worker);
        Assert.Contains("ulp", record.Finding, StringComparison.Ordinal);
        Assert.Empty(play.Parts.Get<AuditBook>().Disputes);
        Assert.Contains(play.Heard(record.Worker), m => m.Reject is { Fatal: true, Reason: RejectReason.Quarantined });
    }

    /// <summary>If the third has yet another result, nobody is found wrong before two agree.</summary>
    [Fact]
    public void Dispute_ThreeDiffer_TheFourthDecidesAndTwoAreQuarantined()
    {
        using var play = new PlayedRun(Specification, "a", "b", "c", "d");
        var sample = play.Give("a", play.Problems("a").First(), version: 0);
        string[] order = ["", "", ""];
        for (int i = 0; i < 3; i++)
        {
            play.AssignAudits();
            order[i] = ((string[])["b", "c", "d"]).Single(w => !order.Contains(w) && play.Audits(w).Count > 0);
            if (i == 2) Assert.Empty(play.Parts.Get<QuarantineRegister>().All);
            play.Audit(order[i], play.Audits(order[i])[^1].AuditId, i == 2 ? sample : Other(sample, i + 1));
        }

        Assert.Equal(order[..2].Order(), play.Parts.Get<QuarantineRegister>().All.Select(r => r.Worker).Order());
    }

    [Fact]
    public void Result_Malformed_IsRefusedAndAnotherWorkerComputesIt()
    {
        using var play = new PlayedRun(Specification, "a", "b", "c");
        var sample = play.Give("a", play.Problems("a").First(), version: 0);
        play.AssignAudits();
        string second = play.Audits("b").Count > 0 ? "b" : "c", third = second == "b" ? "c" : "b";
        var malformed = sample.Clone();
        malformed.Gradients[0].Values.RemoveAt(0);

        play.Audit(second, play.Audits(second)[0].AuditId, malformed);

        Assert.Equal(1, play.Parts.Get<RunTotals>().Rejected.Values.Sum());
        play.AssignAudits();
        Assert.Single(play.Audits(third));
        Assert.Empty(play.Parts.Get<AuditBook>().Disputes);
    }

    [Fact]
    public void Auditor_ThatIsLostOrSilent_IsReplaced()
    {
        using var play = new PlayedRun(Specification, "a", "b", "c");
        play.Give("a", play.Problems("a").First(), version: 0);
        play.AssignAudits();
        string second = play.Audits("b").Count > 0 ? "b" : "c", third = second == "b" ? "c" : "b";

        play.Parts.Time.Advance(AuditAssignment.Patience);
        play.AssignAudits();
        Assert.Single(play.Audits(third));
        play.Parts.Get<Members>().OnLeft(play.Entry(third).Session);
        play.AssignAudits();

        Assert.Equal(2, play.Audits(second).Count(a => a.Truncations.Count > 0));
    }

    private static Sample Other(Sample sample, int bits)
    {
        var other = sample.Clone();
        other.Losses[0] = BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(other.Losses[0]) + bits);
        return other;
    }
}
