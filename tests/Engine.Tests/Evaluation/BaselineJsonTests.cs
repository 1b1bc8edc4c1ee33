using LoptCluster.Engine.Evaluation;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Optimizers.Search;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Engine.Tests.Evaluation;

public sealed class BaselineJsonTests
{
    [Fact]
    public void Deserialize_OfSerialized_IsTheSameBitForBit()
    {
        var trained = new RunSpecification { Name = "of a run", StepScale = 0.0123, Optimizer = OptimizerKind.Mlp31 };
        float[] odd = [float.Epsilon, -0f, 1 / 3f, float.MaxValue, 2.7182817f, float.NaN];
        var search = new SearchRecord(200, 4, 400_000, 12.5, "somewhere", [new SearchTrial(7, double.PositiveInfinity, odd)]);
        Baseline[] baselines =
        [
            .. Baseline.Standard, .. OptimizerFamilies.Published.Select(Baseline.Published),
            new Baseline("mine", "Mine \"tuned\"", OptimizerFamilies.AdamRegDecay, Ruleset.Tuned, [odd])
            {
                Search = search,
                TrainedWith = trained,
            },
        ];

        var read = BaselineJson.Deserialize(BaselineJson.Serialize(baselines));

        Assert.Equal(baselines.Length, read.Length);
        foreach (var (written, again) in baselines.Zip(read))
        {
            Assert.Equal(
                (written.Name, written.Title, written.Family.Name, written.Ruleset),
                (again.Name, again.Title, again.Family.Name, again.Ruleset));
            Assert.Equal(Bits(written), Bits(again));
        }

        Assert.Equal(SpecificationJson.Hash(trained), SpecificationJson.Hash(read[^1].TrainedWith!));
        Assert.Equal(
            search with { Best = default },
            read[^1].Search! with { Best = default });
        Assert.Equal((7, double.PositiveInfinity), (read[^1].Search!.Best[0].Number, read[^1].Search!.Best[0].Loss));
        Assert.Equal(BaselineJson.Serialize(baselines), BaselineJson.Serialize(read));
    }

    [Fact]
    public void Deserialize_UnknownFamily_IsTheUsersMistake()
    {
        string json = BaselineJson.Serialize([Baseline.Adam])
            .Replace("\"family\":\"adam\"", "\"family\":\"sophia\"", StringComparison.Ordinal);
        var error = Assert.Throws<UserErrorException>(() => BaselineJson.Deserialize(json));
        Assert.Contains("'sophia'", error.Message, StringComparison.Ordinal);
    }

    private static int[] Bits(Baseline baseline) =>
        [.. baseline.Settings.SelectMany(setting => setting.Select(BitConverter.SingleToInt32Bits))];
}
