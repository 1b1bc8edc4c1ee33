using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Optimizers;

/// <summary>
/// Values of the run that trained a θ on which its update depends beside θ: a θ is of no use with others. docs/THETA.md has the rule.
/// </summary>
public sealed record UpdateConstants
{
    /// <inheritdoc cref="UpdateSettings.StepScale"/>
    public required double StepScale { get; init; }

    /// <inheritdoc cref="UpdateSettings.StepDecay"/>
    public required StepDecay StepDecay { get; init; }

    /// <inheritdoc cref="UpdateSettings.ExponentScale"/>
    public required double ExponentScale { get; init; }

    /// <inheritdoc cref="UpdateSettings.TimeInputs"/>
    public required TimeInputs TimeInputs { get; init; }

    /// <inheritdoc cref="UpdateSettings.MomentumInputs"/>
    public required bool MomentumInputs { get; init; }

    /// <inheritdoc cref="UpdateSettings.Nesterov"/>
    public required bool Nesterov { get; init; }

    /// <summary>T: the longest training, in inner-steps, that θ was trained on.</summary>
    public required long HorizonInnerSteps { get; init; }

    public static UpdateConstants Of(RunSpecification specification) => new()
    {
        StepScale = specification.StepScale,
        StepDecay = specification.StepDecay,
        ExponentScale = specification.ExponentScale,
        TimeInputs = specification.TimeInputs,
        MomentumInputs = specification.MomentumInputs,
        Nesterov = specification.Nesterov,
        HorizonInnerSteps = specification.LongestInnerSteps(),
    };
}
