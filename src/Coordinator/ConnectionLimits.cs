using System.Globalization;
using LoptCluster.Hosting.Listeners;
using LoptCluster.Shared;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace LoptCluster.Coordinator;

/// <summary>How many connections there may be, in all and of one peer, and how long one may say nothing.</summary>
internal static class ConnectionLimits
{
    /// <summary>
    /// Descriptors that are not for connections: one for each assembly, of which the runtime has 310 and the program 50; twelve for the
    /// files of each run of a study.
    /// </summary>
    private const int OwnDescriptors = 800;

    /// <summary>With fewer a process ends when it cannot open what it needs, however few its connections are.</summary>
    private const int LeastDescriptors = 1024;

    /// <summary>
    /// A fleet of 10,000 workers, its readers, and as many again that return before their old connection has ended; the half that one peer
    /// may hold is enough for such a fleet behind one address.
    /// </summary>
    private const int MostConnections = 24_000;

    private const int Suggested = 65_536;

    private const string DescriptorLimits = "/proc/self/limits";

    /// <summary>Half of all connections is the most that one peer may hold.</summary>
    public static ConnectionBounds Bounds()
    {
        int most = Most(OpenFiles());
        return new ConnectionBounds(most, most / 2);
    }

    public static void Apply(KestrelServerLimits limits)
    {
        // A connection without a call: workers and watchers always have one.
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(60);
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        // A cut network must be noticed: a stream without pings stays stuck.
        limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(10);
        limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(5);
        limits.Http2.MaxStreamsPerConnection = 1000;
    }

    /// <summary>Refuses a process that would end under many connections, before anything is made for it.</summary>
    /// <exception cref="UserErrorException">Its limit on descriptors is too low.</exception>
    public static void Check() => Check(OpenFiles());

    /// <param name="openFiles">The process's limit on descriptors; null: none is known.</param>
    /// <exception cref="UserErrorException">It is too low.</exception>
    internal static void Check(long? openFiles)
    {
        if (openFiles < LeastDescriptors)
        {
            throw new UserErrorException(string.Create(
                CultureInfo.InvariantCulture,
                $"This process may have {openFiles:N0} files and connections open; a coordinator needs at least {LeastDescriptors:N0}, "
                    + $"and one more for each connection beyond {LeastDescriptors - OwnDescriptors}. Raise the limit: "
                    + $"'ulimit -n {Suggested}' in a shell, LimitNOFILE={Suggested} in a systemd unit, or '--ulimit nofile={Suggested}' "
                    + $"for a container."));
        }
    }

    /// <summary>Connections that a process with so many descriptors can hold: beyond them it refuses, and does not end.</summary>
    /// <param name="openFiles">The process's limit on descriptors; null: none is known.</param>
    internal static int Most(long? openFiles) => (int)Math.Min((openFiles ?? long.MaxValue) - OwnDescriptors, MostConnections);

    /// <summary>The soft limit on open descriptors of this process.</summary>
    private static long? OpenFiles()
    {
        if (!File.Exists(DescriptorLimits)) return null;
        const string name = "Max open files";
        string? line = File.ReadLines(DescriptorLimits).FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal));
        string? soft = line?[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return long.TryParse(soft, CultureInfo.InvariantCulture, out long limit) ? limit : null;
    }
}
