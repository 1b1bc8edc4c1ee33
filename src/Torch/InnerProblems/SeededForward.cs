using System.Runtime.InteropServices;
using LoptCluster.Engine.Minibatches;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LoptCluster.Torch.InnerProblems;

/// <summary>
/// Forward passes whose random numbers (dropout) depend on the minibatch, so that a step's loss, gradient and Hessian-vector product use
/// the same mask.
/// </summary>
/// <remarks>
/// libtorch has one generator per process: a module that draws numbers holds a lock during its forward pass. Its first pass shows whether
/// it draws; a module that does not is neither seeded nor locked.
/// </remarks>
internal sealed class SeededForward(Module<Tensor, Tensor> module)
{
    private static readonly Lock Generator = new();
    private bool? _draws;

    /// <summary>Runs <paramref name="create"/> with random numbers that the seed determines.</summary>
    public static T Seeded<T>(long seed, Func<T> create)
    {
        lock (Generator)
        {
            manual_seed(seed);
            return create();
        }
    }

    public Tensor Run(Tensor inputs, Minibatch batch)
    {
        if (_draws == false) return module.forward(inputs);
        lock (Generator)
        {
            manual_seed(SeedOf(batch));
            if (_draws == true) return module.forward(inputs);
            using var before = get_rng_state();
            var output = module.forward(inputs);
            using var after = get_rng_state();
            _draws = !before.bytes.SequenceEqual(after.bytes);
            return output;
        }
    }

    /// <summary>Seed from the labels and the first pixels (FNV-1a).</summary>
    private static long SeedOf(Minibatch batch)
    {
        ulong hash = 14695981039346656037;
        foreach (int label in batch.Labels) hash = (hash ^ (uint)label) * 1099511628211;
        foreach (uint pixel in MemoryMarshal.Cast<float, uint>(batch.Inputs[..Math.Min(64, batch.Inputs.Length)]))
            hash = (hash ^ pixel) * 1099511628211;
        return (long)(hash >> 1);
    }
}
