using LoptCluster.Engine.Benchmarking;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Benchmarking;

/// <summary>What <c>lopt bench</c> measures. The names are those of its JSON and stay.</summary>
internal sealed record BenchResult
{
    private const int PaperMinibatch = 128;
    private const int Rounds = 25;

    /// <summary>Fused multiply-adds on registers, one core, measured between the kernels.</summary>
    public required double FmaPeakGflops { get; init; }

    /// <summary>The paper's convnet, minibatch 128: operations of the algorithm / time / peak.</summary>
    public required double GradientShareOfPeak { get; init; }

    public required double HvpShareOfPeak { get; init; }

    public required double GradientMilliseconds { get; init; }

    public required double HvpMilliseconds { get; init; }

    /// <summary>One update of the convnet's 19,722 parameters by the MLP optimizer.</summary>
    public required double LearnedUpdateMicroseconds { get; init; }

    public required string Preset { get; init; }

    /// <summary>Of one slot on the preset; both halves and both estimators are one inner-step.</summary>
    public required double InnerStepsPerSecond { get; init; }

    public required double SamplesPerSecond { get; init; }

    /// <summary>Mean k of the measured samples.</summary>
    public required double TruncationSteps { get; init; }

    public required BenchCost[] Costs { get; init; }

    public static BenchResult Measure(RunSpecification specification, TimeSpan duration, TimeProvider time, CancellationToken cancellation, IInnerProblemSource? problems = null)
    {
        using var problem = PaperProblems.All[0].Create(PaperMinibatch);
        var convnet = ProblemBenchmark.Measure(problem, Rounds, cancellation);
        double update = LearnedUpdateBenchmark.Measure(cancellation);
        var preset = PresetBenchmark.Measure(specification, duration, time, cancellation, problems);
        int[] cores = [.. new[] { 1, Environment.ProcessorCount, 128 }.Distinct().Order()];
        return new BenchResult
        {
            FmaPeakGflops = convnet.FmaPeakGflops,
            GradientShareOfPeak = convnet.GradientShareOfPeak,
            HvpShareOfPeak = convnet.HvpShareOfPeak,
            GradientMilliseconds = convnet.GradientMilliseconds,
            HvpMilliseconds = convnet.HvpMilliseconds,
            LearnedUpdateMicroseconds = update,
            Preset = preset.Preset,
            InnerStepsPerSecond = preset.InnerStepsPerSecond,
            SamplesPerSecond = preset.SamplesPerSecond,
            TruncationSteps = preset.TruncationSteps,
            Costs = [.. cores.Select(n => new BenchCost(n, preset.UpdateTime(n, specification.OuterUpdates).TotalSeconds, preset.RunTime(n).TotalSeconds))],
        };
    }
}

/// <summary>The preset on <paramref name="Cores"/> cores like this one: the mean outer-update, and the whole run without evaluations.</summary>
internal sealed record BenchCost(int Cores, double UpdateSeconds, double RunSeconds);
