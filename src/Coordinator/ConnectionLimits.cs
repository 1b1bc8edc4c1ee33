using System.Globalization;
using LoptCluster.Hosting.Listeners;
using LoptCluster.Shared;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace LoptCluster.Coordinator;

/// <summary>How many connections there may be, in all and of one peer, and how long one may say nothing.</summary>
internal static class ConnectionLimits
{
    /// <summary>
    /// Descriptors that are not for connections, whatever is served: one for each assembly, of which the runtime has 310 and the program
    /// 50, and more than as many again for what is open for a moment.
    /// </summary>
    private const int OwnDescriptors = 788;

    /// <summary>A run's files, and those of its back-up.</summary>
    private const int DescriptorsOfRun = 12;

    /// <summary>Connections that a coordinator must be able to hold.</summary>
    private const int LeastConnections = 224;

    /// <summary>
    /// A fleet of 10,000 workers and its readers behind one address, which may hold half of them; and as many of another that return before
    /// their old connections have ended.
    /// </summary>
    private const int MostConnections = 24_000;

    /// <summary>With TLS and a call, more than was measured (62 KB).</summary>
    private const long BytesOfConnection = 80 << 10;

    private const int Suggested = 65_536;

    private const string DescriptorLimits = "/proc/self/limits";

    /// <summary>What a coordinator of so many runs may hold: what takes half of its memory at most, half of it of one peer.</summary>
    public static ConnectionBounds Bounds(int runs)
    {
        int most = Most(OpenFiles(), GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, runs);
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

    /// <summary>Refuses a process that would end under many connections.</summary>
    /// <param name="runs">Runs that it serves.</param>
    /// <exception cref="UserErrorException">Its limit on descriptors is too low.</exception>
    public static void Check(int runs) => Check(OpenFiles(), runs);

    /// <param name="openFiles">The process's limit on descriptors; null: none is known.</param>
    /// <param name="runs">Runs that it serves.</param>
    /// <exception cref="UserErrorException">It is too low.</exception>
    internal static void Check(long? openFiles, int runs)
    {
        int least = OwnOf(runs) + LeastConnections;
        if (openFiles < least)
        {
            string served = runs == 1 ? "a coordinator" : string.Create(CultureInfo.InvariantCulture, $"a coordinator of {runs:N0} runs");
            throw new UserErrorException(string.Create(
                CultureInfo.InvariantCulture,
                $"This process may have {openFiles:N0} files and connections open; {served} needs at least {least:N0}, and one more for "
                    + $"each connection beyond {LeastConnections}. Raise the limit: 'ulimit -n {Suggested}' in a shell, "
                    + $"LimitNOFILE={Suggested} in a systemd unit, or '--ulimit nofile={Suggested}' for a container."));
        }
    }

    /// <summary>Connections that a process can hold: beyond them it refuses, and does not end.</summary>
    /// <param name="openFiles">Its limit on descriptors; null: none is known.</param>
    /// <param name="memory">Its memory, bytes.</param>
    /// <param name="runs">Runs that it serves.</param>
    internal static int Most(long? openFiles, long memory, int runs)
    {
        long descriptors = openFiles is { } limit ? limit - OwnOf(runs) : MostConnections;
        return (int)Math.Min(Math.Min(descriptors, MostConnections), Math.Max(LeastConnections, memory / 2 / BytesOfConnection));
    }

    private static int OwnOf(int runs) => OwnDescriptors + (DescriptorsOfRun * runs);

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
