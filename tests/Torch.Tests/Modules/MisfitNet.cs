using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LoptCluster.Torch.Tests.Modules;

/// <summary>A net whose layer does not fit what it is given: libtorch refuses the product with an exception.</summary>
internal sealed class MisfitNet : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> _layer;

    public MisfitNet(int inputs, int classes)
        : base("misfit")
    {
        _layer = Linear(inputs, classes);
        register_module("layer", _layer);
    }

    public override Tensor forward(Tensor input) => _layer.forward(input.flatten(1));
}
