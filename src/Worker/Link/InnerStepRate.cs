namespace LoptCluster.Worker.Link;

/// <summary>Inner-steps per second from one heartbeat to the next.</summary>
internal sealed class InnerStepRate(TimeProvider time, long innerSteps)
{
    private long _innerSteps = innerSteps;
    private long _timestamp = time.GetTimestamp();

    /// <summary>The rate since the last call, or since the construction.</summary>
    public double Next(long innerSteps)
    {
        long timestamp = time.GetTimestamp();
        double seconds = time.GetElapsedTime(_timestamp, timestamp).TotalSeconds;
        double rate = seconds > 0 ? (innerSteps - _innerSteps) / seconds : 0;
        (_innerSteps, _timestamp) = (innerSteps, timestamp);
        return rate;
    }
}
