using LoptCluster.Engine.Estimation;

namespace LoptCluster.Engine.OuterTraining;

/// <summary>What an outer-update made of a batch.</summary>
/// <param name="State">The next θ, and what the update after it starts from.</param>
/// <param name="Merged">The gradient before the clip, and the statistics behind it.</param>
/// <param name="Figures">The update in figures.</param>
public sealed record OuterUpdate(OuterState State, MergedGradient Merged, UpdateFigures Figures);
