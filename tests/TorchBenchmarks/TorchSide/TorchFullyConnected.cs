using LoptCluster.Engine.Parameters;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LoptCluster.TorchBenchmarks.TorchSide;

/// <summary>A fully connected net with ReLU.</summary>
internal sealed class TorchFullyConnected(ParameterLayout layout) : ITorchNet
{
    private readonly long[] _lengths = [.. layout.Tensors.Select(t => (long)t.Length)];

    public Tensor Loss(Tensor w, Tensor x, Tensor y)
    {
        var parts = w.split(_lengths);
        for (int i = 0; i < parts.Length; i += 2)
        {
            if (i > 0) x = x.relu();
            var shape = layout.Tensors[i].Shape;
            x = addmm(parts[i + 1], x, parts[i].view(shape[0], shape[1]), 1, 1);
        }

        return functional.cross_entropy(x, y);
    }

    public Tensor Inputs(ReadOnlySpan<float> images, int count) => tensor(images.ToArray(), [count, images.Length / count]);

    public Tensor Flat(ReadOnlySpan<float> compact) => tensor(compact.ToArray());
}
