using LoptCluster.Cli.CommandLine;
using LoptCluster.Engine.Evaluation;

namespace LoptCluster.Cli.Report;

/// <summary>Rules by which baselines were chosen, in words.</summary>
internal static class RulesText
{
    public static string Of(Ruleset ruleset) => ruleset switch
    {
        Ruleset.Untuned => "optimizers with their published settings",
        Ruleset.Tuned => "optimizers with one setting, tuned on other tasks",
        Ruleset.PerTask => "optimizers with the best of several settings on each task",
        _ => throw new ArgumentOutOfRangeException(nameof(ruleset), ruleset, "The ruleset has no words."),
    };

    /// <summary>The rule of a baseline, with what its search has cost.</summary>
    public static string Of(BaselineRules rules)
    {
        string rule = rules.Ruleset switch
        {
            Ruleset.Untuned => "published setting",
            Ruleset.Tuned => "one setting",
            _ => $"best of {rules.Settings} settings per task",
        };
        return rules.Configurations == 0
            ? rule
            : $"{rule}; {DisplayFormat.Count(rules.Configurations)} configurations, {DisplayFormat.Count(rules.InnerSteps)} inner-steps";
    }
}
