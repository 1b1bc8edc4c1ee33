using LoptCluster.TorchBenchmarks.Figures;
using LoptCluster.TorchBenchmarks.Measuring;

namespace LoptCluster.TorchBenchmarks.Benchmarks;

/// <summary>Seconds of a sample, round by round.</summary>
/// <param name="Engine">The engine, both estimators.</param>
/// <param name="Tape">libtorch's tape, both estimators.</param>
/// <param name="EnginePlain">The engine without g_rp.</param>
/// <param name="TorchPlain">libtorch without g_rp.</param>
/// <param name="HandTuned">The tape once more, rewritten for this measurement.</param>
/// <param name="PeakGflops">FMA peak of the round.</param>
internal sealed record SampleTimes(Series Engine, Series Tape, Series EnginePlain, Series TorchPlain, Series HandTuned, Series PeakGflops)
{
    public Series OverFloor(double flops) => Engine.Times(PeakGflops).Times(1e9 / flops);

    public void AddTo(BenchmarkReport report, string problem)
    {
        Add("engine, whole sample", Engine);
        Add("libtorch tape, whole sample", Tape);
        Add("libtorch hand-tuned tape, whole sample", HandTuned);
        Add("engine, without g_rp", EnginePlain);
        Add("libtorch, without g_rp", TorchPlain);
        void Add(string name, Series seconds) => report.Timings.Add(Timing.Of($"{name}, {problem}", seconds, report.Steps));
    }
}
