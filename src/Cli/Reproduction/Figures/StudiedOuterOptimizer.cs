using LoptCluster.Engine.OuterTraining;

namespace LoptCluster.Cli.Reproduction.Figures;

/// <summary>An outer-optimizer of Fig. 3 and 18.</summary>
/// <param name="Key">Beginning of the keys of its experiments: different for each rule.</param>
/// <param name="Name">Name with its rate in tables and plots: "Adam 0.05".</param>
/// <param name="Rule">Rule with its constants.</param>
/// <param name="Rate">Learning rate of the outer-optimizer.</param>
internal sealed record StudiedOuterOptimizer(string Key, string Name, IOuterOptimizer Rule, double Rate);
