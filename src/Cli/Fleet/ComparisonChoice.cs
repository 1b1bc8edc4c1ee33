using System.CommandLine;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Shared;

namespace LoptCluster.Cli.Fleet;

/// <summary>The options by which a coordinator is asked to serve a comparison.</summary>
internal sealed class ComparisonChoice
{
    public Option<string?> Evaluate { get; } = new("--evaluate")
    {
        Description = "Instead of training: compare this θ with tuned baselines, as 'lopt evaluate' does on one machine. A θ file, a "
            + "theta:NAME or a run folder; the tasks are those of --preset (default: of the run that trained θ). 'lopt report' with the "
            + "run folder writes the report.",
        HelpName = "THETA",
        CompletionSources = { CommonOptions.ShippedThetas },
    };

    public Option<string[]> Against { get; } = CommonOptions.Against();

    public bool IsGiven(ParseResult parsed) => parsed.GetValue(Evaluate) is not null || parsed.GetValue(Against) is { Length: > 0 };

    /// <summary>The comparison that is asked for; null: none is.</summary>
    /// <param name="ofTraining">Options of a training alone.</param>
    /// <exception cref="UserErrorException">Options that do not go together.</exception>
    public ComparisonRequest? Of(
        ParseResult parsed, Option<string?> preset, Option<string?> data, Option<string[]> set, Option<string?> run, Option[] ofTraining)
    {
        string[] against = parsed.GetValue(Against) ?? [];
        if (parsed.GetValue(Evaluate) is not { } theta)
        {
            return against.Length == 0
                ? null
                : throw new UserErrorException($"--against '{against[0]}' is compared with a θ. Name that with --evaluate THETA.");
        }

        string[] given = [.. ofTraining.Where(option => parsed.GetResult(option) is { Implicit: false }).Select(option => option.Name)];
        if (given.Length > 0)
            throw new UserErrorException($"--evaluate compares a θ and trains none. Omit {string.Join(", ", given)}.");

        return new ComparisonRequest(
            theta, parsed.GetValue(preset), parsed.GetValue(data), parsed.GetValue(set) ?? [], against, parsed.GetValue(run));
    }
}
