using Google.Protobuf;
using LoptCluster.Protocol;
using LoptCluster.Protocol.V1;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared;
using LoptCluster.Worker.Reports;

namespace LoptCluster.Worker.Link;

/// <summary>What a worker sends, as messages of the protocol.</summary>
internal static class WorkerMessages
{
    private static readonly string Instance = Guid.NewGuid().ToString("N");

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
            Instance = Instance,
            SelfCheck = options.SelfCheck,
        };
        hello.Held.AddRange(held.Select(p => new HeldProblem
        {
            ProblemId = p.ProblemId,
            NextTruncation = p.NextTruncation,
            InnerStep = p.InnerStep,
            AssignmentId = p.AssignmentId,
        }));
        return new WorkerMessage { Hello = hello };
    }

    public static WorkerMessage Sample(OutboundMessage.Measured message) =>
        new() { Sample = SampleWire.ToProto(message.Sample, message.SpecificationHash, message.Trace?.Id, message.AssignmentId) };

    public static WorkerMessage Evaluation(OutboundMessage.Evaluated message)
    {
        var result = new EvaluationResult { EvaluationId = message.EvaluationId, Seconds = message.Elapsed.TotalSeconds };
        result.MeanLoss.AddRange(message.Outcome.MeanLoss);
        result.FinalLoss.AddRange(message.Outcome.FinalLoss);
        return new WorkerMessage { Evaluation = result };
    }

    public static WorkerMessage Compared(OutboundMessage.Compared message)
    {
        var (part, losses) = (message.Result, message.Result.Losses);
        var result = new ComparisonPartResult
        {
            PartId = message.PartId,
            Setting = part.Setting,
            Seconds = message.Elapsed.TotalSeconds,
        };
        result.Losses.AddRange(
            [losses.TrainMean, losses.TrainFinal, losses.ValidMean, losses.ValidFinal, losses.TrainAccuracy, losses.ValidAccuracy]);
        result.TrainCurve.AddRange(part.TrainCurve);
        result.ValidCurve.AddRange(part.ValidCurve);
        return new WorkerMessage { ComparisonPartResult = result };
    }

    public static WorkerMessage Audited(OutboundMessage.Audited message) => new()
    {
        AuditResult = new AuditResult
        {
            AuditId = message.AuditId,
            Sample = SampleWire.ToProto(message.Sample, message.SpecificationHash),
        },
    };

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

    /// <summary>The states that a worker hands back, part by part, and then its goodbye.</summary>
    public static IEnumerable<WorkerMessage> Goodbye(OutboundMessage.Goodbye message)
    {
        foreach (var problem in message.Unfinished)
        {
            foreach (var chunk in Chunks(InnerStateCodec.Encode(problem.State), problem.AssignmentId))
                yield return new WorkerMessage { StateChunk = chunk };
        }

        yield return new WorkerMessage { Goodbye = new Goodbye { Reason = message.Reason, Failed = message.Failed } };
    }

    private static IEnumerable<StateChunk> Chunks(ReadOnlyMemory<byte> state, long assignmentId)
    {
        for (int start = 0; start < state.Length; start += ProtocolLimits.StateChunkBytes)
        {
            var part = state.Slice(start, Math.Min(ProtocolLimits.StateChunkBytes, state.Length - start));
            yield return new StateChunk
            {
                Data = UnsafeByteOperations.UnsafeWrap(part),
                Last = start + part.Length == state.Length,
                AssignmentId = assignmentId,
            };
        }
    }
}
