using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LoptCluster.Torch.Tests.Modules;

/// <summary>The paper's convnet in torch (App. D.2): strides 2, 2, 1 with TensorFlow's padding, weights [3, 3, in, out].</summary>
internal sealed class EngineConvnet : Module<Tensor, Tensor>
{
    private static readonly int[] Strides = [2, 2, 1];
    private readonly List<(Parameter Weights, Parameter Bias)> _layers = [];
    private readonly Parameter _headWeights;
    private readonly Parameter _headBias;

    public EngineConvnet(int channels, int units, int classes)
        : base("convnet")
    {
        int inputs = channels;
        for (int i = 1; i <= Strides.Length; i++)
        {
            var layer = (Parameter(randn(3, 3, inputs, units) / Math.Sqrt(9 * inputs)), Parameter(zeros(units)));
            _layers.Add(layer);
            register_parameter($"conv{i}_w", layer.Item1);
            register_parameter($"conv{i}_b", layer.Item2);
            inputs = units;
        }

        _headWeights = Parameter(randn(units, classes) / Math.Sqrt(units));
        _headBias = Parameter(zeros(classes));
        register_parameter("head_w", _headWeights);
        register_parameter("head_b", _headBias);
    }

    public override Tensor forward(Tensor input)
    {
        var x = input;
        for (int i = 0; i < Strides.Length; i++)
        {
            // Even sizes at stride 2: nothing before, one row and column after.
            x = functional.pad(x, Strides[i] == 2 ? [0, 1, 0, 1] : [1, 1, 1, 1]);
            x = functional.relu(
                functional.conv2d(x, _layers[i].Weights.permute(3, 2, 0, 1), _layers[i].Bias, strides: [Strides[i], Strides[i]]));
        }

        return x.mean([2, 3]).matmul(_headWeights) + _headBias;
    }
}
