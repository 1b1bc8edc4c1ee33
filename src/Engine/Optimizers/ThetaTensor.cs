using System.Collections.Immutable;

namespace LoptCluster.Engine.Optimizers;

/// <summary>One named tensor of θ.</summary>
/// <param name="Name">Name in θ files: "W1".</param>
/// <param name="Shape">Row-major.</param>
/// <param name="Offset">Offset of the first element in θ.</param>
/// <param name="Length">Number of elements.</param>
public sealed record ThetaTensor(string Name, ImmutableArray<int> Shape, int Offset, int Length);
