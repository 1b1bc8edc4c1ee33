using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LoptCluster.Torch.Tests.Modules;

/// <summary>The engine's fully connected net with one hidden layer, in torch: W1 [in, units], b1, W2, b2.</summary>
internal sealed class EngineNet : Module<Tensor, Tensor>
{
    private readonly Parameter _w1;
    private readonly Parameter _b1;
    private readonly Parameter _w2;
    private readonly Parameter _b2;

    public EngineNet(int inputs, int units, int classes)
        : base("net")
    {
        _w1 = Parameter(randn(inputs, units) / Math.Sqrt(inputs));
        _b1 = Parameter(zeros(units));
        _w2 = Parameter(randn(units, classes) / Math.Sqrt(units));
        _b2 = Parameter(zeros(classes));
        register_parameter("W1", _w1);
        register_parameter("b1", _b1);
        register_parameter("W2", _w2);
        register_parameter("b2", _b2);
    }

    public override Tensor forward(Tensor input) => functional.relu(input.flatten(1).matmul(_w1) + _b1).matmul(_w2) + _b2;
}
