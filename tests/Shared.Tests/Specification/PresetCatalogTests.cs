using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Shared.Tests.Specification;

public sealed class PresetCatalogTests
{
    public static TheoryData<string> Presets => [.. PresetCatalog.Names];

    [Fact]
    public void Names_AreTheSevenPresets_QuickstartFirst() =>
        Assert.Equal(
            ["quickstart", "pathology", "hyper", "mixture", "mixture-conv", "cifar", "modern", "paper", "paper-code"],
            PresetCatalog.Names);

    [Theory]
    [MemberData(nameof(Presets))]
    public void Load_EveryPreset_IsSoundAndNamedAsItsFile(string name)
    {
        var specification = PresetCatalog.Load(name);

        Assert.Equal(name, specification.Name);
    }

    [Theory]
    [MemberData(nameof(Presets))]
    public void Write_EveryPreset_ParsesToTheSameSpecification(string name)
    {
        var specification = PresetCatalog.Load(name);

        var read = PresetFile.Parse(PresetFile.Write(specification, "a heading"), "written.toml");

        Assert.Equal(SpecificationJson.Serialize(specification), SpecificationJson.Serialize(read));
    }

    [Theory]
    [MemberData(nameof(Presets))]
    public void Json_EveryPreset_RoundTrips(string name)
    {
        string json = SpecificationJson.Serialize(PresetCatalog.Load(name));

        Assert.Equal(json, SpecificationJson.Serialize(SpecificationJson.Deserialize(json)));
    }

    [Theory]
    [MemberData(nameof(Presets))]
    public void Summary_EveryPreset_IsOneSentence(string name) => Assert.EndsWith(".", PresetCatalog.Summary(name));

    [Fact]
    public void Load_Paper_IsTheDefaults()
    {
        var differences = SpecificationDiff.Between(new RunSpecification(), PresetCatalog.Load("paper"));

        Assert.Empty(differences);
    }

    [Fact]
    public void Load_PaperCode_DiffersFromPaperAsTheReleasedCodeDoes()
    {
        var differences = SpecificationDiff.Between(PresetCatalog.Load("paper"), PresetCatalog.Load("paper-code"));

        Assert.Equal(
            [
                "halfFactor true false", "lossAt \"beforeUpdate\" \"afterUpdate\"", "optimizer \"mlp16\" \"mlp31\"", "outerMinibatches 1 5",
                "perturbationStd 0.1 0.01",
            ],
            differences.Select(d => $"{d.Key.Name} {d.First} {d.Second}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Load_Assignments_GoOnTop()
    {
        var specification = PresetCatalog.Load("quickstart", "innerSteps=50", "estimator=rp", "hiddenUnits=16,8");

        Assert.Equal(50, specification.InnerSteps);
        Assert.Equal(Estimator.Rp, specification.Estimator);
        Assert.Equal([16, 8], specification.HiddenUnits);
        Assert.Equal(32, specification.MinibatchSize);
    }

    [Fact]
    public void Load_UnknownName_SuggestsTheNearestAndListsAll()
    {
        var error = Assert.Throws<UserErrorException>(() => PresetCatalog.Load("quikstart"));

        Assert.Equal(
            "'quikstart' is not a preset. Did you mean 'quickstart'? Presets: quickstart, pathology, hyper, mixture, mixture-conv, "
                + "cifar, modern, paper, paper-code; "
            + "the path of a .toml file also works.",
            error.Message);
    }

    [Fact]
    public void Load_PathThatIsMissing_NamesIt()
    {
        var error = Assert.Throws<UserErrorException>(() => PresetCatalog.Load("nowhere/mine.toml"));

        Assert.Equal("The preset file 'nowhere/mine.toml' does not exist.", error.Message);
    }

    [Fact]
    public void Load_PathOfAFile_ReadsIt()
    {
        string path = Path.Combine(Path.GetTempPath(), $"lopt-{Guid.NewGuid():N}.toml");
        File.WriteAllText(path, "name = \"mine\"\ninnerSteps = 77 # short\n");
        try
        {
            Assert.Equal((77, "mine"), (PresetCatalog.Load(path).InnerSteps, PresetCatalog.Load(path).Name));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
