namespace LoptCluster.Chaos.Failures;

/// <summary>One failure of those that a run suffers.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Worker">Number of the worker to which it happens, from 0; that of the first of several.</param>
/// <param name="Time">How long it lasts, where it has an end; how late bytes are.</param>
/// <param name="Pause">Time to the next failure.</param>
internal sealed record Failure(FailureKind Kind, int Worker, TimeSpan Time, TimeSpan Pause)
{
    private const double ShortestSeconds = 0.05;

    /// <summary>Longer than a worker may be silent.</summary>
    private const double LongestSeconds = 8;

    /// <summary>The failures of a seed, one after the other.</summary>
    public static IEnumerable<Failure> Draw(int seed, int workers)
    {
        var random = new Random(seed);
        var kinds = Enum.GetValues<FailureKind>();
        while (true)
        {
            var kind = kinds[random.Next(kinds.Length)];
            double seconds = ShortestSeconds * Math.Pow(LongestSeconds / ShortestSeconds, random.NextDouble());
            if (kind == FailureKind.Delayed) seconds = 0.1 * random.NextDouble();
            yield return new Failure(
                kind, random.Next(workers), TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(0.4 * random.NextDouble()));
        }
    }
}
