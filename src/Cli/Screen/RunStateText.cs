using LoptCluster.Protocol.V1;

namespace LoptCluster.Cli.Screen;

/// <summary>Names of the states of a run on the screen.</summary>
internal static class RunStateText
{
    public static string Of(RunState state) => state switch
    {
        RunState.WaitingForWorkers => "waiting for workers",
        RunState.Running => "running",
        RunState.Paused => "paused",
        RunState.Draining => "draining",
        RunState.Finished => "finished",
        RunState.Interrupted => "interrupted",
        _ => "starting",
    };
}
