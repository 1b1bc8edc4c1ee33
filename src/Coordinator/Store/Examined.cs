namespace LoptCluster.Coordinator.Store;

/// <summary>A part of a run's file that was examined.</summary>
/// <param name="Part">Which, as a name for people.</param>
/// <param name="Items">How many items it has.</param>
/// <param name="Unsealed">How many of them have no checksum, and were looked at without one.</param>
/// <param name="Damage">What is wrong, a sentence without its full stop for each item; empty: all is whole.</param>
public sealed record Examined(string Part, long Items, long Unsealed, IReadOnlyList<string> Damage)
{
    public bool IsWhole => Damage.Count == 0;
}
