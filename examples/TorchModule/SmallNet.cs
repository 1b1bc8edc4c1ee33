using LoptCluster.Engine.Datasets;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LoptCluster.Examples.TorchModule;

/// <summary>Network of operations that the engine has no kernels for: GELU, layer norm, a convolution without padding.</summary>
internal sealed class SmallNet : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> _layers;

    public SmallNet(ImageShape images, int classes)
        : base("smallNet")
    {
        int side = ((images.Size - 1) / 2) - 2;
        _layers = Sequential(
            Conv2d(images.Channels, 8, 3, stride: 2L),
            GELU(),
            Conv2d(8, 16, 3),
            GELU(),
            Flatten(),
            LayerNorm(16L * side * side),
            Linear(16L * side * side, classes));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => _layers.forward(input);
}
