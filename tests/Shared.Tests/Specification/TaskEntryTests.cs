using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Shared.Tests.Specification;

public sealed class TaskEntryTests
{
    private const string Run = "dataset = \"procedural\"\ninnerProblem = \"fullyConnected\"\n";

    private const string Tasks = """
        [[tasks]]
        name = "mlp"
        weight = 2.5
        trainImagesPerClass = { from = 10, to = 2000, scale = "log" }
        proceduralNoise = { from = 0.1, to = 1, step = 0.3 }
        hiddenUnits = { length = { from = 1, to = 3 }, each = { from = 16, to = 128, scale = "log", step = 16 } }
        minibatchSize = [16, 32]
        [[tasks]]
        innerProblem = ["convnet", "fullyConnected"]
        hiddenUnits = [[16], [], [32, 8]]
        convStrides = [2, 1]
        taskClasses = 5
        """;

    [Fact]
    public void Write_IsReadAgain_AsTheSame()
    {
        var specification = PresetFile.Parse(Run + Tasks, "x.toml");
        string written = PresetFile.Write(specification);

        Assert.Equal(SpecificationJson.Hash(specification), SpecificationJson.Hash(PresetFile.Parse(written, "y.toml")));
        Assert.Equal(written, PresetFile.Write(SpecificationJson.Deserialize(SpecificationJson.Serialize(specification))));
        Assert.Empty(SpecificationDiff.Between(specification, SpecificationJson.Deserialize(SpecificationJson.Serialize(specification))));
    }

    [Fact]
    public void Set_ItsTomlValue_IsTheSame()
    {
        var specification = PresetFile.Parse(Run + Tasks, "x.toml");
        string toml = SpecificationKeys.Find("tasks")!.Toml(specification);
        var again = SpecificationKeys.Set(specification with { Tasks = [] }, $"tasks={toml}");

        Assert.Equal(SpecificationJson.Hash(specification), SpecificationJson.Hash(again));
        Assert.Empty(SpecificationKeys.Set(specification, "tasks=[]").Tasks);
    }

