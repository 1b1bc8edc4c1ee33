using static TorchSharp.torch;

namespace LoptCluster.TorchBenchmarks.TorchSide;

/// <summary>Each row times rsqrt(1e-5 + mean of its square over the weight tensor), weight tensor by weight tensor (App. D.1).</summary>
internal interface ITorchNormalizer
{
    /// <param name="vectors">[7, P]: g, the momenta, w.</param>
    Tensor Normalize(Tensor vectors);
}
