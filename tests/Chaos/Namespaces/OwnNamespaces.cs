using System.Runtime.InteropServices;
using LoptCluster.Shared;

namespace LoptCluster.Chaos.Namespaces;

/// <summary>Namespaces of mounts, processes and others in which this program and all that it starts are alone.</summary>
/// <remarks>
/// Nothing outside of them is touched: they vanish, with every mount, device and process in them, when this program ends, also by SIGKILL.
/// </remarks>
/// <param name="For">What needs them, for error messages.</param>
/// <param name="Otherwise">What to do without them.</param>
/// <param name="Kinds">More kinds of namespaces than those of mounts and processes: options of <c>unshare</c>.</param>
/// <param name="Prepare">Shell commands that are done first within them.</param>
/// <param name="Tools">More programs that are needed.</param>
internal sealed partial record OwnNamespaces(string For, string Otherwise, string[] Kinds, string Prepare, params string[] Tools)
{
    private const string Inside = "LOPT_CHAOS_IN_NAMESPACES";

    private static readonly string[] UsualTools = ["unshare", "mount", "sh"];

    /// <summary>Starts this program again within such namespaces, in the place of this process; returns if it is there already.</summary>
    /// <exception cref="UserErrorException">The system does not allow it.</exception>
    public void Enter(IEnumerable<string> arguments)
    {
        if (Environment.GetEnvironmentVariable(Inside) is not null) return;
        if (!OperatingSystem.IsLinux()) throw Cannot("Linux");
        if (!Environment.IsPrivilegedProcess) throw Cannot("root");
        if (Array.Find([.. UsualTools, .. Tools], t => Find(t) is null) is { } missing)
            throw Cannot($"'{missing}', which is not in the search path");
        string program = Environment.ProcessPath!;
        string[] self = Path.GetFileName(program) == "dotnet" ? [program, Environment.GetCommandLineArgs()[0]] : [program];
        string?[] command =
        [
            "unshare", .. Kinds, "--mount", "--pid", "--fork", "--kill-child", "--mount-proc",
            "env", $"{Inside}=1", "sh", "-c", $"{Prepare} && exec \"$@\"", "sh", .. self, .. arguments, null,
        ];
        _ = Execute(Find(command[0]!)!, command);
        throw Cannot($"'{command[0]}', which does not start: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    /// <summary>The error of a system that lacks something.</summary>
    public UserErrorException Cannot(string need) => new($"{For} needs {need}. {Otherwise}");

    private static string? Find(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(p => Path.Combine(p, tool))
            .FirstOrDefault(File.Exists);

    [LibraryImport("libc", EntryPoint = "execv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execute(string program, string?[] arguments);
}
