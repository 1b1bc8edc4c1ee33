using System.Runtime.InteropServices;
using System.Security.Cryptography;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Sampling;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Verification;

/// <summary>
/// Golden samples that every process of a fleet computes at its start: engines that agree in their value compute the same bits, and a
/// broken processor is found before a sample of it counts.
/// </summary>
/// <remarks>
/// Two truncations of a small net at an initial θ: losses, g_rp and the end state are hashed bit for bit. That takes milliseconds once the
/// kernels are compiled, which takes longer. Kernels of convnets and torch modules are left to audits.
/// </remarks>
public static class SelfCheck
{
    private const int Truncations = 2;

    /// <summary>Bytes of SHA-256 that are compared.</summary>
    private const int HashBytes = 16;

    private static readonly Lazy<string> Computed = new(Compute);

    private static readonly RunSpecification Specification = new()
    {
        Name = "self-check",
        Dataset = DatasetKind.Procedural,
        ImageSize = 6,
        ImageChannels = 1,
        TaskClasses = 4,
        TrainImagesPerClass = 8,
        ValidImagesPerClass = 8,
        InnerProblem = InnerProblemKind.FullyConnected,
        HiddenUnits = [17],
        MinibatchSize = 8,
        StepScale = 0.05,
        InnerSteps = 3 * Truncations,
        TruncationFirst = 3,
        TruncationLast = 3,
        TruncationRampUpdates = 0,
        TruncationJitter = 0,
    };

    /// <summary>This engine's value on this machine, 32 hexadecimal digits; computed once in a process.</summary>
    public static string Value => Computed.Value;

    private static string Compute()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var slot = new Slot(Specification, DatasetCatalog.OpenRun(Specification, null));
        var theta = new PublishedTheta(new ThetaSnapshot(0, OptimizerFactory.InitialTheta(Specification)), SamplePlan.All);
        var state = slot.Begin(0);
        for (int i = 0; i < Truncations; i++) Add(hash, slot.Measure(state, theta, CancellationToken.None));
        foreach (var particle in state.Particles)
        {
            hash.AppendData(MemoryMarshal.AsBytes<float>(particle.W));
            hash.AppendData(MemoryMarshal.AsBytes<float>(particle.M));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, HashBytes));
    }

    private static void Add(IncrementalHash hash, GradientSample sample)
    {
        hash.AppendData([sample.ProblemFinished ? (byte)1 : (byte)0]);
        hash.AppendData(MemoryMarshal.AsBytes(sample.Losses.AsSpan()));
        foreach (var gradient in sample.Gradients)
        {
            hash.AppendData([(byte)gradient.Outcome]);
            hash.AppendData(MemoryMarshal.AsBytes(gradient.Values.Span));
        }
    }
}
