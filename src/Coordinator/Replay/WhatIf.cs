using System.Collections.Immutable;
using LoptCluster.Engine.Estimation;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Coordinator.Replay;

/// <summary>Other values for the merge and the outer-optimizer, on the samples of a run.</summary>
public static class WhatIf
{
    /// <summary>The keys that decide what is made of samples, and not what the samples are.</summary>
    public static ImmutableArray<string> Keys { get; } =
    [
        "estimator", "gradientClip", "staleness", "stalenessLimitUpdates", "outerOptimizer", "outerLearningRate",
        "outerLearningRateFinalShare", "outerBeta1", "outerBeta2", "outerEpsilon", "outerMomentum", "thetaAverageDecay",
    ];

    /// <summary>The specification of a run with other values.</summary>
    /// <param name="run">The run.</param>
    /// <param name="assignments"><c>key=value</c> texts.</param>
    /// <exception cref="UserErrorException">
    /// A key decides what the samples are, a value is not allowed, or the samples do not have what the estimator merges.
    /// </exception>
    public static RunSpecification Of(RunSpecification run, IReadOnlyList<string> assignments)
    {
        var asked = SpecificationKeys.Set(run, assignments);
        var changed = SpecificationDiff.Between(run, asked);
        // A key of another choice returns to its default by itself, as with --set of a new run.
        if (changed.FirstOrDefault(d => !Keys.Contains(d.Key.Name)) is { } other)
        {
            throw new UserErrorException(
                $"'{other.Key.Name}' decides what the samples of a run are, and a replay has those of the run. It takes other values of "
                    + $"{string.Join(", ", Keys)}.");
        }

        if (!CanMerge(run.Estimator, asked.Estimator))
        {
            var answered = Enum.GetValues<Estimator>().Where(e => CanMerge(run.Estimator, e)).Select(e => $"'{SpecificationWord.Of(e)}'");
            throw new UserErrorException(
                $"The samples of this run (estimator '{SpecificationWord.Of(run.Estimator)}') do not have what '"
                    + $"{SpecificationWord.Of(asked.Estimator)}' merges. They have it for {string.Join(", ", answered)}.");
        }

        return asked;
    }

    /// <summary>Samples are unrolled in the same way, and have every gradient that is merged.</summary>
    private static bool CanMerge(Estimator run, Estimator asked)
    {
        var (has, needs) = (EstimatorRegistry.Find(run), EstimatorRegistry.Find(asked));
        return has.Method == needs.Method && needs.Measured.All(e => has.Measured.Contains(e));
    }
}
