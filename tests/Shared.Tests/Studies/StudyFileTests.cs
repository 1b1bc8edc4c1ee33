using LoptCluster.Shared.Specification;
using LoptCluster.Shared.Studies;
using Xunit;

namespace LoptCluster.Shared.Tests.Studies;

public sealed class StudyFileTests
{
    [Fact]
    public void Parse_Axes_MakeARunForEveryPointTheLastFastest()
    {
        var study = StudyFile.Parse(
            """
            preset = "pathology"
            parallel = 2
            [set]
            outerUpdates = 50
            [axes]
            estimator = ["es", "merged-nres"]
            seed = [1, 2]
            """,
            "few.toml");

        Assert.Equal(("few", "pathology", 2), (study.Name, study.Preset, study.Parallel));
        Assert.Equal(
            ["estimator=es seed=1", "estimator=es seed=2", "estimator=merged-nres seed=1", "estimator=merged-nres seed=2"],
            study.Runs.Select(r => r.Label));
        var last = study.Runs[^1];
        Assert.Equal(
            (Estimator.MergedNres, 2L, 50, 1000),
            (last.Specification.Estimator, last.Specification.Seed, last.Specification.OuterUpdates, last.Specification.InnerSteps));
        Assert.Equal(("estimator=merged-nres", "estimator=merged-nres_seed=2"), (last.Group, last.FolderName));
    }

    [Fact]
    public void Parse_Cases_AreTrainedAtEveryPoint()
    {
        var study = StudyFile.Parse(
            """
            [set]
            outerUpdates = 50
            truncationRampUpdates = 30
            [[cases]]
            name = "short, many"
            truncationLast = 50
            outerUpdates = 90
            [[cases]]
            name = "long, few"
            [axes]
            seed = [1, 2]
            """,
            "cases.toml");

        Assert.Equal(
            ["short, many seed=1", "short, many seed=2", "long, few seed=1", "long, few seed=2"], study.Runs.Select(r => r.Label));
        Assert.Equal([90, 90, 50, 50], study.Runs.Select(r => r.Specification.OuterUpdates));
        Assert.Equal("short__many_seed=1", study.Runs[0].FolderName);
        Assert.Equal("long, few", study.Runs[3].Group);
        Assert.Equal(["truncationLast=50", "outerUpdates=90", "seed=2"], study.Runs[1].Assignments);
    }

    [Fact]
    public void Parse_ListValue_IsAnAxisValue()
    {
        var study = StudyFile.Parse("[axes]\nhiddenUnits = [[32, 32], [64]]", "nets.toml");

        Assert.Equal([[32, 32], [64]], study.Runs.Select(r => r.Specification.HiddenUnits.ToArray()));
        Assert.Equal(2, study.Runs.Select(r => r.FolderName).Distinct().Count());
    }

    [Theory]
    [InlineData("presset = \"x\"\n[axes]\nseed = [1]", "s.toml:1: 'presset' is not a key of a study. Keys: name, preset, data, parallel")]
    [InlineData("[axis]\nseed = [1]", "s.toml:1: '[axis]' is not a table of a study")]
    [InlineData("parallel = 0\n[axes]\nseed = [1]", "s.toml:1: parallel '0' must be a whole number of at least 1.")]
    [InlineData("name = \"x\"", "a study needs cases or at least one axis")]
    [InlineData("[axes]\nseed = 1", "s.toml:2: the axis 'seed' must be a list of values")]
    [InlineData("[axes]\nseed = []", "s.toml:2: the axis 'seed' must be a list of values")]
    [InlineData("[[cases]]\nestimator = \"es\"", "s.toml:1: a case needs a name.")]
    [InlineData("[[case]]\nname = \"a\"", "s.toml:1: '[case]' is not a table of a study. Tables: [set], [axes], [[cases]].")]
    [InlineData("[[cases]]\nname = \"a\"\n[[cases]]\nname = \"a\"", "Two runs of the study are 'a'")]
    [InlineData("[[cases]]\nname = \"a\"\nouterUpdate = 3", "'outerUpdate' is not a key of the specification. Did you mean")]
    [InlineData("[axes]\nseed = [1, 1]", "Two runs of the study are 'seed=1'")]
    [InlineData("[axes]\nestimator = [\"foo\"]", "estimator 'foo' must be merged, rp, es")]
    [InlineData("[set]\nouterUpdate = 3\n[axes]\nseed = [1]", "'outerUpdate' is not a key of the specification. Did you mean")]
    [InlineData("[axes]\nseed = [1", "s.toml:")]
    public void Parse_Mistake_IsNamed(string toml, string mistake) =>
        Assert.Contains(mistake, Assert.Throws<SpecificationException>(() => StudyFile.Parse(toml, "s.toml")).Message);

    [Fact]
    public void Parse_SeveralMistakes_AreListedAtOnceAndEachOnce()
    {
        const string Toml = "[set]\nouterUpdates = -4\n[axes]\nseed = [1, 2]\nsigma = [2]";
        var mistakes = Assert.Throws<SpecificationException>(() => StudyFile.Parse(Toml, "s.toml")).Mistakes;

        Assert.Equal(2, mistakes.Length);
    }
}
