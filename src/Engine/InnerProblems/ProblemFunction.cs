using LoptCluster.Engine.Datasets;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.InnerProblems;

/// <summary>Identity of the function of w and minibatch that a problem is: equal ones can share an instance.</summary>
/// <param name="Structure">Values that the inner-problem is built from; those of a problem within one run alone are compared.</param>
/// <param name="Instance"><see cref="IInnerProblemSource.InstanceOf"/>.</param>
public readonly record struct ProblemFunction(string Structure, long Instance)
{
    private static readonly SpecificationKey[] Keys =
        [.. SpecificationKeys.All.Where(key => key is { Section: "inner-problem", IsPerProblem: true })];

    public static ProblemFunction Of(IInnerProblemSource source, ProblemSetting setting, long problemId) => new(
        setting.Kind.Length == 0
            ? ""
            : $"{setting.Tasks.ImageShape} {setting.Tasks.ClassesPerTask} "
                + string.Join(' ', Keys.Select(key => key.Toml(setting.Specification))),
        ReparameterizedProblem.IsAsked(setting.Specification) ? problemId : source.InstanceOf(setting.Specification, problemId));
}
