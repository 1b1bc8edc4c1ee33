using System.Runtime.InteropServices;
using LoptCluster.Engine.Numerics.Memory;
using LoptCluster.Engine.Optimizers.Mlp;
using LoptCluster.Shared;
using TorchSharp.Modules;

namespace LoptCluster.Torch.Optimizers;

/// <summary>Five momenta of one parameter (App. D.1), with rows padded to whole vectors.</summary>
public sealed class MomentaState : OptimizerState, IDisposable
{
    private readonly AlignedBuffer _momenta;

    internal MomentaState(Parameter parameter)
        : base(parameter)
    {
        Length = checked((int)parameter.numel());
        Stride = (Length + 15) / 16 * 16;
        _momenta = new AlignedBuffer((long)MlpTensorUpdate.StateVectors * Stride);
    }

    /// <summary>Number of elements of the parameter.</summary>
    internal int Length { get; }

    /// <summary>Floats from one momentum to the next.</summary>
    internal int Stride { get; }

    internal unsafe float* Pointer => _momenta.Pointer;

    public override void Initialize(OptimizerOptions options) => _momenta.Span.Clear();

    public override void SaveStateDict(BinaryWriter writer)
    {
        writer.Write(Length);
        for (int i = 0; i < MlpTensorUpdate.StateVectors; i++) writer.Write(MemoryMarshal.AsBytes(Row(i)));
    }

    /// <exception cref="UserErrorException">The state belongs to another parameter, or is incomplete.</exception>
    public override void LoadStateDict(BinaryReader reader)
    {
        CheckLength(reader.ReadInt32());
        for (int i = 0; i < MlpTensorUpdate.StateVectors; i++)
        {
            var row = MemoryMarshal.AsBytes(Row(i));
            if (reader.BaseStream.ReadAtLeast(row, row.Length, throwOnEndOfStream: false) < row.Length)
                throw new UserErrorException("The optimizer's state ends before the last parameter's momenta. Load a complete state.");
        }
    }

    /// <exception cref="UserErrorException">The state belongs to another optimizer or parameter.</exception>
    public override void LoadStateDict(OptimizerState source)
    {
        var other = source as MomentaState ?? throw new UserErrorException(
            $"The state is a '{source.GetType().Name}'. Load the state of a learned optimizer.");
        CheckLength(other.Length);
        other._momenta.Span.CopyTo(_momenta.Span);
    }

    public override bool ApproximatelyEquals(OptimizerState other) =>
        other is MomentaState state && state._momenta.Span.SequenceEqual(_momenta.Span);

    public void Dispose() => _momenta.Dispose();

    private Span<float> Row(int momentum) => _momenta.Slice((long)momentum * Stride, Length);

    private void CheckLength(int length)
    {
        if (length != Length)
        {
            throw new UserErrorException(
                $"The optimizer's state has momenta of {length} numbers where the parameter has {Length}. "
                + "Load the state of the same module.");
        }
    }
}
