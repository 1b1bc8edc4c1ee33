namespace LoptCluster.Engine.Verification;

/// <summary>What became of one golden case.</summary>
/// <param name="Name">Of the case, or of its file if it cannot be read.</param>
/// <param name="Kind">optimizer_step, problem, truncation, hyper_truncation, outer_update, merge, schedule or appendix_a.</param>
/// <param name="Quantities">Every quantity that the case has a tolerance for.</param>
/// <param name="Error">Why the case could not be run, in a line; null if it ran.</param>
public sealed record GoldenReport(string Name, string Kind, IReadOnlyList<GoldenQuantity> Quantities, string? Error = null)
{
    public bool Passed => Error is null && Quantities.Count > 0 && Quantities.All(q => q.Passed);
}
