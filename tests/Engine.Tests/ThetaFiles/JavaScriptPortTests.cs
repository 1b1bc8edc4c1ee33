using System.Text.Json.Nodes;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.ThetaFiles;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Engine.Tests.ThetaFiles;

/// <summary>
/// A port that was written from docs/THETA.md gives the updates of the engine in every family, and the vectors of the cards tell each of
/// its constants from the neighbours.
/// </summary>
public sealed class JavaScriptPortTests
{
    public static TheoryData<string> Families { get; } = [.. OptimizerFamilies.All.Select(f => f.Name)];

    public static TheoryData<string> Shipped { get; } = [.. ThetaCatalog.Names];

    [Theory]
    [MemberData(nameof(Families))]
    public void Deviations_OfAFamily_AreWithinTheTolerance(string family)
    {
        AssertRight(family);
        AssertRight(family, s => s with { StepDecay = StepDecay.Linear, TimeInputs = TimeInputs.Horizon, Nesterov = NesterovOf(family) });
    }

    [Theory]
    [InlineData("mlp16")]
    [InlineData("mlp20")]
    [InlineData("mlp28")]
    [InlineData("mlp31")]
    public void Deviations_WithoutMomentumAndTimeInputs_AreWithinTheTolerance(string family) =>
        AssertRight(family, s => s with { MomentumInputs = false, TimeInputs = TimeInputs.None, TrainImagesPerClass = 0 });

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Deviations_OfAShippedTheta_AreWithinTheTolerance(string name)
    {
        byte[] file = File.ReadAllBytes(Repository.PathOf($"theta/{name}.safetensors"));
        string card = File.ReadAllText(Repository.PathOf($"theta/{name}.card.json"));

        Assert.InRange(new JavaScriptPort().Deviations(file, card).Max(), 0, 1);
    }

    /// <summary>Steps of networks, in which muon has hidden weights, and the points of evaluation of Schedule-Free AdamW.</summary>
    [Theory]
    [InlineData("36_adamw")]
    [InlineData("37_nadamw")]
    [InlineData("38_schedule_free_adamw")]
    [InlineData("39_lion")]
    [InlineData("40_muon")]
    public void CaseDeviations_OfABaseline_AreWithinTheTolerances(string golden) =>
        Assert.InRange(new JavaScriptPort().CaseDeviations(GoldenCase(golden)).Max(), 0, 1);

    [Theory]
    [MemberData(nameof(PortMistakes.OfNetworks), MemberType = typeof(PortMistakes))]
    public void CaseDeviations_OfAPortWithAMistake_AreBeyondTheTolerances(string golden, string right, string wrong)
    {
        Assert.Contains(right, JavaScriptPort.Source, StringComparison.Ordinal);

        var mistaken = new JavaScriptPort(source => source.Replace(right, wrong, StringComparison.Ordinal));

        Assert.True(mistaken.CaseDeviations(FirstRunOf(golden)).Max() > 1, $"{golden} does not tell '{wrong}' from '{right}'.");
    }

    [Theory]
    [InlineData("mlp16")]
    [InlineData("adam")]
    public void Deviations_FileSavedAnewWithoutMetadata_TakeTheCard(string family)
    {
        var (file, card) = Made(family);
        int length = BitConverter.ToInt32(file);
        var header = JsonNode.Parse(file.AsSpan(8, length))!.AsObject();
        header.Remove("__metadata__");
        byte[] bare = System.Text.Encoding.UTF8.GetBytes(header.ToJsonString());

        byte[] saved = [.. BitConverter.GetBytes((long)bare.Length), .. bare, .. file.AsSpan(8 + length)];

        Assert.InRange(new JavaScriptPort().Deviations(saved, card).Max(), 0, 1);
    }

    /// <summary>One mistake each, of those that a port may make.</summary>
    [Theory]
    [MemberData(nameof(PortMistakes.All), MemberType = typeof(PortMistakes))]
    public void Deviations_OfAPortWithAMistake_AreBeyondTheTolerance(string family, string right, string wrong)
    {
        Assert.Contains(right, JavaScriptPort.Source, StringComparison.Ordinal);
        var (file, card) = Made(family, s => s with { StepDecay = StepDecay.Linear });

        var mistaken = new JavaScriptPort(source => source.Replace(right, wrong, StringComparison.Ordinal));

        Assert.True(mistaken.Deviations(file, card).Max() > 1, $"The vectors of {family} do not tell '{wrong}' from '{right}'.");
    }

    private static string GoldenCase(string name) => File.ReadAllText(Repository.PathOf($"golden/{name}.json"));

    /// <summary>A case with the first of its runs alone: enough to see a mistake.</summary>
    private static string FirstRunOf(string golden)
    {
        var node = JsonNode.Parse(GoldenCase(golden))!;
        var runs = node["runs"]!.AsArray();
        runs.RemoveRange(1, runs.Count - 1);
        return node.ToJsonString();
    }

    private static bool NesterovOf(string family) => family.StartsWith("momentum", StringComparison.Ordinal);

    private static void AssertRight(string family, Func<RunSpecification, RunSpecification>? change = null)
    {
        var (file, card) = Made(family, change);

        Assert.InRange(new JavaScriptPort().Deviations(file, card).Max(), 0, 1);
    }

    /// <summary>A file and a card as runs write them, of a θ whose every element matters in a step.</summary>
    private static (byte[] File, string Card) Made(string name, Func<RunSpecification, RunSpecification>? change = null)
    {
        var specification = new RunSpecification
        {
            Optimizer = Enum.Parse<OptimizerKind>(name, ignoreCase: true),
            InnerSteps = 60_000,
            TrainImagesPerClass = 30,
            StepScale = 0.03,
            ExponentScale = 0.1,
        };
        specification = change?.Invoke(specification) ?? specification;
        var family = OptimizerFamilies.Of(specification.Optimizer);
        float[] theta = OptimizerFactory.InitialTheta(specification);
        if (family.Theta.HyperParameters.Length > 0) WithEffect(family.Theta, theta);
        var content = ThetaFileContent.Of(new ThetaSnapshot(1, theta), specification, "abc");
        return (ThetaFile.ToBytes(content), ThetaCard.ToJson(content, specification));
    }

    /// <summary>Hyper-parameters of which a tenth more or less is seen after a single step.</summary>
    private static void WithEffect(ThetaLayout layout, float[] theta)
    {
        for (int i = 0; i < theta.Length; i++)
        {
            double? value = layout.HyperParameters[i].Name switch
            {
                "learningRate" or "adamLearningRate" => 0.03,
                "epsilon" => 1e-2,
                "linearDecay" => 1e-5,
                "exponentialDecay" => 2e-5,
                "l1" or "weightDecay" => 0.05,
                "l2" => 0.08,
                "warmupShare" => 0.2,
                _ => null,
            };
            if (value is { } x) theta[i] = layout.HyperParameters[i].ToTheta(x);
        }
    }
}
