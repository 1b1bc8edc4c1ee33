using System.Globalization;
using System.Text.RegularExpressions;
using CsCheck;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Datasets.Procedural;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Engine.Tests.Datasets;

public sealed class TaskDistributionTests
{
    private static readonly Gen<(int[] Counts, RunSpecification Specification, long TaskId)> AnyCase =
        from counts in Gen.Int[2, 30].Array[4, 40]
        from taskClasses in Gen.Int[2, 12]
        from train in Gen.Int[0, 40]
        from valid in Gen.Int[0, 40]
        from seed in Gen.Long[0, long.MaxValue]
        from taskId in Gen.Long[0, 1L << 39]
        select (counts,
            new RunSpecification
            {
                Seed = seed,
                TaskClasses = taskClasses,
                OuterTrainShare = 0.5,
                TrainImagesPerClass = train,
                ValidImagesPerClass = valid,
            },
            taskId);

    [Fact]
    public void Sample_AnyDataset_DrawsDifferentClassesOfTheSplitAndDisjointImages()
    {
        AnyCase.Sample(c =>
        {
            var dataset = NumberedImages.Create(c.Counts);
            var tasks = new TaskDistribution(dataset, c.Specification);
            foreach (var split in Enum.GetValues<ClassSplit>())
            {
                var task = tasks.Sample(split, c.TaskId);
                Assert.Equal(tasks.ClassesPerTask, task.Classes.Distinct().Count());
                Assert.Subset(tasks.Classes(split).ToArray().ToHashSet(), task.Classes.ToHashSet());
                for (int i = 0; i < task.Classes.Count; i++)
                {
                    int available = dataset.ImageCount(task.Classes[i]);
                    int[] all = [.. task.TrainImages[i], .. task.ValidImages[i]];
                    Assert.Equal(all.Length, all.Distinct().Count());
                    Assert.All(all, image => Assert.InRange(image, 0, available - 1));
                    Assert.NotEmpty(task.TrainImages[i]);
                    Assert.NotEmpty(task.ValidImages[i]);
                }

                var again = new TaskDistribution(dataset, c.Specification).Sample(split, c.TaskId);
                Assert.Equal(task.Classes, again.Classes);
                Assert.Equal(task.TrainImages, again.TrainImages);
                Assert.Equal(task.ValidImages, again.ValidImages);
            }
        }, iter: 300);
    }

    [Fact]
    public void Classes_AnyDataset_SplitsAllClassesWhateverTheSeed()
    {
        AnyCase.Sample(c =>
        {
            var dataset = NumberedImages.Create(c.Counts);
            var tasks = new TaskDistribution(dataset, c.Specification);
            int[] train = tasks.Classes(ClassSplit.OuterTrain).ToArray(), test = tasks.Classes(ClassSplit.OuterTest).ToArray();
            Assert.Equal(Enumerable.Range(0, dataset.ClassCount), train.Concat(test).Order());
            var other = new TaskDistribution(dataset, c.Specification with { Seed = c.Specification.Seed / 2 });
            Assert.Equal(test, other.Classes(ClassSplit.OuterTest).ToArray());
        }, iter: 100);
    }

    [Fact]
    public void Classes_Procedural_HoldsOutTheLastThreeHundred()
    {
        var tasks = CreateProcedural(1);
        Assert.Equal(Enumerable.Range(0, 700), tasks.Classes(ClassSplit.OuterTrain).ToArray());
        Assert.Equal(Enumerable.Range(700, 300), tasks.Classes(ClassSplit.OuterTest).ToArray());
        Assert.Equal(10, tasks.ClassesPerTask);
        Assert.Equal(new ImageShape(8, 1), tasks.ImageShape);
    }

    [Fact]
    public void Classes_TenClasses_AreShuffledSevenToThree()
    {
        var tasks = new TaskDistribution(NumberedImages.Create([.. Enumerable.Repeat(5, 10)]), new RunSpecification());
        Assert.Equal(3, tasks.Classes(ClassSplit.OuterTest).Length);
        Assert.Equal(3, tasks.ClassesPerTask);
        Assert.NotEqual([7, 8, 9], tasks.Classes(ClassSplit.OuterTest).ToArray());
    }

    [Fact]
    public void Sample_OtherIdSplitOrSeed_GivesAnotherTask()
    {
        var tasks = CreateProcedural(1);
        var seen = new HashSet<string>();
        for (long id = 0; id < 200; id++)
        {
            seen.Add(Words(tasks.Sample(ClassSplit.OuterTrain, id)));
            seen.Add(Words(CreateProcedural(2).Sample(ClassSplit.OuterTrain, id)));
        }

        Assert.Equal(400, seen.Count);

        static string Words(InnerTask task) => string.Join(' ', task.Classes);
    }

    [Fact]
    public void Sample_ManyTasks_DrawsEveryClassAboutAsOften()
    {
        var tasks = CreateProcedural(1);
        int[] drawn = new int[1000];
        const int Tasks = 7_000;
        for (long id = 0; id < Tasks; id++)
        {
            foreach (int c in tasks.Sample(ClassSplit.OuterTrain, id).Classes) drawn[c]++;
        }

        // 100 expected, standard deviation 10; six of them for 700 classes.
        Assert.All(drawn[..700], n => Assert.InRange(n, 40, 160));
    }

