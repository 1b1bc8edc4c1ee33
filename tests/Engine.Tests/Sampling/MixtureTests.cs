using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Sampling;
using LoptCluster.Shared;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Engine.Tests.Sampling;

/// <summary>Problems of a mixture, which differ in everything that a problem may differ in.</summary>
public sealed class MixtureTests
{
    private const int Problems = 24;

    private static readonly RunSpecification Run = PresetFile.Parse(
        """
        dataset = "procedural"
        imageSize = 6
        imageChannels = 1
        trainImagesPerClass = 12
        validImagesPerClass = 6
        taskClasses = 4
        innerProblem = "fullyConnected"
        minibatchSize = 8
        stepScale = 0.01
        truncationFirst = 10
        truncationLast = 10
        objective = "train"
        comparisonTasks = 5
        curveEverySteps = 4
        [[tasks]]
        name = "mlp"
        weight = 2
        hiddenUnits = { length = { from = 0, to = 2 }, each = { from = 8, to = 24, step = 8 } }
        trainImagesPerClass = { from = 5, to = 40, scale = "log" }
        taskClasses = { from = 2, to = 5 }
        minibatchSize = [4, 8]
        innerSteps = { from = 15, to = 45 }
        labelNoise = { from = 0, to = 0.3 }
        inputNoise = [0, 0.2]
        parameterScale = [1, 4]
        [[tasks]]
        name = "conv"
        innerProblem = "convnet"
        imageChannels = 3
        convStrides = [[2], [1, 2]]
        batchNorm = [true, false]
        convChannels = 16
        innerSteps = 20
        [[tasks]]
        name = "quadratic"
        innerProblem = "quadratic"
        innerSteps = 25
        """,
        "mixture.toml");

    private static readonly PublishedTheta Theta = new(new ThetaSnapshot(0, OptimizerFactory.InitialTheta(Run)), SamplePlan.All);

    [Fact]
    public void Measure_ManyProblemsInTurn_GivesTheBitsOfSlotsOfTheirOwn()
    {
        using var shared = CreateSlot();
        InnerState[] states = [.. Enumerable.Range(0, Problems).Select(id => shared.Begin(id))];
        while (states.Any(state => !state.Finished))
        {
            foreach (var state in states.Where(state => !state.Finished)) shared.Measure(state, Theta, default);
        }

        var horizon = ProblemHorizon.From(Run);
        for (int id = 0; id < Problems; id++)
        {
            using var alone = CreateSlot();
            var state = alone.Begin(id);
            Assert.Equal(horizon.Of(id), state.Horizon);
            while (!state.Finished) alone.Measure(state, Theta, default);
            Assert.Equal(state.Particles[0].W, states[id].Particles[0].W);
            Assert.Equal(state.Particles[0].M, states[id].Particles[0].M);
        }
    }

    [Fact]
    public void Fingerprints_OtherTask_Differ()
    {
        using Slot slot = CreateSlot(), same = CreateSlot();
        Assert.Equal(slot.LayoutFingerprint(), same.LayoutFingerprint());
        Assert.Equal(slot.Images.Fingerprint, same.Images.Fingerprint);

        var fewer = Run with { Tasks = Run.Tasks[..1] };
        using var other = new Slot(fewer, DatasetCatalog.OpenRun(fewer, null));
        Assert.NotEqual(slot.LayoutFingerprint(), other.LayoutFingerprint());
        Assert.NotEqual(slot.Images.Fingerprint, other.Images.Fingerprint);
    }

    [Fact]
    public void LongestTruncations_BudgetTooSmall_NamesTheTask()
    {
        var run = SpecificationKeys.Set(
            Run, "slotMemoryMegabytes=8", "truncationLast=4000",
            "tasks=[{ name = \"small\", innerSteps = 10 }, { name = \"large\", hiddenUnits = [64, 64], innerSteps = [10, 4000] }]");
        using var slot = new Slot(run, DatasetCatalog.OpenRun(run, null));
        string message = Assert.Throws<UserErrorException>(() => slot.LongestTruncations().Count()).Message;
        Assert.StartsWith("Task 2 ('large') of the mixture: A truncation of 4000 steps", message, StringComparison.Ordinal);
        Assert.Equal(message, Assert.Throws<UserErrorException>(() => SlotMemory.Check(run)).Message);
        SlotMemory.Check(run with { SlotMemoryMegabytes = 64 });
    }

