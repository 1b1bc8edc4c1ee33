using System.Globalization;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LoptCluster.Torch.Tests.Modules;

/// <summary>A net that makes libtorch crash after a number of forward passes of its process: no exception, the process dies.</summary>
internal sealed class CrashingNet : Module<Tensor, Tensor>
{
    /// <summary>Passes until the crash; not set: never.</summary>
    public const string Variable = "LOPT_TEST_CRASH_AFTER";

    private static readonly long CrashAfter = long.TryParse(
        Environment.GetEnvironmentVariable(Variable), CultureInfo.InvariantCulture, out long n)
        ? n
        : long.MaxValue;
    private static long _passes;
    private readonly Module<Tensor, Tensor> _net;

    public CrashingNet(Module<Tensor, Tensor> net)
        : base("crashing")
    {
        _net = net;
        register_module("net", net);
    }

    public override Tensor forward(Tensor input)
    {
        if (Interlocked.Increment(ref _passes) == CrashAfter) Crash();
        return _net.forward(input);
    }

    /// <summary>
    /// A user's mistake: differentiating a graph that is freed. libtorch throws, nobody catches it across the border, and std::terminate
    /// ends the process.
    /// </summary>
    private static void Crash()
    {
        using var gradients = enable_grad();
        using var w = ones(3, requires_grad: true);
        using var loss = w.mul(w).sum();
        autograd.grad([loss], [w]);
        autograd.grad([loss], [w]);
    }
}
