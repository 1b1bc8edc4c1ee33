using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Evaluation;
using LoptCluster.Cli.Report;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Engine.ThetaFiles;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Training;

/// <summary>Conclusion of a run: writes θ, compares it with the baselines, and writes summary and report.</summary>
internal sealed class RunConclusion(CliEnvironment environment, TrainRequest request, IRunImages dataset)
{
    /// <summary>Writes all results of a finished run.</summary>
    /// <param name="trained">The finished run.</param>
    /// <param name="elapsed">Time since the start of the command.</param>
    /// <param name="stop">Cancelled when the user stops the command.</param>
    /// <returns>Exit status.</returns>
    public async Task<int> WriteAsync(TrainedRun trained, Func<TimeSpan> elapsed, CancellationToken stop)
    {
        var folder = request.Folder;
        Write(folder.Theta, trained.Content, trained.Specification);
        if (trained.Average is { } average) Write(folder.ThetaAverage, average, trained.Specification);

        Comparison comparison;
        try
        {
            comparison = trained.Specification.InnerProblem == InnerProblemKind.Torch
                ? await ComparisonProcess.RunAsync(folder, request.Launch.Data, environment, stop)
                : await ComparisonDisplay.RunAsync(trained.Specification, dataset, trained.Theta, environment, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            environment.Output.WriteLine(
                $"Stopped before the comparison was complete; θ is in '{folder.Theta}'. "
                + $"To compare: lopt train --resume --run {folder.Path}");
            return ExitStatus.Interrupted;
        }

        var data = Collect(trained, comparison, elapsed());
        SummaryWriter.Write(folder.Summary, data);
        ReportWriter.Write(folder.Report, data);
        environment.Console.Write(ComparisonTable.Compose(comparison));
        environment.Output.WriteLine(Findings.InWords(data));
        environment.Output.WriteLine();
        environment.Output.WriteLine($"θ        {folder.Theta} (version {trained.Theta.Version}, with its card)");
        if (trained.Average is not null) environment.Output.WriteLine($"average  {folder.ThetaAverage} (of θ, with its card)");
        environment.Output.WriteLine($"report   {folder.Report}");
        environment.Output.WriteLine($"numbers  {folder.Summary}");
        return 0;
    }

    private static void Write(string path, ThetaFileContent content, RunSpecification specification)
    {
        ThetaFile.Write(path, content);
        ThetaCard.Write(path, content, specification);
    }

    private ReportData Collect(TrainedRun trained, Comparison comparison, TimeSpan elapsed) => new()
    {
        Specification = trained.Specification,
        RunId = trained.Last.RunId,
        Dataset = dataset.Description,
        Theta = trained.Theta,
        Lineage = trained.Content.Lineage,
        WallSeconds = elapsed.TotalSeconds,
        Training = new TrainingRecord
        {
            Seconds = trained.Last.Running.TotalSeconds,
            SamplesAccepted = trained.Last.SamplesAccepted,
            SamplesRpInvalid = trained.Last.SamplesRpInvalid,
            SamplesRpComputed = trained.Last.SamplesRpComputed,
            SampleSeconds = trained.Last.SampleSeconds,
            SampleSecondsRp = trained.Last.SampleSecondsRp,
            History = trained.History,
            BaselineOuterTest = trained.Last.BaselineOuterTest,
        },
        Comparison = comparison,
    };
}
