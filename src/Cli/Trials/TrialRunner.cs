using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Evaluation;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Engine.ThetaFiles;
using LoptCluster.Shared;

namespace LoptCluster.Cli.Trials;

/// <summary>Tries shipped θ on the images of a user, each on as many tasks as there is time for.</summary>
/// <param name="environment">Clock, and source of inner-problems.</param>
/// <param name="data">Folder of image files; null: procedural images.</param>
/// <param name="assignments">Values of the tasks, as <c>--set</c> takes them.</param>
internal sealed class TrialRunner(CliEnvironment environment, string? data, IReadOnlyList<string> assignments)
{
    /// <summary>More tasks than these say nothing new.</summary>
    private const int MostTasks = 32;

    /// <summary>All classes of the user's images, which no θ has seen, and all images but a fifth for validation.</summary>
    private static readonly string[] Whole = ["outerTrainShare=0", "trainImagesPerClass=0", "validImagesPerClass=0"];

    /// <param name="name">Name of the θ.</param>
    /// <param name="time">Time for it; at least one round of tasks is tried, however long it takes.</param>
    /// <param name="report">Called after each round with the tasks done.</param>
    /// <param name="cancellation">Ends the trial.</param>
    /// <exception cref="UserErrorException">The images cannot be used for its tasks.</exception>
    public ThetaTrial Run(string name, TimeSpan time, Action<int> report, CancellationToken cancellation)
    {
        var theta = ThetaCatalog.Get(name);
        string[] values = data is null ? [.. assignments] : [.. Whole, .. assignments];
        int round = Math.Min(Environment.ProcessorCount, MostTasks);
        var tasks = EvaluationSubject.Load(ThetaCatalog.Prefix + theta.Name, null, data, values).Specification with
        {
            ComparisonTasks = round,
        };
        var images = DatasetCatalog.OpenRun(tasks, data);
        List<double> mean = [], final = [];
        long start = environment.Time.GetTimestamp();
        TimeSpan longest;
        do
        {
            long began = environment.Time.GetTimestamp();
            var comparison = ComparisonRunner.Run(
                tasks, images, theta.Content.Theta.Values.ToArray(), null, cancellation, problems: environment.InnerProblems,
                baselines: [Baseline.Adam], firstTask: mean.Count);
            mean.AddRange(comparison.Improvements(Baseline.Adam.Name, LossMeasure.Mean(tasks.Objective)));
            final.AddRange(comparison.Improvements(Baseline.Adam.Name, LossMeasure.Final(tasks.Objective)));
            report(mean.Count);
            longest = environment.Time.GetElapsedTime(began);
        }
        while (mean.Count + round <= MostTasks && environment.Time.GetElapsedTime(start) + longest < time);

        return new ThetaTrial(theta, tasks, images.Description, [.. mean], [.. final]);
    }
}
