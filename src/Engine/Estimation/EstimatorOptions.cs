using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Estimation;

/// <summary>What both sides of an estimator are made with.</summary>
/// <param name="Perturbations">Source of e.</param>
/// <param name="ThetaLength">|θ|.</param>
/// <param name="HalfFactor">Factor ½ in the gradients of a pair, as in Algorithm 1.</param>
/// <param name="LossCap">L of a truncation in which every loss is capped.</param>
public sealed record EstimatorOptions(
    IPerturbationSource Perturbations, int ThetaLength, bool HalfFactor = true, double LossCap = double.PositiveInfinity)
{
    /// <summary>½, or 1 without the factor.</summary>
    public double Factor => HalfFactor ? 0.5 : 1;

    public static EstimatorOptions From(RunSpecification specification, int thetaLength) =>
        new(
            new SeededPerturbations(specification.Seed, specification.PerturbationStd),
            thetaLength,
            specification.HalfFactor,
            specification.LossCap);

    /// <summary>The same with other perturbations in place of the source's own.</summary>
    public EstimatorOptions With(Func<IPerturbationSource, IPerturbationSource> perturbations) =>
        this with { Perturbations = perturbations(Perturbations) };
}
