using LoptCluster.Protocol.V1;
using LoptCluster.TestKit;

namespace LoptCluster.ClusterTestKit;

/// <summary>
/// A problem as a worker holds it. Its samples are fabricated from their identity and θ version, the same in every process.
/// </summary>
public sealed class ScriptedProblem(InnerProblem assignment, Welcome welcome)
{
    public InnerProblem Assignment { get; } = assignment;

    public long Id => Assignment.ProblemId;

    public int NextTruncation { get; private set; } = assignment.State?.NextTruncation ?? assignment.Replay.Count;

    public int InnerStep { get; private set; } = assignment.State?.InnerStep ?? assignment.Replay.Sum(r => r.Steps);

    public bool Finished => InnerStep >= Assignment.Horizon;

    public HeldProblem Held => new() { ProblemId = Id, NextTruncation = NextTruncation, InnerStep = InnerStep };

    public InnerStateBlob State => new()
    {
        ProblemId = Id,
        NextTruncation = NextTruncation,
        InnerStep = InnerStep,
        W = Google.Protobuf.ByteString.CopyFrom(new byte[8]),
        M = Google.Protobuf.ByteString.CopyFrom(new byte[16]),
    };

    /// <summary>The next truncation's sample; the problem moves on.</summary>
    public Sample Next(long thetaVersion)
    {
        int steps = Math.Min(SmallRun.Steps, Assignment.Horizon - InnerStep);
        var random = new Random(HashCode(Id, NextTruncation, thetaVersion));
        var sample = new Sample
        {
            ProblemId = Id,
            Truncation = NextTruncation,
            ThetaVersion = thetaVersion,
            StartStep = InnerStep,
            Steps = steps,
            PositiveLoss = 1 + random.NextDouble(),
            NegativeLoss = 1 + random.NextDouble(),
            RpComputed = true,
            RpValid = true,
            Seconds = 0.01,
            ProblemFinished = InnerStep + steps == Assignment.Horizon,
            SpecificationHash = welcome.SpecificationHash,
        };
        for (int i = 0; i < welcome.ThetaLength; i++)
        {
            sample.GradientRp.Add(random.NextSingle() - 0.5f);
            sample.GradientEs.Add(random.NextSingle() - 0.5f);
        }

        NextTruncation++;
        InnerStep += steps;
        return sample;
    }

    private static int HashCode(long problem, int truncation, long version) =>
        (int)((problem * 7919) + (truncation * 104729) + (version * 31));
}
