using LoptCluster.Engine.Optimizers;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Tuning;

/// <summary>The specification of a random search, made of the tasks of a preset.</summary>
internal static class TunedSpecification
{
    /// <summary>Sections of the keys that describe tasks and how optimizers are judged on them.</summary>
    private static readonly string[] TaskSections = ["data", "inner-problem", "evaluation", "tasks"];

    /// <summary>Keys of other sections that do so.</summary>
    private static readonly string[] TaskKeys = ["name", "seed", "innerSteps", "objective", "lossCap"];

    /// <param name="preset">The preset, with its overrides.</param>
    /// <param name="optimizer">Word of the family to tune.</param>
    /// <param name="configurations">Configurations to try; the first has the published values.</param>
    /// <param name="tasks">Outer-train tasks that each is tried on.</param>
    /// <exception cref="UserErrorException">The optimizer is unknown, or has no hyper-parameters.</exception>
    public static RunSpecification Of(RunSpecification preset, string optimizer, int configurations, int tasks)
    {
        string[] known = [.. OptimizerFamilies.All.Where(f => f.Theta.HyperParameters.Length > 0).Select(f => f.Name)];
        if (!known.Contains(optimizer))
        {
            throw new UserErrorException(
                $"--optimizer '{optimizer}' must be one with hyper-parameters to search: {string.Join(", ", known)}.");
        }

        var defaults = new RunSpecification();
        var reset = SpecificationKeys.All
            .Where(key => !TaskSections.Contains(key.Section) && !TaskKeys.Contains(key.Name))
            .Select(key => $"{key.Name}={key.Toml(defaults)}");
        return SpecificationKeys.Set(
            preset,
            [
                .. reset, "mode=search", "estimator=es", $"optimizer={optimizer}", $"outerUpdates={configurations}",
                "evaluateEveryUpdates=1", $"evaluationTasks={tasks}",
            ]);
    }
}
