using System.Runtime.CompilerServices;
using LoptCluster.Engine.Datasets;
using LoptCluster.Protocol.V1;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared.Instruments;
using LoptCluster.Shared.Run;

namespace LoptCluster.Coordinator.Sessions;

/// <summary>The one place where messages of the worker's stream become records of the coordinator, and the other way round.</summary>
internal static class WireMessages
{
    private const int LongestName = 200;

    /// <summary>Layouts of convolutional nets have a part for each tensor.</summary>
    private const int LongestFingerprint = 4000;

    /// <summary>Figures that only inform become zero beyond these bounds: sums over the fleet must stay numbers.</summary>
    private const double MostInnerSteps = 1e12, MostSeconds = 1e8;

    private static readonly ConditionalWeakTable<PublishedTheta, Theta> Thetas = [];

    public static WorkerHello FromProto(Hello hello) => new()
    {
        TextFault = TextFaultOf(hello),
        WorkerId = PeerText.Of(hello.WorkerId, LongestName),
        Host = PeerText.Of(hello.Host, LongestName),
        Slots = hello.Slots,
        EngineVersion = PeerText.Of(hello.EngineVersion, LongestName),
        RunId = PeerText.Of(hello.RunId, LongestName),
        Instance = PeerText.Of(hello.Instance, LongestName),
        SelfCheck = PeerText.Of(hello.SelfCheck, LongestName),
        Held = [.. hello.Held.Select(h => new HeldPosition(h.ProblemId, h.NextTruncation, h.InnerStep, h.AssignmentId))],
        DatasetFingerprint = PeerText.Of(hello.DatasetFingerprint, LongestFingerprint),
        LayoutFingerprint = PeerText.Of(hello.LayoutFingerprint, LongestFingerprint),
    };

    public static IncomingMessage FromProto(WorkerMessage message) => message.KindCase switch
    {
        WorkerMessage.KindOneofCase.Sample => FromProto(message.Sample),
        WorkerMessage.KindOneofCase.Heartbeat => FromProto(message.Heartbeat),
        WorkerMessage.KindOneofCase.Evaluation => FromProto(message.Evaluation),
        WorkerMessage.KindOneofCase.ComparisonPartResult =>
            ComparisonWire.FromProto(message.ComparisonPartResult, Plausible(message.ComparisonPartResult.Seconds)),
        WorkerMessage.KindOneofCase.AuditResult when message.AuditResult.Sample is { } sample =>
            new AuditReceived(message.AuditResult.AuditId, FromProto(sample)),
        WorkerMessage.KindOneofCase.UnusableState => new StateUnusable(
            message.UnusableState.ProblemId, PeerText.Of(message.UnusableState.Detail)),
        WorkerMessage.KindOneofCase.Goodbye => new GoodbyeReceived(PeerText.Of(message.Goodbye.Reason), message.Goodbye.Failed),
        _ => new UnexpectedReceived(message.KindCase.ToString()),
    };

    public static CoordinatorMessage ToProto(OutgoingMessage message) => message switch
    {
        Welcomed m => new CoordinatorMessage { Welcome = ToProto(m) },
        ProblemAssigned m => new CoordinatorMessage { Assignment = new Assignment { Problem = ToProto(m) } },
        EvaluationAssigned m => new CoordinatorMessage { Assignment = new Assignment { Evaluation = ToProto(m) } },
        ComparisonPartAssigned m =>
            new CoordinatorMessage { Assignment = new Assignment { ComparisonPart = ComparisonWire.ToProto(m) } },
        AuditAssigned m => new CoordinatorMessage { Assignment = new Assignment { Audit = AuditWire.ToProto(m.Order) } },
        SampleAcknowledged m => new CoordinatorMessage
        {
            Ack = new Ack { ProblemId = m.Sample.ProblemId, Truncation = m.Sample.Truncation, Outcome = ToProto(m.Verdict) },
        },
        MessageRefused m => new CoordinatorMessage { Reject = ToProto(m) },
        ProblemRevoked m => new CoordinatorMessage { Revoke = new Revoke { ProblemId = m.ProblemId } },
        PauseChanged m => new CoordinatorMessage { SetPaused = new SetPaused { Paused = m.Paused } },
        Dismissed m => new CoordinatorMessage { Drain = new Drain { Reason = m.Reason, ComeBack = m.ComeBack } },
        _ => throw new ArgumentOutOfRangeException(nameof(message), message, "This message has no form on the wire."),
    };

    /// <summary>θ; its message is made once for all workers.</summary>
    public static CoordinatorMessage ToProto(PublishedTheta theta) => new() { Theta = Thetas.GetValue(theta, ThetaWire.ToProto) };