    /// <summary>Of files the least is known: two classes, and the size of the images if it is given.</summary>
    [Fact]
    public void SlotMemory_ProblemsOfFiles_AreRefusedOnlyIfNoFilesWouldDo()
    {
        var run = SpecificationKeys.Set(
            Run, "slotMemoryMegabytes=8", "truncationLast=4000", "dataset=files", "taskClasses=100",
            "tasks=[{ innerSteps = 10 }, { hiddenUnits = [64, 64], innerSteps = 4000 }]");
        string message = Assert.Throws<UserErrorException>(() => SlotMemory.Check(run)).Message;
        Assert.StartsWith("Task 2 of the mixture: A truncation of 4000 steps", message, StringComparison.Ordinal);
        SlotMemory.Check(run with { ImageSize = 0 });
    }

    [Fact]
    public void SlotMemory_ImagesAreHere_DecidesByTheirSize()
    {
        var run = SpecificationKeys.Set(
            SmallProblem.Specification, "slotMemoryMegabytes=8", "truncationLast=4000", "innerSteps=4000", "hiddenUnits=[64, 64]",
            "dataset=files", "imageSize=0");
        SlotMemory.Check(run);
        var images = DatasetCatalog.OpenRun(SmallProblem.Specification, null);
        string message = Assert.Throws<UserErrorException>(() => SlotMemory.Check(run, images)).Message;
        Assert.StartsWith("A truncation of 4000 steps", message, StringComparison.Ordinal);
        SlotMemory.Check(run with { SlotMemoryMegabytes = 64 }, images);
    }

    [Fact]
    public void OpenRun_FilesOfATaskAreMissing_NamesTheTask()
    {
        var run = SpecificationKeys.Set(Run, "tasks=[{ }, { name = \"real\", dataset = \"files\", dataFolder = \"mnist\" }]");
        string folder = Path.GetTempPath();
        string message = Assert.Throws<UserErrorException>(() => DatasetCatalog.OpenRun(run, folder)).Message;
        Assert.StartsWith(
            $"Task 2 ('real') of the mixture: The folder '{Path.Combine(folder, "mnist")}' does not exist.",
            message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void OpenRun_FilesOfAllTasksAreMissing_NamesNoTask()
    {
        var run = SpecificationKeys.Set(Run, "dataset=files", "tasks=[{ name = \"a\" }, { name = \"b\" }]");
        string folder = Path.Combine(Path.GetTempPath(), "no such folder");
        string message = Assert.Throws<UserErrorException>(() => DatasetCatalog.OpenRun(run, folder)).Message;
        Assert.StartsWith($"The folder '{folder}' does not exist.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Comparison_OtherThreads_GivesTheSameNumbersByKind()
    {
        float[] theta = OptimizerFactory.InitialTheta(Run);
        var images = DatasetCatalog.OpenRun(Run, null);
        var one = ComparisonRunner.Run(Run, images, theta, null, default, threads: 1);
        var three = ComparisonRunner.Run(Run, images, theta, null, default, threads: 3);

        Assert.Equal(one.Learned.Losses, three.Learned.Losses);
        Assert.Equal(one.Baselines.SelectMany(b => b.Losses), three.Baselines.SelectMany(b => b.Losses));
        Assert.Equal(Enumerable.Range(0, 5).Select(task => new TaskMixture(Run).Draw(InnerTrainer.FirstTaskId + task).Kind), one.Kinds);
        Assert.Equal(5, one.ByKind().Sum(part => part.Comparison.Tasks));
        foreach (var (kind, part) in one.ByKind())
            Assert.Equal(one.Learned.Losses.Where((_, task) => one.Kinds[task] == kind), part.Learned.Losses);
        Assert.Equal(11, one.Curve.Shares);
        Assert.Equal(11, one.Learned.TrainCurve.Length);
    }

    [Fact]
    public void Evaluate_Mixture_EqualsTheComparison()
    {
        float[] theta = OptimizerFactory.InitialTheta(Run);
        var images = DatasetCatalog.OpenRun(Run, null);
        var comparison = ComparisonRunner.Run(Run, images, theta, null, default);
        var outcome = TaskEvaluator.Evaluate(Run, images, theta, ClassSplit.OuterTest, 5, default);
        Assert.Equal(comparison.Learned.Losses.Select(comparison.Mean), outcome.MeanLoss);
        Assert.Equal(comparison.Learned.Losses.Select(comparison.Final), outcome.FinalLoss);
    }

    private static Slot CreateSlot() => new(Run, DatasetCatalog.OpenRun(Run, null));
}
