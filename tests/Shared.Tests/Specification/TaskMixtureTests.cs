using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Shared.Tests.Specification;

public sealed class TaskMixtureTests
{
    private const int Problems = 20_000;

    /// <summary>Four standard errors of a share of one half over all problems.</summary>
    private const double Tolerance = 0.015;

    private const string Toml = """
        dataset = "procedural"
        innerProblem = "fullyConnected"
        [[tasks]]
        name = "a"
        weight = 3
        hiddenUnits = { length = { from = 1, to = 3 }, each = { from = 16, to = 64, step = 16 } }
        innerSteps = { from = 100, to = 10000, scale = "log" }
        proceduralNoise = { from = 0.5, to = 1.5 }
        minibatchSize = [16, 32, 64, 128]
        [[tasks]]
        weight = 1
        taskClasses = { from = 2, to = 5 }
        """;

    private static readonly RunSpecification Run = PresetFile.Parse(Toml, "mixture.toml");
    private static readonly TaskMixture Sut = new(Run);
    private static readonly DrawnTask[] Drawn = [.. Enumerable.Range(0, Problems).Select(id => Sut.Draw(id))];
    private static readonly RunSpecification[] OfA = [.. Drawn.Where(d => d.Kind == "a").Select(d => d.Specification)];

    /// <summary>Otherwise a value that a user sets would be ignored without a word.</summary>
    [Fact]
    public void Set_KeyThatATaskDraws_IsFixedForAllProblems()
    {
        var run = SpecificationKeys.Set(Run, "innerSteps=300", "hiddenUnits=[8]", "dataset=files");

        var drawn = Enumerable.Range(0, 100).Select(id => new TaskMixture(run).Draw(id)).ToArray();
        Assert.All(drawn, task => Assert.Equal((300, 8), (task.Specification.InnerSteps, task.Specification.HiddenUnits.Single())));
        // What is not set is drawn as before.
        Assert.Equal(Drawn[..100].Select(d => d.Specification.MinibatchSize), drawn.Select(d => d.Specification.MinibatchSize));
    }

    [Fact]
    public void Set_DatasetThatATaskHas_StaysTheTasks()
    {
        var run = PresetFile.Parse("[[tasks]]\ndataset = \"procedural\"\n[[tasks]]\n", "mixture.toml", ["dataset=files"]);

        var kinds = Enumerable.Range(0, 50).Select(id => new TaskMixture(run).Draw(id).Specification.Dataset).ToHashSet();
        Assert.Equal([DatasetKind.Procedural, DatasetKind.Files], kinds.Order());
    }

    [Fact]
    public void Draw_Again_IsTheSame()
    {
        var again = new TaskMixture(SpecificationJson.Deserialize(SpecificationJson.Serialize(Run)));
        for (int id = 0; id < 50; id++)
            Assert.Equal(SpecificationJson.Serialize(Drawn[id].Specification), SpecificationJson.Serialize(again.Draw(id).Specification));
    }

    [Fact]
    public void Draw_Kinds_ComeByWeight()
    {
        Assert.Equal(["a", "task 2"], Sut.Kinds);
        Assert.Equal(0.75, OfA.Length / (double)Problems, Tolerance);
    }

    [Fact]
    public void Draw_HasNoTasksAndKeepsOtherValues()
    {
        Assert.All(Drawn, d => Assert.Empty(d.Specification.Tasks));
        Assert.All(Drawn, d => Assert.Equal(Run.OuterUpdates, d.Specification.OuterUpdates));
        Assert.All(OfA, s => Assert.Equal(Run.TaskClasses, s.TaskClasses));
    }

    [Fact]
    public void Draw_List_ChoosesEachAlike()
    {
        var shares = Shares(OfA.Select(s => s.MinibatchSize));
        Assert.Equal([16, 32, 64, 128], shares.Keys);
        Assert.All(shares.Values, share => Assert.Equal(0.25, share, Tolerance));
    }

