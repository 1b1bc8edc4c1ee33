using LoptCluster.Engine.Benchmarking;

namespace LoptCluster.Cli.Checks;

/// <summary>Measurements of <c>lopt bench</c>; property names are those of its JSON and must not change.</summary>
internal sealed record BenchResult
{
    /// <summary>Peak rate of fused multiply-adds on registers of one core, measured between the kernels.</summary>
    public required double FmaPeakGflops { get; init; }

    /// <summary>Width in bits of the vectors that the kernels use: 512, 256, or 128 without either.</summary>
    public required int VectorBits { get; init; }

    /// <summary>Gradient of the paper's convnet, minibatch 128: operations of the definition / time / peak.</summary>
    public required double GradientShareOfPeak { get; init; }

    public required double HvpShareOfPeak { get; init; }

    public required double GradientMilliseconds { get; init; }

    public required double HvpMilliseconds { get; init; }

    /// <summary>Time of one update of the convnet's 19,722 parameters by the MLP optimizer.</summary>
    public required double LearnedUpdateMicroseconds { get; init; }

    /// <summary>Gradient and Hessian-vector product of every inner-problem of the paper, minibatch 128.</summary>
    public required BenchProblem[] Problems { get; init; }

    /// <summary>Ratio of an inner-step with the MLP optimizer to one with Adam; the paper's convnet, minibatch 128.</summary>
    public required double InnerStepOverAdam { get; init; }

    public required string Preset { get; init; }

    /// <summary>Rate of one slot on the preset; both sides and both estimators together count as one inner-step.</summary>
    public required double InnerStepsPerSecond { get; init; }

    public required double SamplesPerSecond { get; init; }

    /// <summary>Mean k of the measured samples.</summary>
    public required double TruncationSteps { get; init; }

    /// <summary>Rate of one slot on the preset without g_rp.</summary>
    public required double InnerStepsPerSecondWithoutRp { get; init; }

    /// <summary>Cost of turning from one problem to another.</summary>
    public required SwitchBenchmark Switch { get; init; }

    /// <summary>Memory of a slot for the preset's longest truncation, in MB of 2²⁰ bytes.</summary>
    public required double TruncationMegabytes { get; init; }

    /// <summary>Speed of several slots of one process relative to one slot; null with one core.</summary>
    public required SlotScaling? SlotScaling { get; init; }

    public required BenchCost[] Costs { get; init; }
}

/// <summary>Figures of one inner-problem, defined in <see cref="ProblemBenchmark"/>.</summary>
internal sealed record BenchProblem(
    string Name,
    double GradientMilliseconds,
    double GradientShareOfPeak,
    double GradientExecutedShare,
    double HvpMilliseconds,
    double HvpShareOfPeak,
    double HvpExecutedShare);

/// <summary>Estimated cost of the preset on <paramref name="Cores"/> cores like this one, without evaluations.</summary>
/// <param name="Cores">Number of cores.</param>
/// <param name="UpdateSeconds">Mean time of an outer-update.</param>
/// <param name="RunSeconds">Time of the whole run.</param>
/// <param name="LeastRunSeconds">Time with the fewest g_rp of an adaptive share; equal to RunSeconds if all samples compute g_rp.</param>
internal sealed record BenchCost(int Cores, double UpdateSeconds, double RunSeconds, double LeastRunSeconds);
