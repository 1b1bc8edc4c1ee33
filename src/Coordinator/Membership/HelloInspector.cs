using LoptCluster.Coordinator.Auditing;
using LoptCluster.Coordinator.Run;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Engine.Verification;
using LoptCluster.Protocol;
using LoptCluster.Shared;

namespace LoptCluster.Coordinator.Membership;

/// <summary>Checks whether a worker may join this run.</summary>
internal sealed class HelloInspector(RunContext run, Fingerprints fingerprints, QuarantineRegister quarantine)
{
    /// <summary>Computed while the run is read.</summary>
    private readonly Task<string> _selfCheck = Task.Run(() => SelfCheck.Value);

    /// <summary>Completes when the run loop need not wait for the self-check any more.</summary>
    public Task Ready => _selfCheck;

    /// <returns>Why it may not; null: it may.</returns>
    public Refusal? Inspect(WorkerHello hello)
    {
        if (hello.TextFault is { } fault) return Malformed(fault);
        if (hello.Slots is < 1 or > ProtocolLimits.MostSlots)
            return Malformed($"the worker offers {hello.Slots} slots; 1 to {ProtocolLimits.MostSlots} are allowed");
        if (hello.Held.Select(h => h.ProblemId).Distinct().Count() != hello.Held.Count)
            return Malformed("the worker lists a problem that it holds twice");
        if (hello.EngineVersion != EngineVersion.Current)
        {
            string detail = $"the worker's engine is version '{hello.EngineVersion}', this run's is '{EngineVersion.Current}'; start a "
                + $"worker of the same release";
            return new Refusal(RefusalReason.WrongEngineVersion, detail);
        }

        string selfCheck = _selfCheck.GetAwaiter().GetResult();
        if (hello.SelfCheck != selfCheck) return FailedSelfCheck(hello, selfCheck);
        if (quarantine.Inspect(hello.WorkerId, hello.Host) is { } quarantined) return quarantined;
        return hello.RunId.Length > 0 && hello.RunId != run.RunId
            ? new Refusal(RefusalReason.WrongRun, $"the worker belongs to run '{hello.RunId}', this is run '{run.RunId}'")
            : fingerprints.Inspect(hello.WorkerId, hello.DatasetFingerprint, hello.LayoutFingerprint);
    }

    private Refusal FailedSelfCheck(WorkerHello hello, string selfCheck) => new(
        RefusalReason.FailedSelfCheck,
        hello.SelfCheck.Length == 0
            ? $"the worker on host '{hello.Host}' sent no self-check, which is '{selfCheck}' here; start a worker of the same release"
            : $"the self-check on host '{hello.Host}' gave '{hello.SelfCheck}', the coordinator's is '{selfCheck}': they do not compute "
                + "the same numbers. Run 'lopt verify' on both machines, and take the one that fails out of the fleet; if neither fails, "
                + "start a worker of the same release");

    private static Refusal Malformed(string detail) => new(RefusalReason.Malformed, detail);
}
