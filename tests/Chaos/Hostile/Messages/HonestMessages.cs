using Google.Protobuf;
using LoptCluster.Engine.Verification;
using LoptCluster.Protocol.V1;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared;
using LoptCluster.Shared.Run;

namespace LoptCluster.Chaos.Hostile.Messages;

/// <summary>The messages of an honest worker, which are then spoiled in one place.</summary>
internal static class HonestMessages
{
    private const int WLength = 16;

    /// <summary>Vectors of the MLP optimizer's state.</summary>
    private const int StateVectors = 5;

    private const double Loss = 1, Accuracy = 0.5;

    public static Hello Hello(string workerId) => new()
    {
        WorkerId = workerId,
        Host = "host",
        Slots = 1,
        EngineVersion = EngineVersion.Current,
        Instance = workerId,
        SelfCheck = SelfCheck.Value,
    };

    /// <summary>A sample that would be accepted, for a problem of the sender.</summary>
    public static Sample Sample(HeldProblem problem, Victim victim, HostileStream stream)
    {
        long version = victim.IsSynchronous ? problem.DueVersion : stream.Version;
        int steps = victim.Steps(problem, version), left = problem.Horizon - problem.InnerStep;
        var sample = new Sample
        {
            ProblemId = problem.Id,
            Truncation = problem.NextTruncation,
            AssignmentId = problem.AssignmentId,
            ThetaVersion = version,
            StartStep = problem.InnerStep,
            Steps = steps,
            Seconds = 0.01,
            ProblemFinished = steps == left,
            SpecificationHash = stream.Welcome!.SpecificationHash,
        };
        sample.Losses.Add([Loss, Loss]);
        var gradient = new Sample.Types.Gradient
        {
            Estimator = EstimatorId.Rp.Name,
            Outcome = Protocol.V1.Sample.Types.Outcome.Finite,
            Seconds = 0.005,
        };
        gradient.Values.AddRange(Enumerable.Repeat(0.01f, victim.ThetaLength));
        sample.Gradients.Add(gradient);
        return sample;
    }

    public static Heartbeat Heartbeat() => new()
    {
        Slots = { new SlotStatus { Slot = 0, Activity = "unrolling", ProblemId = 0, InnerStep = 1 } },
        InnerStepsPerSecond = 100,
        ResidentBytes = 100 << 20,
    };

    public static EvaluationResult Evaluation(Evaluation asked) => new()
    {
        EvaluationId = asked.EvaluationId,
        MeanLoss = { Enumerable.Repeat(Loss, asked.Tasks) },
        FinalLoss = { Enumerable.Repeat(Loss, asked.Tasks) },
        Seconds = 1,
    };

    /// <summary>A result that would be taken for a part of a comparison of the sender, whose every loss is the same.</summary>
    public static ComparisonPartResult PartResult(ComparisonPart part, Victim victim)
    {
        var curve = Enumerable.Repeat((float)Loss, victim.CurvePoints);
        return new ComparisonPartResult
        {
            PartId = part.PartId,
            Losses = { Loss, Loss, Loss, Loss, Accuracy, Accuracy },
            Setting = part.Baseline is { } baseline ? baseline.Settings.Count - 1 : 0,
            TrainCurve = { curve },
            ValidCurve = { curve },
            Seconds = 1,
        };
    }

    /// <summary>A state that fits everything that the coordinator knows; workers know that w of this run is longer.</summary>
    public static InnerState State(HeldProblem problem) => new()
    {
        ProblemId = problem.Id,
        Horizon = problem.Horizon,
        NextTruncation = problem.NextTruncation,
        InnerStep = problem.InnerStep,
        Particles = [new Particle(new float[WLength], new float[StateVectors * WLength])],
    };

    /// <summary>A problem of its sender, handed back in one part.</summary>
    public static StateChunk Chunk(HeldProblem problem) => new()
    {
        Data = UnsafeByteOperations.UnsafeWrap(InnerStateCodec.Encode(State(problem))),
        Last = true,
        AssignmentId = problem.AssignmentId,
    };
}
