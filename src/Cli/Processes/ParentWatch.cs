using System.CommandLine;
using System.Runtime.InteropServices;
using LoptCluster.Cli.CommandLine;

namespace LoptCluster.Cli.Processes;

/// <summary>Ends a child process of <c>lopt train</c> when its parent has ended.</summary>
/// <remarks>
/// The parent holds the other end of standard input and never writes to it. End of input is the signal, however the parent died, even by
/// kill −9. PR_SET_PDEATHSIG does not work here: it fires when the *thread* that started the child ends, and .NET's pool threads do end.
/// </remarks>
internal static class ParentWatch
{
    /// <summary>Time for a clean exit before the process is terminated.</summary>
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
