using System.Runtime.InteropServices;
using LoptCluster.Shared;

namespace LoptCluster.Chaos.Failures.Networks;

/// <summary>Namespaces of network, mounts and processes in which this program and all that it starts are alone.</summary>
/// <remarks>
/// Nothing outside of them is touched: they vanish, with every device, process and named namespace in them, when this program ends, also by
/// SIGKILL.
/// </remarks>
internal static partial class OwnNamespaces
{
    private const string Inside = "LOPT_CHAOS_IN_NAMESPACES";

    /// <summary>Named namespaces are files, which a file system of our own takes with it.</summary>
    private const string Prepare =
        "mkdir -p /var/run/netns && mount -t tmpfs netns /var/run/netns && ip link set lo up && exec \"$@\"";

    private static readonly string[] Tools = ["unshare", "mount", "sh", IpTool.Name];

    /// <summary>Starts this program again within such namespaces, in the place of this process; returns if it is there already.</summary>
    /// <exception cref="UserErrorException">The system does not allow it.</exception>
    public static void Enter(IEnumerable<string> arguments)
    {
        if (Environment.GetEnvironmentVariable(Inside) is not null) return;
        if (!OperatingSystem.IsLinux()) throw Cannot("Linux");
        if (!Environment.IsPrivilegedProcess) throw Cannot("root");
        if (!File.Exists(TunDevice.Path)) throw Cannot($"TUN devices: {TunDevice.Path} does not exist");
        if (Array.Find(Tools, t => Find(t) is null) is { } missing) throw Cannot($"'{missing}', which is not in the search path");
        string program = Environment.ProcessPath!;
        string[] self = Path.GetFileName(program) == "dotnet" ? [program, Environment.GetCommandLineArgs()[0]] : [program];
        string?[] command =
        [
            "unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc",
            "env", $"{Inside}=1", "sh", "-c", Prepare, "sh", .. self, .. arguments, null,
        ];
        _ = Execute(Find(command[0]!)!, command);
        throw Cannot($"'{command[0]}', which does not start: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    private static string? Find(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(p => Path.Combine(p, tool))
            .FirstOrDefault(File.Exists);

    private static UserErrorException Cannot(string need) =>
        new($"--network namespaces needs {need}. Use --network proxies, or a system that has it.");

    [LibraryImport("libc", EntryPoint = "execv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execute(string program, string?[] arguments);
}
