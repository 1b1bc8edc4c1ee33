using System.Globalization;

namespace LoptCluster.Deploy.Tests.Kubernetes;

/// <summary>Amounts as Kubernetes writes them.</summary>
internal static class Quantity
{
    private static readonly (string Suffix, double Factor)[] Units =
        [("Ki", 1L << 10), ("Mi", 1L << 20), ("Gi", 1L << 30), ("Ti", 1L << 40), ("m", 1e-3), ("k", 1e3), ("M", 1e6), ("G", 1e9),
            ("T", 1e12), ("", 1)];

    public static double Parse(string text)
    {
        var (suffix, factor) = Units.First(u => text.EndsWith(u.Suffix, StringComparison.Ordinal));
        return double.Parse(text[..^suffix.Length], CultureInfo.InvariantCulture) * factor;
    }

    public static double MebibytesOf(string text) => Parse(text) / (1 << 20);
}
