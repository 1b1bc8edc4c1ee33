using System.CommandLine;
using System.Runtime.InteropServices;
using LoptCluster.Cli.CommandLine;

namespace LoptCluster.Cli.Processes;

/// <summary>In a child process of <c>lopt train</c>: ends it when its parent is gone.</summary>
/// <remarks>
/// The parent holds the other end of standard input and never writes. Its end, however the parent died, kill −9 included, is the signal.
/// PR_SET_PDEATHSIG would not do: it fires when the *thread* that started the child ends, and .NET's pool threads come and go.
/// </remarks>
internal static class ParentWatch
{
    /// <summary>Time for a clean end before the process is ended hard.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    public static Option<bool> Option() => new("--child") { Hidden = true };

    /// <summary>Leaves the terminal's process group, so that Ctrl-C reaches the parent alone, and watches standard input.</summary>
    public static void Begin(CliEnvironment environment)
    {
        if (!OperatingSystem.IsWindows()) _ = NativeMethods.SetProcessGroup(0, 0);
        new Thread(() => Watch(environment)) { IsBackground = true, Name = "parent watch" }.Start();
    }

    private static void Watch(CliEnvironment environment)
    {
        using var input = Console.OpenStandardInput();
        Span<byte> ignored = stackalloc byte[16];
        while (input.Read(ignored) > 0)
        {
        }

        environment.Stop.Request();
        Thread.Sleep(Grace);
        Environment.Exit(ExitStatus.Interrupted);
    }

    private static class NativeMethods
    {
        [DllImport("libc", EntryPoint = "setpgid")]
        public static extern int SetProcessGroup(int process, int group);
    }
}
