namespace LoptCluster.Engine.Minibatches;

/// <summary>x of ℓ(x; w): B examples. Valid until its source is asked for the next one.</summary>
/// <param name="inputs">[B, features] or [B, H, W, C], row-major; empty for problems without data.</param>
/// <param name="labels">[B] class numbers; empty for problems without data.</param>
public readonly ref struct Minibatch(ReadOnlySpan<float> inputs, ReadOnlySpan<int> labels)
{
    public ReadOnlySpan<float> Inputs { get; } = inputs;

    public ReadOnlySpan<int> Labels { get; } = labels;

    public int Size => Labels.Length;
}
