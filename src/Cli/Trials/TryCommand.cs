using System.CommandLine;
using LoptCluster.Cli.Checks;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Engine.ThetaFiles;
using LoptCluster.Shared;

namespace LoptCluster.Cli.Trials;

/// <summary><c>lopt try</c>: does a θ that ships with the program beat tuned Adam on the images and networks of a user?</summary>
internal static class TryCommand
{
    private const double DefaultSeconds = 120;

    /// <summary>Time to measure what training a θ would cost.</summary>
    private static readonly TimeSpan CostMeasurement = TimeSpan.FromSeconds(2);

    public static Command Create(CliEnvironment environment)
    {
        var data = CommonOptions.Data();
        var theta = new Option<string[]>("--theta")
        {
            Description = $"θ to try; may be repeated (default: all of 'lopt theta list'). One of {string.Join(", ", ThetaCatalog.Names)}.",
            HelpName = "NAME",
            AllowMultipleArgumentsPerToken = true,
            CompletionSources = { _ => CommonOptions.Items(ThetaCatalog.Names) },
        };
        var seconds = NumberOptions.Seconds("--seconds", "Approximate time for all of it.", DefaultSeconds, 86_400);
        var set = CommonOptions.Set();
        set.Description = "Fix a value of the tasks to yours: hiddenUnits=[100,50], minibatchSize=64, innerSteps=1000, imageSize=28; may "
            + "be repeated. 'lopt config show' lists the keys.";
        var json = CommonOptions.Json();
        var command = new Command(
            "try", "Compare the θ that ship with lopt with tuned Adam on your images, without training: does one of them win there?")
        {
            data, theta, set, seconds, json,
        };
        command.SetAction((parsed, cancellation) => Task.Run(
            () =>
            {
                string? folder = parsed.GetValue(data);
                string[] names = parsed.GetValue(theta) is { Length: > 0 } chosen
                    ? [.. chosen.Select(name => ThetaCatalog.Get(name).Name)]
                    : [.. ThetaCatalog.Names];
                var budget = TimeSpan.FromSeconds(parsed.GetValue(seconds));
                var runner = new TrialRunner(environment, folder, parsed.GetValue(set) ?? []);
                return Run(names, runner, folder, budget, parsed.GetValue(json), environment, cancellation);
            },
            cancellation));
        return command.WithExamples(
            "lopt try --data ~/photos                              # one subfolder of images per class",
            "lopt try --data ~/mnist --set hiddenUnits=[100,50] innerSteps=1000",
            "lopt try                                              # without images of yours: procedural ones");
    }

    private static int Run(
        string[] names, TrialRunner runner, string? data, TimeSpan budget, bool json, CliEnvironment environment,
        CancellationToken cancellation)
    {
        var text = new TrialText(environment, json);
        long start = environment.Time.GetTimestamp();
        List<ThetaTrial> trials = [];
        List<(string Name, string Reason)> unusable = [];
        text.Begin(data, budget);
        foreach (var (i, name) in names.Index())
        {
            try
            {
                var time = (budget - environment.Time.GetElapsedTime(start)) / (names.Length - i);
                trials.Add(text.During(name, report => runner.Run(name, time, report, cancellation)));
            }
            catch (UserErrorException e)
            {
                // Of the other θ the images may be right: a network for grey images takes none in colour.
                unusable.Add((name, e.Message));
            }
        }

        if (trials.Count == 0) throw new UserErrorException(unusable[0].Reason);
        text.Results(trials, unusable);
        ThetaTrial[] ranked = [.. trials.OrderByDescending(t => t.Wins).ThenByDescending(t => t.Improvement)];
        var trainedBy = ranked[0].Theta.TrainedBy;
        var cost = PresetBenchmark.Measure(trainedBy, environment.InnerProblems, CostMeasurement, environment.Time, cancellation)
            .RunTime(Environment.ProcessorCount);
        text.Conclusion(ranked, data, cost);
        return 0;
    }
}
