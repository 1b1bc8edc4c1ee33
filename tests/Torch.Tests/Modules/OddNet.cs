using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LoptCluster.Torch.Tests.Modules;

/// <summary>A parameter that two layers share, one that no layer uses, one that is frozen.</summary>
internal sealed class OddNet : Module<Tensor, Tensor>
{
    private readonly TorchSharp.Modules.Parameter _shared;
    private readonly TorchSharp.Modules.Parameter _frozen;

    public OddNet(int inputs, int classes)
        : base("odd")
    {
        _shared = Parameter(randn(inputs, inputs) / Math.Sqrt(inputs));
        _frozen = Parameter(randn(inputs, classes), requires_grad: false);
        register_parameter("shared", _shared);
        register_parameter("frozen", _frozen);
        register_parameter("unused", Parameter(randn(4)));
    }

    public override Tensor forward(Tensor input) =>
        functional.tanh(functional.tanh(input.flatten(1).matmul(_shared)).matmul(_shared)).matmul(_frozen);
}
