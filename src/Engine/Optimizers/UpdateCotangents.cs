namespace LoptCluster.Engine.Optimizers;

/// <summary>The cotangents of one update, which a vector-Jacobian product pulls back in place.</summary>
public readonly ref struct UpdateCotangents
{
    /// <summary>In: of w(t+1). Out: of w(t), by this update alone (not through g).</summary>
    public required Span<float> W { get; init; }

    /// <summary>In: of the state after. Out: of the state before.</summary>
    public required Span<float> M { get; init; }

    /// <summary>Overwritten: cotangent of g.</summary>
    public required Span<float> G { get; init; }

    /// <summary>Added to, in double: |θ| elements.</summary>
    public required Span<double> Theta { get; init; }
}
