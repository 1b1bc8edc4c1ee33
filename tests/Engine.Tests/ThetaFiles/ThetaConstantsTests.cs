using System.Text;
using System.Text.Json.Nodes;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.ThetaFiles;
using LoptCluster.Shared;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Engine.Tests.ThetaFiles;

/// <summary>What a θ cannot be used without travels in its file, and is read, asked of the card, or missed by name.</summary>
public sealed class ThetaConstantsTests : IDisposable
{
    private static readonly RunSpecification Specification = new()
    {
        StepScale = 0.0123456789012345,
        StepDecay = StepDecay.Linear,
        ExponentScale = 3e-3,
        TimeInputs = TimeInputs.Horizon,
        MomentumInputs = false,
        InnerSteps = 12_345,
    };

    private static readonly ThetaFileContent Content =
        ThetaFileContent.Of(new ThetaSnapshot(7, OptimizerFactory.InitialTheta(Specification)), Specification, "abc");

    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.PathOf("theta.safetensors");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_WhatWasWritten_HasTheConstantsExactly()
    {
        ThetaFile.Write(Path, Content);

        Assert.Equal(Content.Constants, ThetaFile.Read(Path).Constants);
        Assert.Equal(
            new UpdateSettings(12_345)
            {
                StepScale = 0.0123456789012345,
                StepDecay = StepDecay.Linear,
                ExponentScale = 3e-3,
                TimeInputs = TimeInputs.Horizon,
                MomentumInputs = false,
            },
            UpdateSettings.Of(Content.Constants!));
    }

    [Theory]
    [InlineData("update.stepScale", "-1", "its 'stepScale' is '-1', not a number above 0")]
    [InlineData("update.stepDecay", "cubic", "its 'stepDecay' is 'cubic', not none or linear")]
    [InlineData("update.momentumInputs", "yes", "its 'momentumInputs' is 'yes', not true or false")]
    [InlineData("update.exponentScale", null, "it does not say 'exponentScale'")]
    [InlineData("update.horizonInnerSteps", "NaN", "its 'horizonInnerSteps' is 'NaN', not a whole number above 0")]
    [InlineData("update.horizonInnerSteps", "0.5", "its 'horizonInnerSteps' is '0.5', not a whole number above 0")]
    public void Read_ConstantMissingOrWrong_IsNamed(string key, string? value, string expected)
    {
        Save(metadata =>
        {
            if (value is null) metadata.Remove(key);
            else metadata[key] = value;
        });

        Assert.Contains(expected, Assert.Throws<UserErrorException>(() => ThetaFile.Read(Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(OptimizerKind.Mlp16)]
    [InlineData(OptimizerKind.Mlp31)]
    [InlineData(OptimizerKind.Mlp20)]
    [InlineData(OptimizerKind.Mlp28)]
    public void Read_SavedAnewByAnotherLibrary_IsKnownByItsTensorsAndCompletedByItsCard(OptimizerKind kind)
    {
        var specification = Specification with { Optimizer = kind };
        var content = ThetaFileContent.Of(new ThetaSnapshot(7, OptimizerFactory.InitialTheta(specification)), specification, "abc");
        Save(content, header => header.Remove("__metadata__"));

        var read = ThetaFile.Read(Path);

        Assert.Equal(content.Theta.Values.ToArray(), read.Theta.Values.ToArray());
        Assert.Equal((kind, null), (read.Optimizer, read.Constants));
        Assert.Contains(
            "has no card that does", Assert.Throws<UserErrorException>(() => ThetaCard.Complete(Path, read)).Message,
            StringComparison.Ordinal);
        ThetaCard.Write(Path, content, specification);
        Assert.Equal(content.Constants, ThetaCard.Complete(Path, read).Constants);
    }

    /// <summary>Momentum and RMSProp have two hyper-parameters each: the tensor does not tell them apart.</summary>
    [Theory]
    [InlineData(OptimizerKind.Momentum)]
    [InlineData(OptimizerKind.RmsProp)]
    public void Read_SavedAnewWithTensorsOfSeveralOptimizers_IsKnownByItsCardAlone(OptimizerKind kind)
    {
        var specification = new RunSpecification { Optimizer = kind };
        var content = ThetaFileContent.Of(new ThetaSnapshot(7, OptimizerFactory.InitialTheta(specification)), specification, "abc");
        Save(content, header => header.Remove("__metadata__"));
        Assert.Contains(
            "do not say which of momentum, rmsProp", Assert.Throws<UserErrorException>(() => ThetaFile.Read(Path)).Message,
            StringComparison.Ordinal);

        ThetaCard.Write(Path, content, specification);
        Assert.Equal(kind, ThetaFile.Read(Path).Optimizer);
    }

    /// <summary>Who knows which run trained it can say so.</summary>
    [Theory]
    [InlineData(OptimizerKind.Mlp16)]
    [InlineData(OptimizerKind.RmsProp)]
    public void Restore_FileWithoutMetadataAndCard_HasTheCardThatItsRunWrites(OptimizerKind kind)
    {
        var specification = Specification with { Optimizer = kind };
        var content = ThetaFileContent.Of(new ThetaSnapshot(0, OptimizerFactory.InitialTheta(specification)), specification, "");
        Save(content, header => header.Remove("__metadata__"));

        ThetaCard.Restore(Path, specification);

        Assert.Equal(ThetaCard.ToJson(content, specification), File.ReadAllText(ThetaCard.PathOf(Path)));
        Assert.Equal(content.Constants, ThetaCard.Complete(Path, ThetaFile.Read(Path)).Constants);
        Assert.Contains("has a card", Refusal(specification), StringComparison.Ordinal);
        File.Delete(ThetaCard.PathOf(Path));
        Assert.Contains(
            kind == OptimizerKind.Mlp16 ? "has the tensors of optimizer mlp16, and the preset trains mlp20" : "do not say which of",
            Refusal(specification with { Optimizer = OptimizerKind.Mlp20 }), StringComparison.Ordinal);
        ThetaFile.Write(Path, content);
        Assert.Contains("can be used without a card", Refusal(specification), StringComparison.Ordinal);
        Assert.False(File.Exists(ThetaCard.PathOf(Path)));

        string Refusal(RunSpecification run) => Assert.Throws<UserErrorException>(() => ThetaCard.Restore(Path, run)).Message;
    }

    [Fact]
    public void Complete_CardOfAnotherTheta_IsRefused()
    {
        Save(Content, header => header.Remove("__metadata__"));
        var other = Content with { Theta = new ThetaSnapshot(7, OptimizerFamilies.Mlp16.InitialTheta(seed: 2)) };
        ThetaCard.Write(Path, other, Specification);

        var error = Assert.Throws<UserErrorException>(() => ThetaCard.Complete(Path, ThetaFile.Read(Path)));

        Assert.Contains("is that of another θ", error.Message, StringComparison.Ordinal);
    }

    private void Save(Action<JsonObject> change) => Save(Content, header => change(header["__metadata__"]!.AsObject()));

    private void Save(ThetaFileContent content, Action<JsonObject> change)
    {
        byte[] file = ThetaFile.ToBytes(content);
        int length = (int)BitConverter.ToInt64(file);
        var header = JsonNode.Parse(file.AsSpan(8, length))!.AsObject();
        change(header);
        byte[] text = Encoding.UTF8.GetBytes(header.ToJsonString());
        File.WriteAllBytes(Path, [.. BitConverter.GetBytes((long)text.Length), .. text, .. file[(8 + length)..]]);
    }
}
