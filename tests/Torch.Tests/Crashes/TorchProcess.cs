using System.Diagnostics;
using LoptCluster.Cluster.Tests;

namespace LoptCluster.Torch.Tests.Crashes;

/// <summary>This test's program again, as <c>lopt</c> with the tests' modules. Killed with the test.</summary>
internal static class TorchProcess
{
    /// <param name="variable">Of the environment, on top of the test's.</param>
    public static LoptProcess Start((string Name, string Value)? variable, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (variable is { } v) start.Environment[v.Name] = v.Value;

        // No half a gigabyte of core for a crash that is wanted.
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        return LoptProcess.Start(start);
    }
}
