using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Unrolling;

namespace LoptCluster.Engine.Sampling;

/// <summary>The longest truncation of a kind of problem, and what it keeps in memory.</summary>
/// <param name="Setting">The kind of problem.</param>
/// <param name="InnerParameters">Number of parameters w, without padding.</param>
/// <param name="Plan">What the truncation keeps.</param>
public sealed record LongestTruncation(ProblemSetting Setting, int InnerParameters, TapePlan Plan);
