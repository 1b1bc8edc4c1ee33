namespace LoptCluster.Engine.Optimizers;

/// <summary>One vector of an inner-optimizer's state, zero at the start of an inner-problem.</summary>
/// <param name="Name">Name in cards: "v", "m_0.9".</param>
/// <param name="NonNegative">Elements are never negative, as those of a mean of squares.</param>
public readonly record struct StateVector(string Name, bool NonNegative = false);
