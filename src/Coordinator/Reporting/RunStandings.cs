using LoptCluster.Coordinator.Hosts;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Instruments;

namespace LoptCluster.Coordinator.Reporting;

/// <summary>Composes where the runs of a process stand.</summary>
internal static class RunStandings
{
    public static IReadOnlyList<RunStanding> Of(RunHosts runs) => [.. runs.All.Select(Of)];

    private static RunStanding Of(ServedRun run)
    {
        if (run.Host is not { } host)
        {
            return new RunStanding
            {
                Name = run.Name,
                State = run.IsWaiting ? ServedState.Waiting : ServedState.Failed,
                Problem = run.Failure,
            };
        }

        var status = host.Get<StatusBoard>().Current;
        var present = status.Workers.Where(w => w.State is not (WorkerStates.Lost or WorkerStates.Draining)).ToList();
        return new RunStanding
        {
            Name = run.Name,
            RunId = host.Run.RunId,
            State = StateOf(host, status),
            OuterUpdate = status.OuterUpdate,
            OuterUpdates = host.Run.OuterUpdates,
            Workers = present.Count,
            Slots = present.Sum(w => w.Slots),
            Seconds = status.SecondsRunning,
            SecondsLeft = status.SecondsLeft,
            Problem = run.Failure.Length > 0
                ? run.Failure
                // Without a worker it waits for its share of the fleet.
                : present.Count == 0
                    ? ""
                    : status.Notices.FirstOrDefault(n => n.Severity == Protocol.V1.NoticeSeverity.Problem)?.Text ?? "",
        };
    }

    private static ServedState StateOf(RunHost host, Status status) =>
        host.Failure is not null ? ServedState.Failed
        : status.State == RunState.Finished ? ServedState.Finished
        : host.HasEnded || status.State == RunState.Draining ? ServedState.Stopped
        : ServedState.Running;
}
