using System.Runtime.InteropServices;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Minibatches;
using LoptCluster.Torch.Libtorch;
using static TorchSharp.torch;

namespace LoptCluster.Torch.InnerProblems;

/// <summary>Tensors of a minibatch: images [B, C, H, W] float32, labels [B] int64.</summary>
/// <remarks>
/// The memory is reused: the result of <see cref="Fill"/> is valid until the next call, and belongs to the caller's dispose scope.
/// </remarks>
internal sealed class MinibatchTensors : IDisposable
{
    private readonly ImageShape _shape;
    private readonly Tensor _images;
    private readonly Tensor _labels;

    public MinibatchTensors(ImageShape shape, int maxMinibatch)
    {
        _shape = shape;
        _images = zeros(maxMinibatch, shape.Size, shape.Size, shape.Channels).DetachFromDisposeScope();
        _labels = zeros(maxMinibatch, dtype: ScalarType.Int64).DetachFromDisposeScope();
    }

    public (Tensor Images, Tensor Labels) Fill(Minibatch batch)
    {
        batch.Inputs[..(batch.Size * _shape.Length)].CopyTo(_images.Floats());
        var labels = MemoryMarshal.Cast<byte, long>(_labels.bytes);
        for (int i = 0; i < batch.Size; i++) labels[i] = batch.Labels[i];
        // The engine's images have the channels last.
        var images = _images.narrow(0, 0, batch.Size).permute(0, 3, 1, 2).contiguous();
        return (images, _labels.narrow(0, 0, batch.Size));
    }

    public void Dispose()
    {
        _images.Dispose();
        _labels.Dispose();
    }
}
