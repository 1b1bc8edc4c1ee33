using Google.Protobuf;
using LoptCluster.Protocol.V1;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared;
using LoptCluster.Worker.Reports;

namespace LoptCluster.Worker.Link;

/// <summary>What a worker sends, as messages of the protocol.</summary>
internal static class WorkerMessages
{
    public static WorkerMessage Hello(LinkOptions options, string runId, Fingerprints fingerprints, IEnumerable<ProblemPosition> held)
    {
        var hello = new Hello
        {
            WorkerId = options.WorkerId,
            Host = Environment.MachineName,
            Slots = options.Slots,
            EngineVersion = EngineVersion.Current,
            RunId = runId,
            DatasetFingerprint = fingerprints.Dataset,
            LayoutFingerprint = fingerprints.Layout,
        };
        hello.Held.AddRange(held.Select(p => new HeldProblem
        {
            ProblemId = p.ProblemId,
            NextTruncation = p.NextTruncation,
            InnerStep = p.InnerStep,
        }));
        return new WorkerMessage { Hello = hello };
    }

    public static WorkerMessage Sample(OutboundMessage.Measured message) =>
        new() { Sample = SampleWire.ToProto(message.Sample, message.SpecificationHash, message.Trace?.Id) };

    public static WorkerMessage Evaluation(OutboundMessage.Evaluated message)
    {
        var result = new EvaluationResult { EvaluationId = message.EvaluationId, Seconds = message.Elapsed.TotalSeconds };
        result.MeanLoss.AddRange(message.Outcome.MeanLoss);
        result.FinalLoss.AddRange(message.Outcome.FinalLoss);
        return new WorkerMessage { Evaluation = result };
    }

    public static WorkerMessage Heartbeat(StatusReport status, double innerStepsPerSecond)
    {
        var heartbeat = new Heartbeat
        {
            InnerStepsPerSecond = innerStepsPerSecond,
            ResidentBytes = status.ResidentBytes,
            DatasetFingerprint = status.Fingerprints.Dataset,
            LayoutFingerprint = status.Fingerprints.Layout,
        };
        heartbeat.Slots.AddRange(status.Slots.Select(s => new SlotStatus
        {
            Slot = s.Slot,
            Activity = s.Activity,
            ProblemId = s.ProblemId,
            InnerStep = s.InnerStep,
        }));
        return new WorkerMessage { Heartbeat = heartbeat };
    }

    public static WorkerMessage Unusable(OutboundMessage.StateUnusable message) =>
        new() { UnusableState = new UnusableState { ProblemId = message.ProblemId, Detail = message.Mismatch } };

    public static WorkerMessage Goodbye(OutboundMessage.Goodbye message)
    {
        var goodbye = new Goodbye { Reason = message.Reason };
        goodbye.InnerStates.AddRange(message.States.Select(s => UnsafeByteOperations.UnsafeWrap(InnerStateCodec.Encode(s))));
        return new WorkerMessage { Goodbye = goodbye };
    }
}