    [Theory]
    [InlineData(0, 0, 130, 104, 26)]
    [InlineData(100, 30, 130, 100, 30)]
    [InlineData(100, 0, 130, 100, 26)]
    [InlineData(0, 30, 130, 100, 30)]
    [InlineData(100, 30, 65, 50, 15)]
    [InlineData(50, 20, 1300, 50, 20)]
    [InlineData(0, 0, 2, 1, 1)]
    [InlineData(0, 500, 100, 1, 99)]
    [InlineData(1000, 1, 100, 99, 1)]
    public void ImageCounts_AsAskedOrInProportion(int askedTrain, int askedValid, int available, int train, int valid)
    {
        var tasks = new TaskDistribution(
            NumberedImages.Create(2, 2, 2, 2, 2, 2, 2),
            new RunSpecification { TrainImagesPerClass = askedTrain, ValidImagesPerClass = askedValid });
        Assert.Equal((train, valid), tasks.ImageCounts(available));
    }

    [Theory]
    [InlineData(3, 0.7)]
    [InlineData(10, 0.95)]
    [InlineData(10, 0.05)]
    public void Constructor_TooFewClassesInASplit_SaysHowMany(int classes, double share)
    {
        var dataset = NumberedImages.Create([.. Enumerable.Repeat(5, classes)]);
        var specification = new RunSpecification { OuterTrainShare = share };
        string message = Assert.Throws<UserErrorException>(() => new TaskDistribution(dataset, specification)).Message;
        Assert.Contains($"the {classes} classes", message, StringComparison.Ordinal);
        Assert.Contains("outerTrainShare", message, StringComparison.Ordinal);
    }

    /// <summary>Whatever share the message names can be used.</summary>
    [Theory]
    [InlineData(2, 0.7)]
    [InlineData(3, 0.5)]
    [InlineData(4, 0.95)]
    [InlineData(5, 0.1)]
    [InlineData(7, 0.95)]
    [InlineData(10, 0.05)]
    public void Constructor_TooFewClassesInASplit_GivesAdviceThatHelps(int classes, double share)
    {
        var dataset = NumberedImages.Create([.. Enumerable.Repeat(5, classes)]);
        string message = Assert.Throws<UserErrorException>(
            () => new TaskDistribution(dataset, new RunSpecification { OuterTrainShare = share })).Message;

        var advised = Regex.Matches(message, @"outerTrainShare=([\d.]*\d)").Select(m => m.Groups[1].Value).ToList();

        Assert.Equal(classes < 4 ? ["0"] : ["0.5", "0"], advised);
        foreach (string value in advised)
        {
            var tasks = new TaskDistribution(
                dataset, new RunSpecification { OuterTrainShare = double.Parse(value, CultureInfo.InvariantCulture) });
            Assert.InRange(tasks.Sample(value == "0" ? ClassSplit.OuterTest : ClassSplit.OuterTrain, 1).Classes.Count, 2, classes);
        }
    }

    [Fact]
    public void Constructor_OneClass_SaysHowManyAreNeeded()
    {
        string message = Assert.Throws<UserErrorException>(
            () => new TaskDistribution(NumberedImages.Create(5), new RunSpecification { OuterTrainShare = 0 })).Message;
        Assert.EndsWith("A dataset needs 2 classes to evaluate a θ on, and 4 for outer-training.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_ShareOfZero_HoldsAllClassesOut()
    {
        var tasks = new TaskDistribution(NumberedImages.Create(5, 5, 5), new RunSpecification { OuterTrainShare = 0 });

        Assert.Equal(3, tasks.ClassesPerTask);
        Assert.Equal([0, 1, 2], tasks.Sample(ClassSplit.OuterTest, 7).Classes.Order());
        Assert.Contains("outerTrainShare '0'", Assert.Throws<UserErrorException>(() => tasks.Sample(ClassSplit.OuterTrain, 7)).Message);
    }

    [Fact]
    public void TrainingImages_IsWhatATaskTrainsOn()
    {
        var tasks = new TaskDistribution(
            NumberedImages.Create(12, 12, 12, 12), new RunSpecification { OuterTrainShare = 0.5, TrainImagesPerClass = 8 });

        Assert.Equal(2 * 8, tasks.TrainingImages);
        Assert.Equal(tasks.Sample(ClassSplit.OuterTest, 1).TrainImages.Sum(i => i.Length), tasks.TrainingImages);
    }

    [Fact]
    public void Constructor_ClassWithOneImage_NamesIt()
    {
        var dataset = NumberedImages.Create(5, 5, 5, 5, 1, 5, 5, 5);
        string message = Assert.Throws<UserErrorException>(() => new TaskDistribution(dataset, new RunSpecification())).Message;
        Assert.Contains("Class 4", message, StringComparison.Ordinal);
        Assert.Contains("too few images, '1'.", message, StringComparison.Ordinal);
    }

    private static TaskDistribution CreateProcedural(long seed)
    {
        var specification = new RunSpecification { Seed = seed, Dataset = DatasetKind.Procedural, ImageSize = 8, ImageChannels = 1 };
        return new(new ProceduralDataset(specification), specification);
    }
}