    public static RejectReason ToProto(RefusalReason reason) => reason switch
    {
        RefusalReason.WrongRun => RejectReason.WrongRun,
        RefusalReason.WrongEngineVersion => RejectReason.WrongEngineVersion,
        RefusalReason.WrongLength => RejectReason.WrongLength,
        RefusalReason.NotFinite => RejectReason.NotFinite,
        RefusalReason.ThetaFromFuture => RejectReason.ThetaFromFuture,
        RefusalReason.UnknownProblem => RejectReason.UnknownProblem,
        RefusalReason.WrongDataset => RejectReason.WrongDataset,
        RefusalReason.Malformed => RejectReason.Malformed,
        RefusalReason.WrongInnerProblem => RejectReason.WrongInnerProblem,
        RefusalReason.WorkerIdInUse => RejectReason.WorkerIdInUse,
        RefusalReason.FailedSelfCheck => RejectReason.FailedSelfCheck,
        RefusalReason.Quarantined => RejectReason.Quarantined,
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "This reason has no form on the wire."),
    };

    private static string? TextFaultOf(Hello hello) => hello.WorkerId.Length == 0
        ? $"the worker id is empty; it must have 1 to {LongestName} characters"
        : PeerText.FaultOf("worker id", hello.WorkerId, LongestName)
            ?? PeerText.FaultOf("worker's host", hello.Host, LongestName)
            ?? PeerText.FaultOf("worker's engine version", hello.EngineVersion, LongestName)
            ?? PeerText.FaultOf("worker's run id", hello.RunId, LongestName)
            ?? PeerText.FaultOf("worker's instance", hello.Instance, LongestName)
            ?? PeerText.FaultOf("worker's self-check", hello.SelfCheck, LongestName)
            ?? PeerText.FaultOf("worker's dataset fingerprint", hello.DatasetFingerprint, LongestFingerprint)
            ?? PeerText.FaultOf("worker's layout fingerprint", hello.LayoutFingerprint, LongestFingerprint);

    private static SampleReceived FromProto(Sample sample) => new(
        SampleWire.FromProto(sample), PeerText.Of(sample.SpecificationHash), PeerText.Of(sample.TraceParent), sample.CalculateSize(),
        sample.AssignmentId);

    private static HeartbeatReceived FromProto(Heartbeat heartbeat) => new(
        heartbeat.InnerStepsPerSecond is > 0 and < MostInnerSteps ? heartbeat.InnerStepsPerSecond : 0,
        heartbeat.Slots.Select(s => s.Activity).Where(WorkerActivities.All.Contains).GroupBy(a => a).MaxBy(g => g.Count())?.Key
            ?? WorkerActivities.Waiting,
        PeerText.Of(heartbeat.DatasetFingerprint, LongestFingerprint),
        PeerText.Of(heartbeat.LayoutFingerprint, LongestFingerprint));

    private static EvaluationReceived FromProto(EvaluationResult result) =>
        new(result.EvaluationId, [.. result.MeanLoss], [.. result.FinalLoss], Plausible(result.Seconds));

    private static double Plausible(double seconds) => seconds is > 0 and < MostSeconds ? seconds : 0;

    private static Welcome ToProto(Welcomed message) => new()
    {
        RunId = message.Run.RunId,
        SpecificationJson = message.Run.SpecificationJson,
        SpecificationHash = message.Run.SpecificationHash,
        ThetaLength = message.Theta.Theta.Length,
        Theta = Thetas.GetValue(message.Theta, ThetaWire.ToProto),
        HeartbeatSeconds = Math.Max(1, (int)message.HeartbeatInterval.TotalSeconds),
    };

    private static InnerProblem ToProto(ProblemAssigned assigned)
    {
        var message = new InnerProblem
        {
            ProblemId = assigned.ProblemId,
            AssignmentId = assigned.AssignmentId,
            Horizon = assigned.Horizon,
            Lane = assigned.Lane,
            NotBeforeVersion = assigned.NotBeforeVersion,
        };
        StateOriginWire.Set(message, assigned.Origin);
        return message;
    }

    private static Evaluation ToProto(EvaluationAssigned assigned) => new()
    {
        EvaluationId = assigned.EvaluationId,
        Split = assigned.Split == ClassSplit.OuterTest ? EvaluationSplit.OuterTest : EvaluationSplit.OuterTrain,
        Tasks = assigned.Tasks,
        Baseline = assigned.Theta is null,
        Theta = assigned.Theta is null ? null : ThetaWire.ToProto(assigned.Theta),
    };

    private static Reject ToProto(MessageRefused refused) => new()
    {
        Reason = ToProto(refused.Refusal.Reason),
        Detail = refused.Refusal.Detail,
        Fatal = refused.Fatal,
        ProblemId = refused.Sample?.ProblemId ?? -1,
        Truncation = refused.Sample?.Truncation ?? -1,
    };

    private static SampleOutcome ToProto(SampleVerdict verdict) => verdict switch
    {
        SampleVerdict.Accepted => SampleOutcome.Accepted,
        SampleVerdict.Stale => SampleOutcome.Stale,
        SampleVerdict.Duplicate => SampleOutcome.Duplicate,
        SampleVerdict.Superseded => SampleOutcome.Superseded,
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "Such a sample is not acknowledged."),
    };
}
