using System.Collections.Immutable;
using LoptCluster.Engine.Parameters;

namespace LoptCluster.Engine.InnerProblems.Convnets;

/// <summary>
/// Architecture of the paper's convnets (App. D.2, F, J): 3×3 SAME convolutions with ReLU, global average pool, linear layer.
/// </summary>
/// <param name="ImageSize">Height and width of the images, in pixels.</param>
/// <param name="ImageChannels">Channels of the images.</param>
/// <param name="Channels">Output channels of every convolution; the paper's convnet has 32.</param>
/// <param name="Strides">Stride of each convolution, 1 or 2; the paper's convnet has 2, 2, 1.</param>
/// <param name="Classes">Outputs of the linear layer.</param>
/// <param name="BatchNorm">Whether batch normalisation replaces the bias between convolution and ReLU (App. J).</param>
/// <param name="BatchNormEpsilon">Constant ε that batch normalisation adds to the variance.</param>
public sealed record ConvnetShape(
    int ImageSize,
    int ImageChannels,
    int Channels,
    ImmutableArray<int> Strides,
    int Classes,
    bool BatchNorm = false,
    float BatchNormEpsilon = 1e-3f)
{
    /// <summary>The paper's convnet on 32 × 32 colour images: 19,722 parameters (App. D.2).</summary>
    public static ConvnetShape Paper { get; } = new(32, 3, 32, [2, 2, 1], 10);

    /// <summary>Names and shapes of the tensors, in the order of the parameter vector.</summary>
    internal ParameterLayout CreateLayout()
    {
        var tensors = new List<(string, int[])>();
        int inputs = ImageChannels;
        for (int i = 1; i <= Strides.Length; i++)
        {
            tensors.Add(($"conv{i}_w", [3, 3, inputs, Channels]));
            if (BatchNorm)
            {
                tensors.Add(($"bn{i}_scale", [Channels]));
                tensors.Add(($"bn{i}_offset", [Channels]));
            }
            else
            {
                tensors.Add(($"conv{i}_b", [Channels]));
            }

            inputs = Channels;
        }

        tensors.Add(("head_w", [Channels, Classes]));
        tensors.Add(("head_b", [Classes]));
        return new ParameterLayout(tensors.ToArray());
    }
}
