namespace LoptCluster.Coordinator.Run;

/// <summary>The other runs that this process serves.</summary>
/// <param name="HaveWork">Whether one of them is not over: workers that leave this run are to come back for it.</param>
internal sealed record Siblings(Func<bool> HaveWork)
{
    /// <summary>The process serves no other run.</summary>
    public static readonly Siblings None = new(() => false);
}
