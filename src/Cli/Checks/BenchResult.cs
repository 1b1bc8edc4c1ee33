using LoptCluster.Engine.Benchmarking;

namespace LoptCluster.Cli.Checks;

/// <summary>What <c>lopt bench</c> measures. The names are those of its JSON and stay.</summary>
internal sealed record BenchResult
{
    /// <summary>Fused multiply-adds on registers, one core, measured between the kernels.</summary>
    public required double FmaPeakGflops { get; init; }

    /// <summary>Bits of the vectors that the kernels use: 512, 256, or 128 for neither.</summary>
    public required int VectorBits { get; init; }

    /// <summary>The paper's convnet, minibatch 128: operations of the definition / time / peak.</summary>
    public required double GradientShareOfPeak { get; init; }

    public required double HvpShareOfPeak { get; init; }

    public required double GradientMilliseconds { get; init; }

    public required double HvpMilliseconds { get; init; }

    /// <summary>One update of the convnet's 19,722 parameters by the MLP optimizer.</summary>
    public required double LearnedUpdateMicroseconds { get; init; }

    /// <summary>The same of every inner-problem of the paper, minibatch 128.</summary>
    public required BenchProblem[] Problems { get; init; }

    /// <summary>Inner-step of the paper's convnet, minibatch 128, with the MLP optimizer over the same with Adam.</summary>
    public required double InnerStepOverAdam { get; init; }

    public required string Preset { get; init; }

    /// <summary>Of one slot on the preset; both halves and both estimators are one inner-step.</summary>
    public required double InnerStepsPerSecond { get; init; }

    public required double SamplesPerSecond { get; init; }

    /// <summary>Mean k of the measured samples.</summary>
    public required double TruncationSteps { get; init; }

    /// <summary>Speed of a learned optimizer's inner-steps when the sample skips g_rp.</summary>
    public required double InnerStepsPerSecondWithoutRp { get; init; }

    /// <summary>What a slot keeps for the preset's longest truncation, MB of 2²⁰ bytes.</summary>
    public required double TruncationMegabytes { get; init; }

    /// <summary>Slots of one process, and their inner-steps a second against one slot's; null with one core.</summary>
    public required SlotScaling? SlotScaling { get; init; }

    public required BenchCost[] Costs { get; init; }
}

/// <summary>One inner-problem; <see cref="ProblemBenchmark"/> says what the numbers are.</summary>
internal sealed record BenchProblem(
    string Name,
    double GradientMilliseconds,
    double GradientShareOfPeak,
    double GradientExecutedShare,
    double HvpMilliseconds,
    double HvpShareOfPeak,
    double HvpExecutedShare);

/// <summary>The preset on <paramref name="Cores"/> cores like this one: the mean outer-update, and the whole run without evaluations.</summary>
/// <param name="LeastRunSeconds">With the fewest g_rp that an adaptive share may come to; the same where g_rp is computed for all samples.</param>
internal sealed record BenchCost(int Cores, double UpdateSeconds, double RunSeconds, double LeastRunSeconds);
