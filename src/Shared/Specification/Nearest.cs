namespace LoptCluster.Shared.Specification;

/// <summary>Suggestions for mistyped words.</summary>
public static class Nearest
{
    /// <summary>
    /// The candidate at the least edit distance, if that is at most 2 or two fifths of its length; otherwise one that contains the word.
    /// </summary>
    public static string? Of(string word, IEnumerable<string> candidates)
    {
        var all = candidates.ToList();
        var best = all.Select(candidate => (candidate, distance: Distance(word.ToLowerInvariant(), candidate.ToLowerInvariant())))
            .OrderBy(pair => pair.distance)
            .FirstOrDefault();
        if (best.candidate is not null && best.distance <= Math.Max(2, best.candidate.Length * 2 / 5)) return best.candidate;
        return word.Length < 3 ? null : all.FirstOrDefault(candidate => candidate.Contains(word, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Levenshtein distance between two words.</summary>
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
