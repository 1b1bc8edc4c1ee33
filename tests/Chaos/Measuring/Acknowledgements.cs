using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;

namespace LoptCluster.Chaos.Measuring;

/// <summary>What workers were told that it is kept: read from the lines that they print, also those of workers that were killed.</summary>
internal sealed partial class Acknowledgements
{
    private readonly ConcurrentDictionary<(long Problem, int Truncation), byte> _samples = [];
    private long _lines;

    /// <summary>Acknowledgements that were read; a sample that was sent again is acknowledged again.</summary>
    public long Count => Interlocked.Read(ref _lines);

    /// <summary>The samples that were acknowledged.</summary>
    public IEnumerable<(long Problem, int Truncation)> Samples => _samples.Keys;

    /// <returns>Whether the line tells of a sample, and need not be kept.</returns>
    public bool Read(string line)
    {
        if (Acknowledged().Match(line) is { Success: true } match)
        {
            _samples[(Number(match, 1), (int)Number(match, 2))] = 0;
            Interlocked.Increment(ref _lines);
            return true;
        }

        return Measured().IsMatch(line);
    }

    private static long Number(Match match, int group) => long.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    /// <summary>Stored now, or found to be stored already. What a worker is told to forget is neither.</summary>
    [GeneratedRegex(@"Problem (\d+), truncation (\d+): (?:Accepted|Stale|Duplicate)$")]
    private static partial Regex Acknowledged();

    [GeneratedRegex(@"Problem \d+, truncation \d+: ")]
    private static partial Regex Measured();
}
