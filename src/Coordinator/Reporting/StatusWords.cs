using LoptCluster.Coordinator.Run;
using LoptCluster.Coordinator.Telemetry;
using LoptCluster.Protocol.V1;
using WireSeverity = LoptCluster.Protocol.V1.NoticeSeverity;

namespace LoptCluster.Coordinator.Reporting;

/// <summary>Parts of a status in the protocol's terms.</summary>
internal static class StatusWords
{
    public static RunState ToProto(RunStage stage) => stage switch
    {
        RunStage.WaitingForWorkers => RunState.WaitingForWorkers,
        RunStage.Running => RunState.Running,
        RunStage.Paused => RunState.Paused,
        RunStage.Draining => RunState.Draining,
        RunStage.Finished => RunState.Finished,
        RunStage.Interrupted => RunState.Interrupted,
        _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, "This stage has no form on the wire."),
    };

    public static Protocol.V1.Notice ToProto(Notice notice) => new()
    {
        Kind = CoordinatorMetrics.LabelOf(notice.Kind),
        Severity = notice.Severity switch
        {
            NoticeSeverity.Problem => WireSeverity.Problem,
            NoticeSeverity.Warning => WireSeverity.Warning,
            NoticeSeverity.Information => WireSeverity.Information,
            NoticeSeverity.Success => WireSeverity.Success,
            _ => throw new ArgumentOutOfRangeException(nameof(notice), notice.Severity, "This severity has no form on the wire."),
        },
        Text = notice.Text,
    };

    public static Protocol.V1.Refusal ToProto(RefusedMessage refused) => new()
    {
        UnixMilliseconds = refused.At.ToUnixTimeMilliseconds(),
        WorkerId = refused.WorkerId,
        Reason = Sessions.WireMessages.ToProto(refused.Refusal.Reason),
        Detail = refused.Refusal.Detail,
    };

    public static LostWorker ToProto(LostConnection lost) => new()
    {
        UnixMilliseconds = lost.At.ToUnixTimeMilliseconds(),
        WorkerId = lost.WorkerId,
        Host = lost.Host,
        Problems = lost.Problems,
    };
}
