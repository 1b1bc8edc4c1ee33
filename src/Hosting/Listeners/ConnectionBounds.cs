namespace LoptCluster.Hosting.Listeners;

/// <summary>How many connections a program holds at most.</summary>
/// <param name="InAll">Over all its ports.</param>
/// <param name="OfPeer">Of one peer: so that one that opens all that it can does not keep the others out.</param>
public sealed record ConnectionBounds(int InAll, int OfPeer);
