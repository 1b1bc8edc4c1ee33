using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using LoptCluster.Cli.Checks;
using LoptCluster.Engine.Estimation;
using LoptCluster.Shared.Specification;
using LoptCluster.Shared.Studies;

namespace LoptCluster.Cli.Reproduction;

/// <summary>Outer-trainings that figures show: a study, so that it is resumed where it stopped and can be trained on a fleet.</summary>
/// <param name="Name">Name of the study and of its folder.</param>
/// <param name="Base">What all runs have.</param>
/// <param name="Cases">Values in which the runs differ, each trained with every seed.</param>
/// <param name="Seeds">Number of seeds, from 1.</param>
internal sealed record FigureStudy(string Name, RunSpecification Base, ImmutableArray<StudyCase> Cases, int Seeds)
{
    /// <summary>Inner-steps of all runs, each forward pass and each reverse sweep counted as one.</summary>
    public double InnerSteps => Seeds * Cases.Sum(one => InnerStepsOf(SpecificationKeys.Set(Base, one.Assignments)));

    /// <summary>The study as a file of lopt study.</summary>
    /// <param name="preset">Path of the preset file that <see cref="Base"/> is written to.</param>
    /// <param name="data">Folder of image files; null: procedural images.</param>
    public string ToToml(string preset, string? data)
    {
        var toml = new StringBuilder();
        toml.Append(CultureInfo.InvariantCulture, $"name = {Quoted(Name)}\npreset = {Quoted(preset)}\n");
        if (data is not null) toml.Append(CultureInfo.InvariantCulture, $"data = {Quoted(data)}\n");
        foreach (var one in Cases)
        {
            toml.Append(CultureInfo.InvariantCulture, $"\n[[cases]]\nname = {Quoted(one.Name)}\n");
            foreach (string[] parts in one.Assignments.Select(a => a.Split('=', 2)))
                toml.Append(CultureInfo.InvariantCulture, $"{parts[0]} = {Quoted(parts[1])}\n");
        }

        string seeds = string.Join(", ", Enumerable.Range(1, Seeds));
        return toml.Append(CultureInfo.InvariantCulture, $"\n[axes]\nseed = [{seeds}]\n").ToString();
    }

    private static double InnerStepsOf(RunSpecification run)
    {
        var estimator = EstimatorRegistry.Find(run.Estimator);
        int sweeps = estimator.Measured.Length > 0 ? 2 : 1;
        return PresetBenchmark.StepsOfRun(run) * estimator.Method.Losses * sweeps;
    }

    private static string Quoted(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