    [Fact]
    public void Diff_OtherTasks_NamesThem()
    {
        RunSpecification one = PresetFile.Parse(Run + Tasks, "x.toml"), other = PresetFile.Parse(Run, "x.toml");

        Assert.Equal("tasks", Assert.Single(SpecificationDiff.Between(one, other)).Key.Name);
        Assert.DoesNotContain("tasks", SpecificationJson.Serialize(other), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("innerSteps = { from = 5, to = 4 }", "innerSteps: the range is empty: from '5' must be at most to '4'.")]
    [InlineData("innerSteps = { to = 4 }", "innerSteps: the range has no 'from'. Example: { from = 16, to = 128 }")]
    [InlineData("innerSteps = { from = 1.5, to = 4 }", "innerSteps: from '1.5' must be a whole number.")]
    [InlineData("innerSteps = { from = 0, to = 4 }", "innerSteps '{ from = 0, to = 4 }' must be a whole number from 1 to 10000000.")]
    [InlineData("innerSteps = { from = 1, to = 4, step = 0 }", "innerSteps: step '0' must be above 0.")]
    [InlineData("innerSteps = { from = 1, to = 4, scale = \"ln\" }", "innerSteps: scale 'ln' must be 'linear' or 'log'.")]
    [InlineData("proceduralNoise = { from = 0, to = 1, scale = \"log\" }", "proceduralNoise: from '0' must be above 0 if scale is 'log'.")]
    [InlineData(
        "innerSteps = { from = 1, to = 4, stp = 4 }",
        "innerSteps: 'stp' is not part of a range. Did you mean 'step'? A range has from, to, scale and step.")]
    [InlineData("innerSteps = []", "innerSteps '[]' must contain at least one value.")]
    [InlineData("innerSteps = [5, 0]", "innerSteps '0' must be a whole number from 1 to 10000000.")]
    [InlineData("innerStep = 5", "'innerStep' is not a key of the specification. Did you mean 'innerSteps'?")]
    [InlineData("estimator = \"es\"", "estimator is a value of the whole run, which a task cannot have. Move it above the tasks.")]
    [InlineData("outerUpdates = 5", "outerUpdates is a value of the whole run, which a task cannot have. Move it above the tasks.")]
    [InlineData("batchNorm = 3", "batchNorm '3' must be true or false.")]
    [InlineData("weight = -1", "weight '-1' must be a number of at least 0.")]
    [InlineData(
        "hiddenUnits = { length = 2 }",
        "hiddenUnits '{ length = 2 }' must have length and each. "
        + "Example: { length = { from = 1, to = 3 }, each = { from = 16, to = 128 } }")]
    [InlineData(
        "hiddenUnits = { length = 2, each = { from = 0, to = 3 } }",
        "hiddenUnits: each '{ from = 0, to = 3 }' must be a whole number from 1 to 4096.")]
    [InlineData("hiddenUnits = [[3], [0]]", "hiddenUnits '[0]' must be a list of whole numbers, each from 1 to 4096.")]
    [InlineData("imageChannels = { from = 1, to = 3 }", "imageChannels '2' must be 1 (grey), 3 (colour) or 0 (as in the files).")]
    [InlineData("imageSize = [8, 65]", "imageSize '65' must be from 1 to 64 if dataset is 'procedural'.")]
    [InlineData("batchNorm = [false, true]", "batchNorm 'true' requires innerProblem 'convnet', not 'fullyConnected'.")]
    public void Parse_BadTask_IsRefusedByNumberAndName(string line, string expected)
    {
        string toml = $"{Run}[[tasks]]\n[[tasks]]\nname = \"second\"\n{line}\n";
        var error = Assert.Throws<SpecificationException>(() => PresetFile.Parse(toml, "x.toml"));

        Assert.Equal([$"x.toml:3: Task 2 ('second'): {expected}"], error.Mistakes);
    }

    [Fact]
    public void Parse_ManyBadTasks_ReportsAll()
    {
        string toml = $"{Run}lossCap = -1\n[[tasks]]\ninnerSteps = 0\nseed = 3\n[[tasks]]\nweight = \"much\"\n";
        var error = Assert.Throws<SpecificationException>(() => PresetFile.Parse(toml, "x.toml"));

        Assert.Equal(
            [
                "x.toml:4: Task 1: innerSteps '0' must be a whole number from 1 to 10000000.",
                "x.toml:4: Task 1: seed is a value of the whole run, which a task cannot have. Move it above the tasks.",
                "x.toml:4: Task 2: weight 'much' must be a number of at least 0.",
                "x.toml:3: lossCap '-1' must be a number of at least 0.001.",
            ],
            error.Mistakes);
    }

    [Theory]
    [InlineData("[[tasks]]\nweight = 0\n", "The weights of the tasks are all 0. At least one must be positive.")]
    [InlineData("[[tasks]]\nname = \"a\"\n[[tasks]]\nname = \"a\"\n", "2 tasks have the name 'a'. Names must differ.")]
    [InlineData(
        "[[tasks]]\nname = \"a b\"\n", "Task 1 ('a b'): name 'a b' must be 1 to 64 letters, digits, '-', '_' or '.'.")]
    [InlineData("tasks = 3\n", "tasks '3' must be a list of tables. Example: [[tasks]] and below it: weight = 2")]
    public void Parse_BadMixture_IsRefused(string tasks, string expected)
    {
        var error = Assert.Throws<SpecificationException>(() => PresetFile.Parse(Run + tasks, "x.toml"));

        Assert.EndsWith(expected, Assert.Single(error.Mistakes), StringComparison.Ordinal);
    }

    [Fact]
    public void RandomIndices_OfKeys_Differ() =>
        Assert.Equal(SpecificationKeys.All.Length + 1, SpecificationKeys.All.Select(key => key.RandomIndex).Append(0u).Distinct().Count());
}
