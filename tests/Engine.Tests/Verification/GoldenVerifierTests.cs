using System.Text.Json.Nodes;
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
    public void Run_Shipped_HasThemAll() => Assert.Equal(40, GoldenVerifier.Run(null).Count());

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
        string json = Shipped("03_quadratic_k1").Replace("\"L_plus\": 0.92578125", "\"L_plus\": 0.92579125");
        File.WriteAllText(Path.Combine(folder.Path, "wrong.json"), json);
        var report = Assert.Single(GoldenVerifier.Run(folder.Path));
        Assert.Equal("L", Assert.Single(report.Quantities, q => !q.Passed).Name);
    }

    /// <summary>The reference's automatic differentiation may divide 0 by 0, and Python writes that as NaN.</summary>
    [Theory]
    [InlineData("NaN")]
    [InlineData("-Infinity")]
    [InlineData("null")]
    public void Run_ReferenceGivesNoNumber_ComparesTheRestAndRequiresAFiniteValue(string number)
    {
        using var folder = new TemporaryFolder();
        string json = Shipped("22_sgd_quadratic").Replace("\"rate\": -23.4076866694743", $"\"rate\": {number}");
        File.WriteAllText(Path.Combine(folder.Path, "none.json"), json.Replace("22_sgd", "NaN \\\" NaN 22_sgd"));
        var report = Assert.Single(GoldenVerifier.Run(folder.Path));
        Assert.True(report.Passed, report.Error);
        Assert.StartsWith("NaN \" NaN", report.Name);
        Assert.Equal(["rate"], report.Quantities.Where(q => !q.HasReference).Select(q => q.Name));
        Assert.Equal(["L", "w_final"], report.Quantities.Where(q => q.HasReference && q.RelativeError > 0).Select(q => q.Name));
    }

    [Theory]
    [InlineData("\"rate\": -23.40", "\"rate\": -23.41", "rate")]
    [InlineData("\"L\": 2.2542", "\"L\": 2.2543", "L")]
    [InlineData("\"w_final\": [0.3354", "\"w_final\": [0.3355", "w_final")]
    public void Run_WrongHyperTruncation_Fails(string right, string wrong, string quantity)
    {
        using var folder = new TemporaryFolder();
        string json = Shipped("22_sgd_quadratic");
        Assert.Contains(right, json);
        File.WriteAllText(Path.Combine(folder.Path, "wrong.json"), json.Replace(right, wrong));
        var report = Assert.Single(GoldenVerifier.Run(folder.Path));
        Assert.Equal(quantity, Assert.Single(report.Quantities, q => !q.Passed).Name);
    }

    [Theory]
    [InlineData("w")]
    [InlineData("state")]
    [InlineData("evaluation_point")]
    public void Run_WrongBaselineSteps_Fails(string quantity)
    {
        using var folder = new TemporaryFolder();
        var json = JsonNode.Parse(Shipped("38_schedule_free_adamw"))!;
        var values = json["expected"]!["runs"]![1]![quantity]!;
        if (quantity != "state") values = values[2]!;
        values[5] = 1.01 * (double)values[5]!;
        File.WriteAllText(Path.Combine(folder.Path, "wrong.json"), json.ToJsonString());
        var report = Assert.Single(GoldenVerifier.Run(folder.Path));
        Assert.Contains(quantity, report.Quantities.Where(q => !q.Passed).Select(q => q.Name));
    }

    /// <summary>A weight of 0 has no logarithm; without regularisation and decay Adam is what remains.</summary>
    [Fact]
    public void Run_RegularizationAndDecayOfZero_AreAdam()
    {
        using var folder = new TemporaryFolder();
        const string none = ", \"linear_decay\": 0, \"exponential_decay\": 0.0, \"l1\": 0, \"l2\": 0}";
        const string unknown = ", \"linear_decay\": NaN, \"exponential_decay\": NaN, \"l1\": NaN, \"l2\": NaN}";
        string json = Shipped("26_adam");
        string epsilon = "\"epsilon\": 9.5367431640625e-07}", gradient = "\"epsilon\": 0.08947957470836485}";
        Assert.Contains(epsilon, json);
        Assert.Contains(gradient, json);
        json = json.Replace(epsilon, epsilon[..^1] + none).Replace(gradient, gradient[..^1] + unknown);
        File.WriteAllText(Path.Combine(folder.Path, "zero.json"), json);
        Assert.True(Assert.Single(GoldenVerifier.Run(folder.Path)).Passed);
    }

    [Fact]
    public void Quantity_WithoutReferenceAndNotFinite_Fails() =>
        Assert.False(new GoldenQuantity("rate", double.NaN, 1e-5) { HasReference = false }.Passed);

    [Fact]
    public void Quantity_NotANumber_Fails() => Assert.False(new GoldenQuantity("L", double.NaN, 1e-5).Passed);

    [Fact]
    public void Quantity_WithoutTolerance_IsNotCompared() =>
        Assert.True(new GoldenQuantity("g_rp", 1e9, null) is { Passed: true, Compared: false });

    private static string Shipped(string name)
    {
        using var stream = typeof(GoldenVerifier).Assembly.GetManifestResourceStream($"golden/{name}.json")!;
        return new StreamReader(stream).ReadToEnd();
    }
}
