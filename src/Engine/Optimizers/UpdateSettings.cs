using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Optimizers;

/// <summary>Values of a run that its update depends on beside θ.</summary>
/// <param name="InnerSteps">T: inner-steps of a whole inner-problem, for schedules that are relative to it.</param>
public sealed record UpdateSettings(long InnerSteps)
{
    /// <summary>λ_lin (App. D.1): scale of the step's direction. For the MLPs only.</summary>
    public double StepScale { get; init; } = 1e-3;

    /// <summary>λ_exp (App. D.1): scale of the step's log-magnitude. For the MLPs only.</summary>
    public double ExponentScale { get; init; } = 1e-3;

    /// <summary>Whether momentum is Nesterov's. For the families with momentum only.</summary>
    public bool Nesterov { get; init; }

    public static UpdateSettings Of(RunSpecification specification) => new(specification.InnerSteps)
    {
        StepScale = specification.StepScale,
        ExponentScale = specification.ExponentScale,
        Nesterov = specification.Nesterov,
    };
}
