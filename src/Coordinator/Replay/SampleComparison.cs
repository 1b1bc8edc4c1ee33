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
            return Text($"losses {Words(recorded)} recorded, {Words(computed)} computed{Distance(recorded, computed)}");
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
        if (a.Length != b.Length) return Text($"g_{recorded.Estimator} has {a.Length} elements recorded, {b.Length} computed");
        int elements = 0, first = -1;
        double greatest = 0;
        for (int i = 0; i < a.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(a[i]) == BitConverter.SingleToInt32Bits(b[i])) continue;
            if (elements++ == 0) first = i;
            greatest = Math.Max(greatest, Math.Abs((double)a[i] - b[i]));
        }

        return Text($"{elements} of {a.Length} elements of g_{recorded.Estimator} differ, by up to {greatest:0.##e0}; the first is ")
            + Text($"element {first}, {a[first]:R} recorded, {b[first]:R} computed ({Places(Order(a[first]), Order(b[first]))})");
    }

    /// <summary>How many numbers of their kind two losses lie apart; "" where there is another number of them.</summary>
    private static string Distance(GradientSample recorded, GradientSample computed)
    {
        var apart = recorded.Losses.Zip(computed.Losses, (a, b) => Places(Order(a), Order(b)));
        return recorded.Losses.Length == computed.Losses.Length ? $" ({string.Join(" and ", apart)})" : "";
    }

    /// <summary>The place of a number among all of its kind: neighbours differ by 1, which is a unit in the last place (ulp).</summary>
    private static long Order(double value) => BitConverter.DoubleToInt64Bits(value) is >= 0 and var bits
        ? bits
        : long.MinValue - BitConverter.DoubleToInt64Bits(value);

    private static long Order(float value) => BitConverter.SingleToInt32Bits(value) is >= 0 and var bits
        ? bits
        : int.MinValue - (long)BitConverter.SingleToInt32Bits(value);

    private static string Places(long a, long b) => Text($"{Int128.Abs((Int128)a - b)} ulp");

    private static string Words(GradientSample sample) =>
        string.Join(" and ", sample.Losses.Select(loss => loss.ToString("R", CultureInfo.InvariantCulture)));

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
