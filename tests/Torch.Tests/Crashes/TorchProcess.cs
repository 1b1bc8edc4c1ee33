using System.Diagnostics;
using LoptCluster.ClusterTestKit;

namespace LoptCluster.Torch.Tests.Crashes;

/// <summary>This test program again, as <c>lopt</c> with the tests' modules.</summary>
internal static class TorchProcess
{
    public static LoptProcess Start(string[] arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;

        // An intended crash writes no core dump of half a gigabyte.
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        return LoptProcess.Start(start);
    }
}