    [Fact]
    public void Draw_WholeNumbers_AreAllEquallyLikely()
    {
        var shares = Shares(Drawn.Where(d => d.Kind == "task 2").Select(d => d.Specification.TaskClasses));
        Assert.Equal([2, 3, 4, 5], shares.Keys);
        Assert.All(shares.Values, share => Assert.Equal(0.25, share, 2 * Tolerance));
    }

    [Fact]
    public void Draw_ListOfDrawnLength_HasEveryLengthAndItem()
    {
        Assert.All(Shares(OfA.Select(s => s.HiddenUnits.Length)).Values, share => Assert.Equal(1 / 3.0, share, Tolerance));
        var items = Shares(OfA.SelectMany(s => s.HiddenUnits));
        Assert.Equal([16, 32, 48, 64], items.Keys);
        Assert.All(items.Values, share => Assert.Equal(0.25, share, Tolerance));
    }

    [Fact]
    public void Draw_Logarithmic_IsUniformInTheLogarithm()
    {
        int[] steps = [.. OfA.Select(s => s.InnerSteps)];
        Assert.Equal((100, 10_000), (Run.ShortestInnerSteps(), Run.LongestInnerSteps()));
        Assert.All(steps, t => Assert.InRange(t, 100, 10_000));
        foreach (double quarter in (double[])[0.25, 0.5, 0.75])
            Assert.Equal(quarter, steps.Count(t => t < 100 * Math.Pow(100, quarter)) / (double)steps.Length, Tolerance);
    }

    [Fact]
    public void Draw_Uniform_CoversTheRange()
    {
        double[] noise = [.. OfA.Select(s => s.ProceduralNoise)];
        Assert.All(noise, x => Assert.InRange(x, 0.5, 1.5));
        Assert.Equal(0.25, noise.Count(x => x < 0.75) / (double)noise.Length, Tolerance);
        Assert.True(noise.Distinct().Count() > noise.Length / 2);
    }

    [Fact]
    public void Draw_AnotherKeyInTheTask_LeavesTheOthersAlone()
    {
        var more = PresetFile.Parse(Toml.Replace("weight = 3", "weight = 3\nimageSize = [8, 16]", StringComparison.Ordinal), "more.toml");
        var mixture = new TaskMixture(more);
        for (int id = 0; id < 50; id++)
        {
            var (kind, specification) = mixture.Draw(id);
            Assert.Equal((Drawn[id].Kind, Drawn[id].Specification.InnerSteps), (kind, specification.InnerSteps));
        }
    }

    [Fact]
    public void Draw_OtherSeed_IsAnother()
    {
        var other = new TaskMixture(Run with { Seed = 2 });
        Assert.Contains(Enumerable.Range(0, 50), id => other.Draw(id).Kind != Drawn[id].Kind);
    }

    [Fact]
    public void Draw_WithoutTasks_IsTheRunItself() => Assert.Same(RunWithoutTasks, new TaskMixture(RunWithoutTasks).Draw(7).Specification);

    [Fact]
    public void Draw_WeightZero_NeverComes()
    {
        var run = PresetFile.Parse("[[tasks]]\nweight = 0\n[[tasks]]\n[[tasks]]\nweight = 0\n", "x.toml");
        Assert.All(Enumerable.Range(0, 100), id => Assert.Equal("task 2", new TaskMixture(run).Draw(id).Kind));
    }

    [Fact]
    public void Corners_ContainEveryExtreme()
    {
        var corners = Sut.Corners().Where(c => c.Kind == "a").Select(c => c.Specification).ToList();
        Assert.Contains(corners, s => s is { InnerSteps: 10_000, MinibatchSize: 128, HiddenUnits: [64, 64, 64] });
        Assert.Contains(corners, s => s is { InnerSteps: 100, MinibatchSize: 16, HiddenUnits: [16] });
    }

    private static RunSpecification RunWithoutTasks { get; } = new();

    private static SortedDictionary<int, double> Shares(IEnumerable<int> values)
    {
        int[] all = [.. values];
        return new(all.CountBy(x => x).ToDictionary(pair => pair.Key, pair => pair.Value / (double)all.Length));
    }
}
