namespace LoptCluster.Engine.Minibatches;

/// <summary>Minibatch x of ℓ(x; w), with B examples. Valid until its source is asked for the next one.</summary>
/// <param name="inputs">Inputs [B, features] or [B, H, W, C], row-major; empty for problems without data.</param>
/// <param name="labels">Class numbers [B]; empty for problems without data.</param>
public readonly ref struct Minibatch(ReadOnlySpan<float> inputs, ReadOnlySpan<int> labels)
{
    public ReadOnlySpan<float> Inputs { get; } = inputs;

    public ReadOnlySpan<int> Labels { get; } = labels;

    public int Size => Labels.Length;
}
