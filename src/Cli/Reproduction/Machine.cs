using System.Runtime.InteropServices;
using LoptCluster.Cli.CommandLine;

namespace LoptCluster.Cli.Reproduction;

/// <summary>This machine in words: the name of its processor, and its cores.</summary>
internal static class Machine
{
    private const string ProcessorFile = "/proc/cpuinfo";
    private const string NameKey = "model name";

    public static string Describe() => $"{Processor()}, {DisplayFormat.Plural(Environment.ProcessorCount, "core")}";

    private static string Processor()
    {
        string? line = File.Exists(ProcessorFile)
            ? File.ReadLines(ProcessorFile).FirstOrDefault(l => l.StartsWith(NameKey, StringComparison.Ordinal))
            : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() ?? $"{RuntimeInformation.ProcessArchitecture} processor";
    }
}
