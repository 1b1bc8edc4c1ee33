using System.Diagnostics;
using System.Reflection;

namespace LoptCluster.Cli.Processes;

/// <summary>How to start this program again as a child process.</summary>
internal static class LoptExecutable
{
    /// <summary>The program whose commands these are: <c>lopt</c>, or one that called <see cref="LoptProgram"/>.</summary>
    public static Assembly Program { get; set; } = typeof(LoptExecutable).Assembly;

    /// <summary>Start of this program with arguments: its executable, or <c>dotnet PROGRAM.dll</c> where it was started that way.</summary>
    public static ProcessStartInfo With(params IEnumerable<string> arguments)
    {
        string? running = Environment.ProcessPath;
        bool isProgram = Path.GetFileName(running) is { } name && (name.Equals(Program.GetName().Name, StringComparison.OrdinalIgnoreCase) || name.Equals($"{Program.GetName().Name}.exe", StringComparison.OrdinalIgnoreCase));
        var start = new ProcessStartInfo(isProgram ? running! : "dotnet");
        if (!isProgram) start.ArgumentList.Add(Program.Location);
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        return start;
    }
}
