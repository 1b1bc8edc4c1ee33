using System.Text.Json.Nodes;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Report;
using LoptCluster.Cli.Runs;
using LoptCluster.Coordinator.Run;
using LoptCluster.Engine.Benchmarking;
using LoptCluster.Engine.Datasets;
using LoptCluster.Shared;

namespace LoptCluster.Cli.Conclusion;

/// <summary>Summary and report of a comparison that a fleet made: those of <c>lopt evaluate</c>.</summary>
/// <param name="environment">Where it is shown.</param>
/// <param name="folder">Where the files go.</param>
/// <param name="json">Where the summary is printed too; null: nowhere.</param>
internal sealed class ComparisonReport(CliEnvironment environment, RunFolder folder, TextWriter? json)
{
    /// <param name="comparison">The comparison.</param>
    /// <param name="path">Its run folder.</param>
    /// <param name="data">Folder of image files; null for procedural images.</param>
    /// <param name="again">Whether to compare again, which is refused: the fleet's results stand.</param>
    /// <param name="cancellation">Ends the measurement of the times of an inner-step.</param>
    /// <exception cref="UserErrorException">The comparison is not complete, or the images are not here.</exception>
    public async Task WriteAsync(RecordedComparison comparison, string path, string? data, bool again, CancellationToken cancellation)
    {
        if (again)
        {
            throw new UserErrorException(
                $"--compare-again is for runs that train: the results of the comparison in '{path}' are the fleet's. Omit it, or begin "
                    + "another comparison.");
        }

        if (comparison.TasksDone < comparison.Tasks)
        {
            throw new UserErrorException(
                $"The comparison in '{path}' has {comparison.TasksDone} of {comparison.Tasks} tasks so far. Wait for its end; if its "
                    + $"coordinator was stopped, continue it with 'lopt coordinator --run {path}' and workers.");
        }

        var images = DatasetCatalog.OpenRun(comparison.Specification, data);
        // How long a step takes is a matter of the machine: it is measured here, for all optimizers alike.
        var timed = await Task.Run(
            () => StepTimeBenchmark.Measure(
                comparison.Specification, images, comparison.Theta.Values.ToArray(), comparison.Compose(), cancellation,
                environment.InnerProblems, comparison.Baselines),
            cancellation);
        var report = new ReportData
        {
            Specification = comparison.Specification,
            RunId = comparison.Origin.RunId,
            Dataset = images.Description,
            Theta = comparison.Theta,
            WallSeconds = comparison.Seconds,
            Comparison = timed,
        };
        SummaryWriter.Write(folder.Summary, report);
        ReportWriter.Write(folder.Report, report);
        environment.Console.Write(ComparisonTable.Compose(report.Comparison, environment.Console.Profile.Width));
        environment.WriteText(Findings.InWords(report));
        environment.Output.WriteLine();
        environment.Output.WriteLine($"report   {folder.Report}");
        environment.Output.WriteLine($"numbers  {folder.Summary}");
        if (json is null) return;
        var summary = SummaryWriter.Compose(report);
        summary["files"] = new JsonObject
        {
            ["theta"] = null,
            ["thetaAverage"] = null,
            ["report"] = folder.Report,
            ["summary"] = folder.Summary,
        };
        json.WriteLine(summary.ToJsonString());
    }
}
