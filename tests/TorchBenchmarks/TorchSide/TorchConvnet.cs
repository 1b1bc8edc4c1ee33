using LoptCluster.Engine.InnerProblems.Convnets;
using LoptCluster.Engine.Parameters;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LoptCluster.TorchBenchmarks.TorchSide;

/// <summary>The paper's convnet: 3×3 SAME convolutions with TensorFlow's padding, ReLU, global average pool, linear layer.</summary>
/// <remarks>Stride 2 on even sizes pads nothing before and one after. That of the first layer is made with the images, once.</remarks>
internal sealed class TorchConvnet(ConvnetShape shape, ParameterLayout layout, MemoryLayout memory) : ITorchNet
{
    private static readonly long[] OnePixel = [1, 1], NoPadding = [0, 0], AfterOnly = [0, 1, 0, 1], HeightAndWidth = [2, 3];

    private readonly long[] _lengths = [.. layout.Tensors.Select(t => (long)t.Length)];

    public Tensor Loss(Tensor w, Tensor x, Tensor y)
    {
        var parts = w.split(_lengths);
        int size = shape.ImageSize, inputs = shape.ImageChannels;
        if (memory == MemoryLayout.ChannelsLast) x = x.permute(0, 3, 1, 2);
        for (int i = 0; i < shape.Strides.Length; i++)
        {
            int stride = shape.Strides[i];
            bool after = PadsAfterOnly(size, stride);
            if (after && i > 0) x = functional.pad(x, AfterOnly);
            x = functional.conv2d(
                x, Kernel(parts[2 * i], inputs), parts[(2 * i) + 1], [stride, stride], after ? NoPadding : OnePixel).relu();
            inputs = shape.Channels;
            size = (size + stride - 1) / stride;
        }

        var pooled = x.mean(HeightAndWidth);
        var logits = addmm(parts[^1], pooled, parts[^2].view(shape.Channels, shape.Classes), 1, 1);
        return functional.cross_entropy(logits, y);
    }

    public Tensor Inputs(ReadOnlySpan<float> images, int count)
    {
        using var scope = NewDisposeScope();
        var x = tensor(images.ToArray()).view(count, shape.ImageSize, shape.ImageSize, shape.ImageChannels);
        if (PadsAfterOnly(shape.ImageSize, shape.Strides[0])) x = functional.pad(x, [0, 0, 0, 1, 0, 1]);
        return (memory == MemoryLayout.ChannelsLast ? x : x.permute(0, 3, 1, 2).contiguous()).MoveToOuterDisposeScope();
    }

    public Tensor Flat(ReadOnlySpan<float> compact)
    {
        using var scope = NewDisposeScope();
        var parts = tensor(compact.ToArray()).split(_lengths);
        for (int i = 0; i < shape.Strides.Length; i++)
        {
            long inputs = i == 0 ? shape.ImageChannels : shape.Channels;
            var kernel = parts[2 * i].view(3, 3, inputs, shape.Channels);
            parts[2 * i] = (memory == MemoryLayout.ChannelsLast ? kernel.permute(3, 0, 1, 2) : kernel.permute(3, 2, 0, 1)).flatten();
        }

        return cat(parts).MoveToOuterDisposeScope();
    }

    private static bool PadsAfterOnly(int size, int stride) => stride == 2 && size % 2 == 0;

    private Tensor Kernel(Tensor flat, long inputs) => memory == MemoryLayout.ChannelsLast
        ? flat.view(shape.Channels, 3, 3, inputs).permute(0, 3, 1, 2)
        : flat.view(shape.Channels, inputs, 3, 3);
}
