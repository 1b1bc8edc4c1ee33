namespace LoptCluster.Engine.Evaluation;

/// <summary>How a baseline's settings were chosen, and what that has cost before the comparison.</summary>
/// <param name="Ruleset">The rule.</param>
/// <param name="Settings">Settings that are tried on each task of the comparison.</param>
/// <param name="Configurations">Configurations of the search that found them; 0: there was none.</param>
/// <param name="InnerSteps">Inner-steps of that search.</param>
/// <param name="Seconds">Seconds of that search.</param>
public sealed record BaselineRules(Ruleset Ruleset, int Settings, long Configurations, long InnerSteps, double Seconds);
