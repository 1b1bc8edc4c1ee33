using System.Diagnostics;
using LoptCluster.Shared;

namespace LoptCluster.Chaos.Failures.Networks;

/// <summary>The program <c>ip</c> of iproute2.</summary>
internal static class IpTool
{
    public const string Name = "ip";

    /// <summary>The command that starts a program in a namespace; the program takes the place of <c>ip</c> in its process.</summary>
    public static string[] Within(string space) => [Name, "netns", "exec", space];

    /// <param name="arguments">Arguments, separated by single spaces.</param>
    /// <exception cref="UserErrorException">It failed.</exception>
    public static void Run(string arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Name, arguments) { RedirectStandardError = true })!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new UserErrorException($"'{Name} {arguments}' failed: {error.Trim()}");
    }
}
