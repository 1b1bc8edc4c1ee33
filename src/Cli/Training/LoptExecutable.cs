using System.Diagnostics;

namespace LoptCluster.Cli.Training;

/// <summary>How to start this program again as a child process.</summary>
internal static class LoptExecutable
{
    /// <summary>Start of <c>lopt</c> with arguments: the program itself, or <c>dotnet lopt.dll</c> where it was started that way.</summary>
    public static ProcessStartInfo With(params IEnumerable<string> arguments)
    {
        string? running = Environment.ProcessPath;
        bool isLopt = running is not null && Path.GetFileNameWithoutExtension(running).Equals("lopt", StringComparison.OrdinalIgnoreCase);
        var start = new ProcessStartInfo(isLopt ? running! : "dotnet");
        if (!isLopt) start.ArgumentList.Add(typeof(LoptExecutable).Assembly.Location);
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        return start;
    }
}
