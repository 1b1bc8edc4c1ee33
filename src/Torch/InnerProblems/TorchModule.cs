using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LoptCluster.Torch.InnerProblems;

/// <summary>A module and its loss, under the name that a run's <c>torchModule</c> says.</summary>
/// <param name="Name">1 … 64 letters, digits, '-', '_' or '.'.</param>
/// <param name="Create">Called for every slot, and for every inner-problem's random start: the parameters that it draws are w(0).</param>
/// <param name="Loss">(output, labels) → scalar, the mean over the minibatch; labels are int64 [B].</param>
public sealed record TorchModule(string Name, Func<TorchTask, Module<Tensor, Tensor>> Create, Func<Tensor, Tensor, Tensor> Loss)
{
    /// <summary>With the mean cross-entropy of logits [B, classes], in nats.</summary>
    public TorchModule(string name, Func<TorchTask, Module<Tensor, Tensor>> create)
        : this(name, create, (output, labels) => functional.cross_entropy(output, labels))
    {
    }
}
