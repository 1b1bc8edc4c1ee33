namespace LoptCluster.Coordinator.Sessions;

/// <summary>Lets a few log lines of a kind pass in each ten seconds, and counts the others.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class LogLimit(TimeProvider time)
{
    /// <summary>Lines that pass in one period.</summary>
    public const int Most = 20;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private long _begun = time.GetTimestamp();
    private int _lines;

    /// <param name="left">Lines that did not pass in the period before, told with the first one of the next; else 0.</param>
    /// <returns>Whether this line may be written.</returns>
    public bool Passes(out int left)
    {
        lock (_gate)
        {
            left = 0;
            if (time.GetElapsedTime(_begun) >= Period)
            {
                left = Math.Max(0, _lines - Most);
                (_begun, _lines) = (time.GetTimestamp(), 0);
            }

            return ++_lines <= Most;
        }
    }
}
