using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Fleet;
using LoptCluster.Cli.Runs;
using LoptCluster.Coordinator;
using LoptCluster.Coordinator.Run;
using LoptCluster.Engine.ThetaFiles;
using LoptCluster.Shared.Run;

namespace LoptCluster.Cli.Evaluation;

/// <summary>
/// A comparison on a fleet: <c>lopt coordinator --evaluate</c> gives its parts, each one optimizer on one task, to ordinary workers.
/// </summary>
internal sealed class FleetComparison(CliEnvironment environment)
{
    /// <param name="request">What to compare.</param>
    /// <param name="options">How the process serves.</param>
    /// <param name="stop">Cancelled when the user stops the command.</param>
    /// <returns>Exit status.</returns>
    public async Task<int> RunAsync(ComparisonRequest request, CoordinatorOptions options, CancellationToken stop)
    {
        var subject = EvaluationSubject.Load(request.Theta, request.Preset, request.Data, request.Set);
        var specification = ComparisonOptions.SpecificationOf(subject.Specification);
        var baselines = ComparedBaselines.Of(request.Against);
        var folder = request.Run is { } path
            ? new RunFolder(path)
            : RunFolder.ForNew(null, $"{specification.Name}-comparison", environment.Time);
        int each = 1 + baselines.Sum(b => b.Settings.Length);
        int tasks = specification.ComparisonTasks;
        environment.WriteText(
            $"Comparing θ version {subject.Content.Theta.Version} of '{request.Theta}' with "
                + $"{DisplayFormat.Plural(baselines.Length, "baseline")} on {DisplayFormat.Plural(tasks, "held-out task")} of "
                + $"'{specification.Name}': {DisplayFormat.Plural(tasks * each, "inner-training")}, in {folder.Path}");
        int status = await CoordinatorProgram.RunAsync(
            options with
            {
                RunDirectory = folder.Path,
                Specification = specification,
                Comparison = new ComparisonOptions { Theta = Start(request.Theta, subject.Content), Baselines = baselines },
            },
            stop);
        var comparison = RecordedComparison.Find(folder.Path)!;
        environment.Output.WriteLine(
            comparison.TasksDone == comparison.Tasks
                ? $"The comparison is complete. To write its report: lopt report {folder.Path}"
                : $"Stopped at {comparison.TasksDone} of {comparison.Tasks} tasks; nothing is lost. To continue: lopt coordinator --run "
                    + folder.Path);
        return status;
    }

    private static WarmStart Start(string theta, ThetaFileContent content)
    {
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(WarmStart.PlaceOf(theta)));
        var origin = new ThetaOrigin(
            name, Convert.ToHexStringLower(content.Theta.Checksum()), content.Theta.Version, content.RunId, RunName: "");
        return new WarmStart(content.Theta with { Version = 0 }, origin, TrainedBy: null);
    }
}
