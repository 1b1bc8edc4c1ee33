using System.Globalization;
using System.Runtime.InteropServices;
using LoptCluster.Shared.Run;

namespace LoptCluster.Coordinator.Replay;

/// <summary>Compares a sample that was computed again with the one of the run, bit for bit; times are left out.</summary>
internal static class SampleComparison
{
    /// <summary>
    /// What is different, as a clause for people; null: nothing. Gradients without values are compared by their outcomes.
    /// </summary>
    public static string? Difference(GradientSample recorded, GradientSample computed)
    {
        if (recorded.StartStep != computed.StartStep || recorded.Steps != computed.Steps)
            return Text($"steps {recorded.StartStep} + {recorded.Steps} recorded, {computed.StartStep} + {computed.Steps} computed");
        if (!MemoryMarshal.AsBytes(recorded.Losses.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(computed.Losses.AsSpan())))
            return Text($"losses {Words(recorded)} recorded, {Words(computed)} computed");
        if (recorded.ProblemFinished != computed.ProblemFinished)
            return $"the problem {(recorded.ProblemFinished ? "ended" : "went on")} in the run, and not here";
        var estimators = recorded.Gradients.Select(g => g.Estimator);
        if (!estimators.SequenceEqual(computed.Gradients.Select(g => g.Estimator))) return "other gradients were measured";
        return recorded.Gradients.Zip(computed.Gradients, Difference).FirstOrDefault(difference => difference is not null);
    }

    private static string? Difference(MeasuredGradient recorded, MeasuredGradient computed)
    {
        if (recorded.IsFinite && !computed.IsFinite) return $"g_{recorded.Estimator} was finite in the run, and is not here";
        if (computed.IsFinite && !recorded.IsFinite) return $"g_{recorded.Estimator} was not finite in the run, and is here";
        if (recorded.Values.IsEmpty) return null;
        ReadOnlySpan<float> a = recorded.Values.Span, b = computed.Values.Span;
        if (MemoryMarshal.AsBytes(a).SequenceEqual(MemoryMarshal.AsBytes(b))) return null;
        int elements = 0;
        double greatest = 0;
        for (int i = 0; i < a.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(a[i]) == BitConverter.SingleToInt32Bits(b[i])) continue;
            elements++;
            greatest = Math.Max(greatest, Math.Abs((double)a[i] - b[i]));
        }

        return Text($"{elements} of {a.Length} elements of g_{recorded.Estimator} differ, by up to {greatest:0.##e0}");
    }

    private static string Words(GradientSample sample) =>
        string.Join(" and ", sample.Losses.Select(loss => loss.ToString("R", CultureInfo.InvariantCulture)));

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
