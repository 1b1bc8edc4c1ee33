namespace LoptCluster.Engine.Evaluation;

/// <summary>Inner-steps that one thread has taken, for others to read meanwhile.</summary>
public sealed class InnerStepCounter
{
    private long _count;

    public long Count => Volatile.Read(ref _count);

    /// <summary>By one thread at a time.</summary>
    public void Add(long steps) => Volatile.Write(ref _count, _count + steps);
}
