using System.Globalization;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace LoptCluster.Coordinator;

/// <summary>How many connections there may be, and how long one may say nothing.</summary>
internal static class ConnectionLimits
{
    /// <summary>Descriptors that are kept for the run's file, its back-up, the ports and the runtime.</summary>
    private const int OwnDescriptors = 200;

    /// <summary>A fleet of 10,000 workers, its readers, and as many again that return before their old connection has ended.</summary>
    private const int MostConnections = 20_000;

    private const string DescriptorLimits = "/proc/self/limits";

    public static void Apply(KestrelServerLimits limits)
    {
        limits.MaxConcurrentConnections = Most(OpenFiles());
        // A connection without a call: workers and watchers always have one.
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(60);
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        // A cut network must be noticed: a stream without pings stays stuck.
        limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(10);
        limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(5);
        limits.Http2.MaxStreamsPerConnection = 1000;
    }

    /// <summary>Connections that a process with so many descriptors can hold: beyond them it refuses, and does not end.</summary>
    /// <param name="openFiles">The process's limit on descriptors; null: none is known.</param>
    public static int Most(long? openFiles) =>
        (int)Math.Clamp((openFiles ?? long.MaxValue) - OwnDescriptors, 16, MostConnections);

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
