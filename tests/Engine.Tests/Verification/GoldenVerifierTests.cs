using LoptCluster.Engine.Verification;
using LoptCluster.Shared;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Engine.Tests.Verification;

public sealed class GoldenVerifierTests
{
    public static TheoryData<string> ShippedCases => [.. GoldenVerifier.Run(null).Select(r => r.Name)];

    [Theory]
    [MemberData(nameof(ShippedCases))]
    public void Engine_ShippedGoldenCase_IsMet(string name)
    {
        var report = GoldenVerifier.Run(null).Single(r => r.Name == name);
        Assert.True(report.Passed, $"{name}: {report.Error} {string.Join(", ", report.Quantities.Where(q => !q.Passed))}");
    }

    [Fact]
    public void Run_Shipped_HasThemAll() => Assert.Equal(25, GoldenVerifier.Run(null).Count());

    [Fact]
    public void Run_MissingFolder_SaysSo() =>
        Assert.Contains("no-such-folder", Assert.Throws<UserErrorException>(() => GoldenVerifier.Run("no-such-folder").ToList()).Message);

    [Theory]
    [InlineData("{", "cannot be run")]
    [InlineData("""{"name":"x","kind":"nonsense","expected":{},"tolerance_float32":{}}""", "unknown kind 'nonsense'")]
    [InlineData("""{"name":"x","kind":"merge","expected":{},"tolerance_float32":{}}""", "cannot be run")]
    public void Run_BadCase_FailsWithOneLine(string json, string expected)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "bad.json"), json);
        var report = Assert.Single(GoldenVerifier.Run(folder.Path));
        Assert.False(report.Passed);
        Assert.Contains(expected, report.Error);
        Assert.DoesNotContain("\n", report.Error);
    }

    [Fact]
    public void Run_WrongReference_Fails()
    {
        using var folder = new TemporaryFolder();
        using var shipped = typeof(GoldenVerifier).Assembly.GetManifestResourceStream("golden/03_quadratic_k1.json")!;
        string json = new StreamReader(shipped).ReadToEnd().Replace("\"L_plus\": 0.92578125", "\"L_plus\": 0.92579125");
        File.WriteAllText(Path.Combine(folder.Path, "wrong.json"), json);
        var report = Assert.Single(GoldenVerifier.Run(folder.Path));
        Assert.Equal("L", Assert.Single(report.Quantities, q => !q.Passed).Name);
    }

    [Fact]
    public void Quantity_NotANumber_Fails() => Assert.False(new GoldenQuantity("L", double.NaN, 1e-5).Passed);

    [Fact]
    public void Quantity_WithoutTolerance_IsNotCompared() =>
        Assert.True(new GoldenQuantity("g_rp", 1e9, null) is { Passed: true, Compared: false });
}
