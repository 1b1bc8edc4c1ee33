using Microsoft.Extensions.Logging;

namespace LoptCluster.Coordinator.Store;

/// <summary>
/// Uses of the run's file by the run loop. While it cannot be used for a reason that passes (a full disk, a lock), the loop stands: what
/// workers send waits in their connections, and nothing is acknowledged.
/// </summary>
/// <remarks>Used by the run loop and by the commit beside it.</remarks>
internal sealed class FilePatience(CoordinatorOptions options, TimeProvider time, ILogger<FilePatience> log)
{
    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(50), LongestPause = TimeSpan.FromSeconds(1);

    private int _hasWaited;

    /// <summary>Called with the reason, in a sentence, when the loop begins to stand.</summary>
    public Action<string>? OnWait { get; set; }

    /// <summary>Ends a wait: the coordinator stops.</summary>
    public CancellationToken Stopping { get; set; }

    /// <summary>Uses the file, as often as it takes.</summary>
    /// <exception cref="Shared.UserErrorException">The fault does not pass, or the coordinator stops before it has.</exception>
    public T Use<T>(Func<T> use)
    {
        long start = time.GetTimestamp();
        var pause = TimeSpan.Zero;
        while (true)
        {
            try
            {
                var result = use();
                if (pause > TimeSpan.Zero) FileLog.UsableAgain(log, time.GetElapsedTime(start).TotalSeconds);
                return result;
            }
            catch (Exception e) when (RunFileFault.Find(e) is { } fault)
            {
                if (!fault.Passes || Stopping.IsCancellationRequested) throw fault.AtEnd(options.RunDirectory, e);
                if (pause == TimeSpan.Zero) Show(fault.Waiting(options.RunDirectory));
            }

            pause = pause == TimeSpan.Zero ? LeastPause : pause < LongestPause / 2 ? 2 * pause : LongestPause;
            Stopping.WaitHandle.WaitOne(pause);
        }
    }

    /// <summary>Whether the loop has stood since the last call.</summary>
    public bool TakeHasWaited() => Interlocked.Exchange(ref _hasWaited, 0) != 0;

    private void Show(string sentence)
    {
        Interlocked.Exchange(ref _hasWaited, 1);
        FileLog.Waits(log, sentence);
        OnWait?.Invoke(sentence);
    }
}

internal static partial class FileLog
{
    [LoggerMessage(30, LogLevel.Error, "{Sentence}")]
    public static partial void Waits(ILogger logger, string sentence);

    [LoggerMessage(31, LogLevel.Information, "The run's file can be used again after {Seconds:0.0} s: training goes on")]
    public static partial void UsableAgain(ILogger logger, double seconds);
}
