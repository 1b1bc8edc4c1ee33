using LoptCluster.TorchBenchmarks.EngineSide;
using LoptCluster.TorchBenchmarks.Measuring;
using LoptCluster.TorchBenchmarks.TorchSide;

namespace LoptCluster.TorchBenchmarks.Benchmarks;

/// <summary>The quickest way to run the libtorch side of a sample on this machine.</summary>
internal static class VariantChoice
{
    private const int FinalRounds = 3;

    /// <summary>Slower than this × the best at first sight: out.</summary>
    private const double Hopeless = 1.5;

    /// <summary>Of fully connected nets the layout does not matter.</summary>
    public static IEnumerable<Variant> All(bool hasImages) =>
        from layout in hasImages ? Enum.GetValues<MemoryLayout>() : [MemoryLayout.ChannelsFirst]
        from oneDnn in (bool[])[true, false]
        select new Variant(layout, oneDnn);

    /// <summary>One look at each, then the promising ones in turn, by the median.</summary>
    public static Variant Best(EngineSample engine, IEnumerable<Variant> variants, TapeStyle style)
    {
        var all = variants.Select(v => (Variant: v, Sample: new TorchSample(engine, v, style))).ToList();
        try
        {
            var first = new Rounds(1, 1).Measure([.. all.Select(a => (Action)(() => a.Sample.Run()))]);
            double best = first.Min(s => s.Median);
            var promising = all.Where((_, i) => first[i].Median <= Hopeless * best).ToList();
            var times = new Rounds(0, FinalRounds).Measure([.. promising.Select(a => (Action)(() => a.Sample.Run()))]);
            return promising[Array.IndexOf(times, times.MinBy(t => t.Median))].Variant;
        }
        finally
        {
            foreach (var (_, sample) in all) sample.Dispose();
        }
    }
}
