using LoptCluster.Protocol.V1;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared.Run;
using LoptCluster.TestKit;

namespace LoptCluster.ClusterTestKit;

/// <summary>
/// A problem as a worker holds it. Its samples are fabricated from their identity and θ version, the same in every process.
/// </summary>
public sealed class ScriptedProblem(InnerProblem assignment, Welcome welcome)
{
    private const int WLength = 16;

    /// <summary>Of the MLP optimizer.</summary>
    private const int StateVectors = 5;

    public InnerProblem Assignment { get; } = assignment;

    public long Id => Assignment.ProblemId;

    public int NextTruncation { get; private set; } = StateOriginWire.Of(assignment).NextTruncation;

    public int InnerStep { get; private set; } = StateOriginWire.Of(assignment).InnerStep;

    /// <summary>Where the assignment continues from.</summary>
    public StateOrigin Origin { get; } = StateOriginWire.Of(assignment);

    public bool Finished => InnerStep >= Assignment.Horizon;

    public HeldProblem Held => new()
    {
        ProblemId = Id,
        NextTruncation = NextTruncation,
        InnerStep = InnerStep,
        AssignmentId = Assignment.AssignmentId,
    };

    /// <summary>A state of the shape that the run's optimizer and estimator ask for.</summary>
    public InnerState State => new()
    {
        ProblemId = Id,
        Horizon = Assignment.Horizon,
        NextTruncation = NextTruncation,
        InnerStep = InnerStep,
        Particles = [new Particle(new float[WLength], new float[StateVectors * WLength])],
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
            AssignmentId = Assignment.AssignmentId,
            ThetaVersion = thetaVersion,
            StartStep = InnerStep,
            Steps = steps,
            Seconds = 0.01,
            ProblemFinished = InnerStep + steps == Assignment.Horizon,
            SpecificationHash = welcome.SpecificationHash,
        };
        sample.Losses.Add([1 + random.NextDouble(), 1 + random.NextDouble()]);
        var rp = new Sample.Types.Gradient { Estimator = "rp", Outcome = Sample.Types.Outcome.Finite };
        for (int i = 0; i < welcome.ThetaLength; i++) rp.Values.Add(random.NextSingle() - 0.5f);
        sample.Gradients.Add(rp);

        NextTruncation++;
        InnerStep += steps;
        return sample;
    }

    private static int HashCode(long problem, int truncation, long version) =>
        (int)((problem * 7919) + (truncation * 104729) + (version * 31));
}
