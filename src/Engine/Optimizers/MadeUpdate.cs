namespace LoptCluster.Engine.Optimizers;

/// <summary>An update that was made: its inputs and its results. Parameter vectors are in the layout's padded form.</summary>
public readonly ref struct MadeUpdate
{
    /// <summary>Outer-parameters θ, |θ| floats.</summary>
    public required ReadOnlySpan<float> Theta { get; init; }

    /// <summary>Step before the update.</summary>
    public required long T { get; init; }

    /// <summary>Gradient of the inner-loss at w(t).</summary>
    public required ReadOnlySpan<float> G { get; init; }

    /// <summary>Inner-parameters w(t) before the update.</summary>
    public required ReadOnlySpan<float> W { get; init; }

    /// <summary>State before the update, [StateVectors, padded].</summary>
    public required ReadOnlySpan<float> M { get; init; }

    /// <summary>State of the optimizer after the update.</summary>
    public required ReadOnlySpan<float> MNext { get; init; }

    /// <summary>
    /// Intermediate values that the update left, [<see cref="IOuterTrainableOptimizer.IntermediatesLength"/>]; empty if it left none.
    /// </summary>
    public ReadOnlySpan<float> Intermediates { get; init; }
}
