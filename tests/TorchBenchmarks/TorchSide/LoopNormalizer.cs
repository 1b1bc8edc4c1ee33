using LoptCluster.Engine.Parameters;
using TorchSharp;
using static TorchSharp.torch;

namespace LoptCluster.TorchBenchmarks.TorchSide;

/// <summary>A loop over the weight tensors, as anyone would write it.</summary>
internal sealed class LoopNormalizer(ParameterLayout layout) : ITorchNormalizer
{
    private readonly long[] _lengths = [.. layout.Tensors.Select(t => (long)t.Length)];
    private readonly Scalar _epsilon = 1e-5;
    private readonly Scalar _one = 1;

    public Tensor Normalize(Tensor vectors) => cat([.. vectors.split(_lengths, 1).Select(Normalized)], 1);

    /// <remarks>Not part.square(): it makes a scalar, which the garbage collector may take while libtorch reads it.</remarks>
    private Tensor Normalized(Tensor part) => part.mul(part.mul(part).mean([1], true).add(_epsilon, _one).rsqrt());
}
