using System.Diagnostics;
using System.Reflection;

namespace LoptCluster.Engine.Tests;

/// <summary>This test program, once more.</summary>
internal static class TestProcess
{
    /// <param name="arguments">Of xunit's own runner: which tests.</param>
    public static ProcessStartInfo Start(params string[] arguments)
    {
        string assembly = Assembly.GetExecutingAssembly().Location, process = Environment.ProcessPath!;
        bool host = Path.GetFileNameWithoutExtension(process) == "dotnet";
        return new ProcessStartInfo(process, host ? ["exec", assembly, .. arguments] : arguments) { RedirectStandardOutput = true };
    }
}
