namespace LoptCluster.Hosting;

/// <summary>
/// The time of day as it was at the start, moved on by the monotonic clock: a clock that is set while the program runs neither stops what
/// waits nor lets it pass at once.
/// </summary>
/// <param name="clock">The system's clocks.</param>
public sealed class SteadyTime(TimeProvider clock) : TimeProvider
{
    private readonly DateTimeOffset _start = clock.GetUtcNow();
    private readonly long _timestamp = clock.GetTimestamp();

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => clock.LocalTimeZone;

    public override DateTimeOffset GetUtcNow() => _start + clock.GetElapsedTime(_timestamp);

    public override long GetTimestamp() => clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        clock.CreateTimer(callback, state, dueTime, period);
}
