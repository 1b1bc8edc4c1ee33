namespace LoptCluster.Shared.Run;

/// <summary>A version of θ and what it asks of its samples. Immutable; shared between threads.</summary>
public sealed record PublishedTheta(ThetaSnapshot Theta, SamplePlan Plan)
{
    public long Version => Theta.Version;
}
