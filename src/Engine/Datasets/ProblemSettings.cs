using LoptCluster.Shared;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Datasets;

/// <summary>The settings of a run's problems: all the same, or drawn from a mixture.</summary>
/// <remarks>Thread-safe. A setting depends on the run's specification, its images and the problem id alone.</remarks>
public sealed class ProblemSettings
{
    private readonly TaskMixture _mixture;
    private readonly IRunImages _images;
    private readonly ProblemSetting? _only;

    /// <exception cref="UserErrorException">A dataset is too small for a task.</exception>
    public ProblemSettings(RunSpecification run, IRunImages images)
    {
        _mixture = new TaskMixture(run);
        _images = images;
        if (run.Tasks.IsEmpty) _only = With(new DrawnTask("", run));
    }

    public ProblemSetting Of(long problemId) => _only ?? With(_mixture.Draw(problemId));

    /// <summary>Settings at the corners of what problems of the run can be; the only one of a run without a mixture.</summary>
    public IEnumerable<ProblemSetting> Corners() => _only is null ? _mixture.Corners().Select(With) : [_only];

    private ProblemSetting With(DrawnTask drawn) =>
        new(drawn.Kind, drawn.Specification, new TaskDistribution(_images.Of(drawn.Specification), drawn.Specification));
}
