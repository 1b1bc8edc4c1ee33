using Microsoft.Extensions.Logging;

namespace LoptCluster.Worker.Unrolling;

/// <summary>Log messages of the slots.</summary>
internal static partial class SlotLog
{
    [LoggerMessage(
        1,
        LogLevel.Debug,
        "Problem {Problem}, truncation {Truncation}: k {Steps} at θ version {Version} in {Seconds:F3} s, loss {Loss:F4}")]
    public static partial void Sampled(ILogger logger, long problem, int truncation, int steps, long version, double seconds, double loss);
}
