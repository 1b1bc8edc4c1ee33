using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LoptCluster.Torch.InnerProblems;

/// <summary>Module and its loss, under the name that a run's <c>torchModule</c> refers to.</summary>
/// <param name="Name">Name with 1 … 64 letters, digits, '-', '_' or '.'.</param>
/// <param name="Create">
/// Factory, called for every slot and for every inner-problem's random start: the parameters that it draws are w(0).
/// </param>
/// <param name="Loss">Function (output, labels) → scalar, the mean over the minibatch; labels are int64 [B].</param>
public sealed record TorchModule(string Name, Func<TorchTask, Module<Tensor, Tensor>> Create, Func<Tensor, Tensor, Tensor> Loss)
{
    /// <summary>Creates a definition with the mean cross-entropy of logits [B, classes], in nats.</summary>
    public TorchModule(string name, Func<TorchTask, Module<Tensor, Tensor>> create)
        : this(name, create, (output, labels) => functional.cross_entropy(output, labels))
    {
    }
}
