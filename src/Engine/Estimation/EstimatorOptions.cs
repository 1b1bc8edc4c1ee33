using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Estimation;

/// <summary>What both sides of an estimator are made with.</summary>
/// <param name="Perturbations">Source of e.</param>
/// <param name="ThetaLength">|θ|.</param>
/// <param name="HalfFactor">Factor ½ in g_rp and g_es, as in Algorithm 1.</param>
public sealed record EstimatorOptions(IPerturbationSource Perturbations, int ThetaLength, bool HalfFactor = true)
{
    /// <summary>½, or 1 without the factor.</summary>
    public double Factor => HalfFactor ? 0.5 : 1;

    public static EstimatorOptions From(RunSpecification specification, int thetaLength) =>
        new(new SeededPerturbations(specification.Seed, specification.PerturbationStd), thetaLength, specification.HalfFactor);
}
