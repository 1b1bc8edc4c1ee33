using System.Collections.Immutable;
using LoptCluster.Shared.Run;

namespace LoptCluster.Engine.Estimation;

/// <summary>What an estimator measured on one truncation.</summary>
/// <param name="Losses">L of each side, in the estimator's order.</param>
/// <param name="Gradients">The gradients that were asked for.</param>
/// <param name="StateIsFinite">
/// False if the problem cannot go on: every later loss would be the constant cap, and independent of θ.
/// </param>
public sealed record EstimatorMeasurement(ImmutableArray<double> Losses, ImmutableArray<MeasuredGradient> Gradients, bool StateIsFinite);
