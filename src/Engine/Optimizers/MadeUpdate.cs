namespace LoptCluster.Engine.Optimizers;

/// <summary>An update that was made: what it read and what it left. Parameter vectors are in the layout's padded form.</summary>
public readonly ref struct MadeUpdate
{
    /// <summary>θ [|θ|].</summary>
    public required ReadOnlySpan<float> Theta { get; init; }

    /// <summary>Step before the update.</summary>
    public required long T { get; init; }

    /// <summary>Gradient that it read.</summary>
    public required ReadOnlySpan<float> G { get; init; }

    /// <summary>w(t), before it.</summary>
    public required ReadOnlySpan<float> W { get; init; }

    /// <summary>State before it: [StateVectors, padded].</summary>
    public required ReadOnlySpan<float> M { get; init; }

    /// <summary>State after it.</summary>
    public required ReadOnlySpan<float> MNext { get; init; }

    /// <summary>The intermediate values that it left [<see cref="ILearnedOptimizer.IntermediatesLength"/>]; of length 0: none.</summary>
    public ReadOnlySpan<float> Intermediates { get; init; }
}
