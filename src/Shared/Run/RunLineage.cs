namespace LoptCluster.Shared.Run;

/// <summary>Where a run's θ came from, and the plans that it followed.</summary>
/// <param name="Origin">θ that the run began from; null: the initial θ of its seed.</param>
/// <param name="Plans">Its plans.</param>
public sealed record RunLineage(ThetaOrigin? Origin, OuterPlans Plans);
