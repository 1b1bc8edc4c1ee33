using System.Collections.Immutable;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Engine.Benchmarking;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using Spectre.Console;

namespace LoptCluster.Cli.Evaluation;

/// <summary>Runs a comparison and shows its progress: a bar on a terminal, occasional lines elsewhere.</summary>
internal static class ComparisonDisplay
{
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(10);

    public static async Task<Comparison> RunAsync(
        RunSpecification specification,
        IRunImages dataset,
        ThetaSnapshot theta,
        CliEnvironment environment,
        CancellationToken cancellation,
        ImmutableArray<Baseline> baselines = default)
    {
        float[] values = theta.Values.ToArray();
        var estimate = await Task.Run(
            () => ComparisonEstimate.Measure(specification, dataset, values, cancellation, environment.InnerProblems, baselines),
            cancellation);
        environment.WriteText(
            $"Comparing θ with tuned baselines on {DisplayFormat.Plural(specification.ComparisonTasks, "held-out task")}: "
                + $"{DisplayFormat.Plural(estimate.InnerTrainings, "inner-training")}, {DisplayFormat.About(estimate.Time)} on "
                + $"{DisplayFormat.Plural(Environment.ProcessorCount, "core")}");
        if (!environment.IsLive) return await RunOnAllCoresAsync(Lines(environment));

        return await environment.Console.Progress()
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn { Width = 15 },
                new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                int tasks = specification.ComparisonTasks;
                var bar = context.AddTask("Comparing θ", maxValue: tasks);
                return await RunOnAllCoresAsync(new Reporter(progress => bar.Value = Math.Max(bar.Value, progress.TasksDone)));
            });

        Task<Comparison> RunOnAllCoresAsync(IProgress<ComparisonProgress> progress) =>
            Task.Run(() => Run(specification, dataset, values, progress, environment, cancellation, baselines), cancellation);
    }

    private static Comparison Run(
        RunSpecification specification,
        IRunImages dataset,
        float[] theta,
        IProgress<ComparisonProgress> progress,
        CliEnvironment environment,
        CancellationToken cancellation,
        ImmutableArray<Baseline> baselines)
    {
        var problems = environment.InnerProblems;
        var comparison = ComparisonRunner.Run(
            specification, dataset, theta, progress, cancellation, problems: problems, baselines: baselines);
        return StepTimeBenchmark.Measure(specification, dataset, theta, comparison, cancellation, problems, baselines);
    }

    private static Reporter Lines(CliEnvironment environment)
    {
        long started = environment.Time.GetTimestamp(), lastLine = started;
        return new Reporter(progress =>
        {
            if (environment.Time.GetElapsedTime(lastLine) < LineInterval) return;
            lastLine = environment.Time.GetTimestamp();
            var left = environment.Time.GetElapsedTime(started) * (progress.Tasks - progress.TasksDone) / progress.TasksDone;
            environment.WriteText(
                $"  {progress.TasksDone} of {progress.Tasks} tasks, {DisplayFormat.About(left)} left");
        });
    }

    /// <summary>Reports synchronously, one at a time; <see cref="Progress{T}"/> would report later and on any thread.</summary>
    private sealed class Reporter(Action<ComparisonProgress> report) : IProgress<ComparisonProgress>
    {
        private readonly Lock _lock = new();

        public void Report(ComparisonProgress value)
        {
            lock (_lock) report(value);
        }
    }
}
