using LoptCluster.Coordinator.Store.Ledger;
using LoptCluster.Engine.Estimation;
using LoptCluster.Shared.Run;

namespace LoptCluster.Coordinator.Replay;

/// <summary>The samples of each batch in merge order, with their gradients: from the ledger, or unrolled again.</summary>
internal sealed class ReplayedSamples(
    GradientLedgerReader? gradients, SampleRecomputer recomputer, ReplayOptions options)
{
    /// <summary>Whether the merge reads gradients that a sample carries, beside those of its losses.</summary>
    private readonly bool _needsGradients = !EstimatorRegistry.Find(options.Specification.Estimator).Measured.IsEmpty;

    /// <returns>The samples, how many of them were unrolled again, and what one of these has otherwise than the run recorded.</returns>
    public (IReadOnlyList<GradientSample> Samples, int Recomputed, string? Difference) Of(
        RecordedBatch batch, CancellationToken cancellation)
    {
        GradientSample[] samples = [.. batch.Samples.OrderBy(s => s.Place).Select(s => s.Sample)];
        if (_needsGradients && gradients?.Page(batch.OuterUpdate) is { } page)
            samples = [.. samples.Select(s => Fill(s, page))];
        int[] missing = [.. Enumerable.Range(0, samples.Length).Where(i => options.RecomputesAll || Lacks(samples[i]))];
        if (missing.Length == 0) return (samples, 0, null);

        options.OnRecompute(batch.OuterUpdate, missing.Length);
        var computed = recomputer.Measure([.. missing.Select(i => samples[i])], cancellation);
        string? difference = null;
        foreach (var (i, sample) in missing.Zip(computed))
        {
            if (SampleComparison.Difference(samples[i], sample) is { } what)
                difference ??= $"sample {sample.Identity.ProblemId}/{sample.Identity.Truncation}: {what}";
            samples[i] = sample;
        }

        return (samples, missing.Length, difference);
    }

    /// <summary>The sample with the values that a page has of its gradients.</summary>
    public static GradientSample Fill(
        GradientSample sample, IReadOnlyDictionary<(SampleIdentity Sample, EstimatorId Estimator), ReadOnlyMemory<float>> page) =>
        sample with
        {
            Gradients =
            [
                .. sample.Gradients.Select(
                    g => page.TryGetValue((sample.Identity, g.Estimator), out var values) ? g with { Values = values } : g),
            ],
        };

    private bool Lacks(GradientSample sample) => _needsGradients && sample.Gradients.Any(g => g.IsFinite && g.Values.IsEmpty);

}
