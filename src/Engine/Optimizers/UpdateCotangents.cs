namespace LoptCluster.Engine.Optimizers;

/// <summary>The cotangents of one update, which a vector-Jacobian product pulls back in place.</summary>
public readonly ref struct UpdateCotangents
{
    /// <summary>In: cotangent of w(t+1). Out: cotangent of w(t) by this update alone (not through g).</summary>
    public required Span<float> W { get; init; }

    /// <summary>In: cotangent of the state after the update. Out: cotangent of the state before it.</summary>
    public required Span<float> M { get; init; }

    /// <summary>Out: cotangent of g.</summary>
    public required Span<float> G { get; init; }

    /// <summary>Cotangent of θ, |θ| elements, which is added to.</summary>
    public required Span<double> Theta { get; init; }
}
