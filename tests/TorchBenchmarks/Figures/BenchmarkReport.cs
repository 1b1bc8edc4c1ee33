using LoptCluster.Shared.Specification;

namespace LoptCluster.TorchBenchmarks.Figures;

/// <summary>Everything that one run found. The names are those of its JSON and stay.</summary>
internal sealed class BenchmarkReport
{
    public required int Steps { get; init; }

    public required string Objective { get; init; }

    public required int Rounds { get; init; }

    public required string Libtorch { get; init; }

    /// <summary>As the environment has it: libtorch asks for the same memory every step, so the allocator should keep it.</summary>
    public required bool AllocatorTuned { get; init; }

    /// <summary>Cores that this process may use.</summary>
    public required int Cores { get; init; }

    public double FmaPeakGflops { get; set; }

    /// <summary>Near 1 on a quiet machine; times are processor time either way.</summary>
    public double WallOverProcessor { get; set; }

    public List<Figure> Figures { get; } = [];

    public List<Timing> Timings { get; } = [];

    public List<Agreement> Agreements { get; } = [];

    /// <summary>Which way of running libtorch was the best, by problem.</summary>
    public Dictionary<string, string> Variants { get; } = [];

    /// <summary>Memory that an inner-step of a truncation adds, MB.</summary>
    public Dictionary<string, double> MegabytesPerStep { get; } = [];

    public static BenchmarkReport Start(OuterObjective objective, int steps, int rounds, string libtorch) => new()
    {
        Steps = steps,
        Objective = objective.ToString().ToLowerInvariant(),
        Rounds = rounds,
        Libtorch = libtorch,
        AllocatorTuned = Environment.GetEnvironmentVariable("MALLOC_TRIM_THRESHOLD_") is not null,
        Cores = Environment.ProcessorCount,
    };
}
