using Xunit;

namespace LoptCluster.Architecture.Tests;

/// <summary>A rule that has no exception: what breaks it is listed, with what to do.</summary>
internal static class Rule
{
    public static void HasNone(IEnumerable<Arrow> wrong, string remedy) =>
        HasNone(wrong.Select(a => a.ToString()).Order(StringComparer.Ordinal), remedy);

    public static void HasNone(IEnumerable<string> wrong, string remedy)
    {
        string[] all = [.. wrong];
        Assert.True(all.Length == 0, $"{remedy} {all.Length} places:\n  {string.Join("\n  ", all)}");
    }
}
