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
        string running = Environment.ProcessPath!, program = Program.GetName().Name!;
        string assembly = Path.Combine(AppContext.BaseDirectory, $"{program}.dll");
        // A program in a single file has no assembly beside it, whatever the file is called.
        bool isProgram = program.Equals(NameOf(running), StringComparison.OrdinalIgnoreCase) || !File.Exists(assembly);
        var start = new ProcessStartInfo(isProgram || NameOf(running) == "dotnet" ? running : "dotnet");
        if (!isProgram) start.ArgumentList.Add(assembly);
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        return start;
    }

    private static string NameOf(string executable) =>
        executable.EndsWith(".exe", StringComparison.OrdinalIgnoreCase)
            ? Path.GetFileNameWithoutExtension(executable)
            : Path.GetFileName(executable);
}
