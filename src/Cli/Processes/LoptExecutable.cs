using System.Diagnostics;
using System.Reflection;

namespace LoptCluster.Cli.Processes;

/// <summary>Start information for this program as a child process.</summary>
internal static class LoptExecutable
{
    /// <summary>The running program: <c>lopt</c>, or a program that called <see cref="LoptProgram"/>.</summary>
    public static Assembly Program { get; set; } = typeof(LoptExecutable).Assembly;

    /// <summary>This program with arguments: its executable, or <c>dotnet PROGRAM.dll</c> if it was started that way.</summary>
    public static ProcessStartInfo With(params IEnumerable<string> arguments)
    {
        string? running = Environment.ProcessPath, program = Program.GetName().Name;
        string runningName = Path.GetFileName(running) ?? "";
        bool isProgram = runningName.Equals(program, StringComparison.OrdinalIgnoreCase)
            || runningName.Equals($"{program}.exe", StringComparison.OrdinalIgnoreCase);
        var start = new ProcessStartInfo(isProgram ? running! : "dotnet");
        if (!isProgram) start.ArgumentList.Add(Program.Location);
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        return start;
    }
}
