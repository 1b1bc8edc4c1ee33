using static TorchSharp.torch;

namespace LoptCluster.TorchBenchmarks.TorchSide;

/// <summary>An inner-problem as a user of libtorch writes it: a function of one flat vector of inner-parameters.</summary>
internal interface ITorchNet
{
    /// <summary>Mean cross-entropy of a minibatch.</summary>
    /// <param name="w">[P], tensor after tensor, each as the net wants it in memory.</param>
    /// <param name="x">Rows of what <see cref="Inputs"/> made.</param>
    /// <param name="y">[B], int64.</param>
    Tensor Loss(Tensor w, Tensor x, Tensor y);

    /// <summary>Images, from [N, H, W, C] as the engine has them, ready for the net.</summary>
    Tensor Inputs(ReadOnlySpan<float> images, int count);

    /// <summary>The engine's compact vector of inner-parameters, in this net's order within each tensor.</summary>
    Tensor Flat(ReadOnlySpan<float> compact);
}
