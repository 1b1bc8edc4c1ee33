using System.Text.Json.Nodes;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Evaluation;
using LoptCluster.Cli.Report;
using LoptCluster.Cli.Runs;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.ThetaFiles;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Conclusion;

/// <summary>Conclusion of a run: writes θ, compares it with the baselines, and writes summary and report.</summary>
/// <param name="environment">Where progress and results are shown.</param>
/// <param name="folder">Folder that the results are written to.</param>
/// <param name="data">Folder of image files; null for procedural images.</param>
/// <param name="open">Opens the images.</param>
/// <param name="again">Command with which a user who stops the comparison does it again.</param>
/// <param name="json">Where the summary is written as JSON, with the paths of the files; null: nowhere.</param>
internal sealed class RunConclusion(
    CliEnvironment environment, RunFolder folder, string? data, Func<IRunImages> open, string again, TextWriter? json = null)
{
    /// <summary>Writes all results of a run.</summary>
    /// <param name="trained">The run.</param>
    /// <param name="elapsed">Time since the start of the command that trained; null: it was another.</param>
    /// <param name="stop">Cancelled when the user stops the command.</param>
    /// <returns>Exit status.</returns>
    public async Task<int> WriteAsync(TrainedRun trained, Func<TimeSpan>? elapsed, CancellationToken stop)
    {
        Write(folder.Theta, trained.Content, trained.Specification);
        if (trained.Average is { } average) Write(folder.ThetaAverage, average, trained.Specification);

        var kept = KeptComparison.Find(folder, trained.Content);
        if (kept is null)
        {
            try
            {
                kept = await CompareAsync(trained, elapsed, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                environment.WriteText(
                    $"Stopped before the comparison was complete; θ is in '{folder.Theta}'. To compare: {again}");
                return ExitStatus.Interrupted;
            }

            kept.Write(folder);
        }

        var report = Collect(trained, kept);
        SummaryWriter.Write(folder.Summary, report);
        ReportWriter.Write(folder.Report, report);
        environment.Console.Write(ComparisonTable.Compose(report.Comparison, environment.Console.Profile.Width));
        environment.WriteText(Findings.InWords(report));
        environment.Output.WriteLine();
        environment.Output.WriteLine($"θ        {folder.Theta} (version {trained.Theta.Version}, with its card)");
        if (trained.Average is not null) environment.Output.WriteLine($"average  {folder.ThetaAverage} (of θ, with its card)");
        environment.Output.WriteLine($"report   {folder.Report}");
        environment.Output.WriteLine($"numbers  {folder.Summary}");
        json?.WriteLine(WithFiles(SummaryWriter.Compose(report), trained).ToJsonString());
        return 0;
    }

    private JsonObject WithFiles(JsonObject summary, TrainedRun trained)
    {
        summary["files"] = new JsonObject
        {
            ["theta"] = folder.Theta,
            ["thetaAverage"] = trained.Average is null ? null : folder.ThetaAverage,
            ["report"] = folder.Report,
            ["summary"] = folder.Summary,
        };
        return summary;
    }

    private async Task<KeptComparison> CompareAsync(TrainedRun trained, Func<TimeSpan>? elapsed, CancellationToken stop)
    {
        var dataset = open();
        var comparison = trained.Specification.InnerProblem == InnerProblemKind.Torch
            ? await ComparisonProcess.RunAsync(folder, data, again, environment, stop)
            : await ComparisonDisplay.RunAsync(trained.Specification, dataset, trained.Theta, environment, stop);
        return new KeptComparison(
            trained.Content.RunId, trained.Theta.Version, EngineVersion.Current, dataset.Description, elapsed?.Invoke().TotalSeconds,
            comparison);
    }

    private static void Write(string path, ThetaFileContent content, RunSpecification specification)
    {
        ThetaFile.Write(path, content);
        ThetaCard.Write(path, content, specification);
    }

    private static ReportData Collect(TrainedRun trained, KeptComparison kept) => new()
    {
        Specification = trained.Specification,
        RunId = trained.Content.RunId,
        Dataset = kept.Dataset,
        Theta = trained.Theta,
        Lineage = trained.Content.Lineage,
        WallSeconds = kept.WallSeconds,
        Training = trained.Training,
        Comparison = kept.Comparison,
    };
}
