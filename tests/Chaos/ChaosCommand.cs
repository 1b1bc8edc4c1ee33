using System.CommandLine;
using LoptCluster.Chaos.Failures;
using LoptCluster.Chaos.Hostile;
using LoptCluster.Chaos.Storage;

namespace LoptCluster.Chaos;

/// <summary>The command line: one command for each scenario. Status 0: what must hold has held; 1: it has not; 2: wrong usage.</summary>
internal static class ChaosCommand
{
    public static RootCommand Create() =>
        new("Scenarios that a coordinator and its workers must survive, with real processes on this machine. Each is drawn from a seed.")
        {
            FailuresCommand.Create(),
            HostileCommand.Create(),
            StorageCommand.Create(),
        };
}
