using System.Globalization;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Shared;

namespace LoptCluster.Cli.Evaluation;

/// <summary><c>lopt evaluate --trace</c>: the first inner-steps of a held-out task with θ, as a file.</summary>
internal static class TraceFile
{
    /// <summary>Inner-steps that are traced if nothing else is asked for.</summary>
    public const int DefaultSteps = 200;

    /// <param name="path">File to write.</param>
    /// <param name="subject">θ and the specification whose task is traced.</param>
    /// <param name="data">Folder of image files; null for procedural images.</param>
    /// <param name="task">Number of the task, from 1.</param>
    /// <param name="steps">Number of inner-steps; null: the usual number, or all.</param>
    /// <exception cref="UserErrorException">The task has fewer inner-steps, or the file cannot be written.</exception>
    public static void Write(
        string path, EvaluationSubject subject, string? data, int task, int? steps, CliEnvironment environment,
        CancellationToken cancellation)
    {
        var images = DatasetCatalog.OpenRun(subject.Specification, data);
        using var trainer = new InnerTrainer(subject.Specification, images, environment.InnerProblems);
        trainer.Enter(ClassSplit.OuterTest, task - 1);
        int horizon = trainer.Setting.Specification.InnerSteps;
        int count = steps ?? Math.Min(DefaultSteps, horizon);
        if (count > horizon)
        {
            throw new UserErrorException(string.Create(
                CultureInfo.InvariantCulture, $"--trace-steps '{count}' is more than task {task} has: {horizon} inner-steps."));
        }

        using var optimizer = OptimizerFactory.Create(trainer.Setting, trainer.Layout);
        using var trace = new InnerTrace(path, trainer.Setting, trainer.Layout, count);
        trainer.Record(optimizer, subject.Content.Theta.Values.Span, trace, cancellation);
        environment.WriteText(string.Create(
            CultureInfo.InvariantCulture, $"Wrote the first {count} of {horizon} inner-steps of held-out task {task} to '{path}'."));
    }
}
