using System.Globalization;

namespace LoptCluster.Shared.Specification;

/// <summary>What a schedule cannot do that its values ask for. The run is possible, and likely not what was meant.</summary>
public static class ScheduleNotes
{
    /// <summary>Each with the values and what to set; none for a random search or a comparison, which unroll no truncations.</summary>
    public static IEnumerable<string> Of(RunSpecification specification)
    {
        var s = specification;
        if (s.Mode is RunMode.Search or RunMode.Comparison) yield break;
        int longest = s.LongestInnerSteps();
        if (s.TruncationFirst > longest)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"truncationFirst is {s.TruncationFirst:N0}, but no inner-training is longer than {longest:N0} inner-steps: every "
                    + $"truncation is a whole one. To truncate, set truncationFirst below {longest:N0}.");
        }
        else if (s.TruncationLast > longest)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"truncationLast is {s.TruncationLast:N0}, but no inner-training is longer than {longest:N0} inner-steps: k rises to "
                    + $"{longest:N0} at most. To see the whole ramp, set truncationLast to at most {longest:N0}.");
        }

        if (s.TruncationFirst <= longest && s.TruncationFirst < s.TruncationLast && s.TruncationRampUpdates > s.OuterUpdates)
        {
            double reached = s.TruncationFirst
                + ((s.TruncationLast - (double)s.TruncationFirst) * s.OuterUpdates / s.TruncationRampUpdates);
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"k rises to {Math.Floor(reached):N0} only, not to truncationLast {s.TruncationLast:N0}: its ramp takes "
                    + $"{s.TruncationRampUpdates:N0} outer-updates, and the run has {s.OuterUpdates:N0}. To reach it, set "
                    + $"truncationRampUpdates to at most {s.OuterUpdates:N0}.");
        }
    }
}
