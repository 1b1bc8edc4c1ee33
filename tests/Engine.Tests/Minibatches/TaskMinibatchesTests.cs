using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Datasets.Procedural;
using LoptCluster.Engine.Minibatches;
using LoptCluster.Engine.Tests.Datasets;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Engine.Tests.Minibatches;

public sealed class TaskMinibatchesTests
{
    private const int ImageLength = NumberedImages.Size * NumberedImages.Size;
    private static readonly IImageDataset Dataset = NumberedImages.Create(12, 20, 9, 30, 14, 11, 25, 16);
    private static readonly TaskDistribution Tasks = new(Dataset, new RunSpecification { OuterTrainShare = 0.5, TaskClasses = 3 });

    [Fact]
    public void InnerAndOuter_AnyStep_DrawFromTheirSplitWithTheRightLabels()
    {
        using var sut = CreateSut(0);
        for (long t = 0; t < 50; t++)
        {
            AssertRows(sut, sut.Inner(t), sut.Task.TrainImages);
            AssertRows(sut, sut.Outer(t, (int)t), sut.Task.ValidImages);
        }
    }

    [Fact]
    public void Inner_AskedAgainInAnyOrder_IsTheSame()
    {
        using var sut = CreateSut(0);
        using var other = CreateSut(0);
        float[] first = sut.Inner(7).Inputs.ToArray(), outer = sut.Outer(7, 2).Inputs.ToArray();
        sut.Inner(8);
        Assert.Equal(outer, sut.Outer(7, 2).Inputs.ToArray());
        Assert.Equal(first, sut.Inner(7).Inputs.ToArray());
        Assert.Equal(first, other.Inner(7).Inputs.ToArray());
    }

    [Fact]
    public void Minibatches_OtherKey_AreOthers()
    {
        using var sut = CreateSut(0);
        using var otherProblem = new TaskMinibatches(sut.Task, 32, 1, 1);
        using var otherSeed = new TaskMinibatches(sut.Task, 32, 2, 0);
        float[][] all =
        [
            sut.Inner(0).Inputs.ToArray(), sut.Inner(1).Inputs.ToArray(), sut.Outer(0, 0).Inputs.ToArray(),
            sut.Outer(0, 1).Inputs.ToArray(),
            sut.Outer(1, 0).Inputs.ToArray(), otherProblem.Inner(0).Inputs.ToArray(), otherSeed.Inner(0).Inputs.ToArray(),
        ];
        for (int i = 0; i < all.Length; i++)
        {
            for (int j = 0; j < i; j++) Assert.NotEqual(all[i], all[j]);
        }
    }

    [Fact]
    public void Inner_ManySteps_DrawsEveryImageAboutAsOften()
    {
        using var sut = CreateSut(0);
        var drawn = new Dictionary<(int, int), int>();
        const int Steps = 4_000;
        for (long t = 0; t < Steps; t++)
        {
            var batch = sut.Inner(t);
            for (int row = 0; row < batch.Size; row++)
            {
                var key = NumberedImages.Read(Dataset, batch.Inputs.Slice(row * ImageLength, ImageLength));
                drawn[key] = drawn.GetValueOrDefault(key) + 1;
            }
        }

        int images = sut.SplitCount(valid: false);
        double expected = 32.0 * Steps / images;
        Assert.Equal(images, drawn.Count);
        Assert.All(drawn.Values, n => Assert.InRange(n, expected - (6 * Math.Sqrt(expected)), expected + (6 * Math.Sqrt(expected))));
    }

    [Fact]
    public void FillSplit_InChunks_GivesEveryImageOnce()
    {
        using var sut = CreateSut(0);
        foreach (bool valid in (bool[])[false, true])
        {
            var images = valid ? sut.Task.ValidImages : sut.Task.TrainImages;
            var seen = new HashSet<(int, int)>();
            float[] x = new float[7 * ImageLength];
            int[] y = new int[7];
            int start = 0;
            for (int rows; (rows = sut.FillSplit(valid, start, 7, x, y)) > 0; start += rows)
            {
                for (int row = 0; row < rows; row++)
                {
                    var (c, image) = NumberedImages.Read(Dataset, x.AsSpan(row * ImageLength, ImageLength));
                    Assert.Equal(c, sut.Task.Classes[y[row]]);
                    Assert.Contains(image, images[y[row]]);
                    Assert.True(seen.Add((c, image)));
                }
            }

            Assert.Equal(images.Sum(i => i.Length), seen.Count);
            Assert.Equal(sut.SplitCount(valid), start);
            Assert.Equal(0, sut.FillSplit(valid, start + 5, 7, x, y));
        }
    }

    /// <summary>What batch normalization sees of a chunk is like what it sees of a minibatch.</summary>
    [Fact]
    public void FillSplit_EveryChunk_HasAllClassesAboutEquallyOften()
    {
        using var sut = CreateSut(0);
        foreach (bool valid in (bool[])[false, true])
        {
            var images = valid ? sut.Task.ValidImages : sut.Task.TrainImages;
            int count = sut.SplitCount(valid), chunk = Math.Min(count, 12);
            float[] x = new float[chunk * ImageLength];
            int[] y = new int[chunk];
            for (int start = 0; start + chunk <= count; start += chunk)
            {
                sut.FillSplit(valid, start, chunk, x, y);
                for (int c = 0; c < images.Count; c++)
                {
                    double expected = chunk * (double)images[c].Length / count;
                    Assert.InRange(y.Count(label => label == c), expected - 2, expected + 2);
                }
            }
        }
    }

    [Fact]
    public void SetTask_AnotherTask_EqualsANewObject()
    {
        using var sut = CreateSut(0);
        sut.Inner(0);
        sut.SetTask(Tasks.Sample(ClassSplit.OuterTrain, 5), 32, 1, 5);
        using var fresh = CreateSut(5);
        Assert.Equal(fresh.Inner(3).Inputs.ToArray(), sut.Inner(3).Inputs.ToArray());
        Assert.Equal(fresh.Inner(3).Labels.ToArray(), sut.Inner(3).Labels.ToArray());
        Assert.Equal(fresh.Outer(3, 1).Inputs.ToArray(), sut.Outer(3, 1).Inputs.ToArray());
        Assert.Equal(fresh.SplitCount(true), sut.SplitCount(true));
    }

    [Fact]
    public void SetTask_OtherDatasetShapeAndSize_EqualsANewObject()
    {
        var small = new RunSpecification { Dataset = DatasetKind.Procedural, ImageSize = 8, ImageChannels = 1, TrainImagesPerClass = 9 };
        using var sut = CreateSut(0);
        foreach (var specification in (RunSpecification[])[small with { ImageSize = 12, ImageChannels = 3 }, small])
        {
            var task = new TaskDistribution(new ProceduralDataset(specification), specification).Sample(ClassSplit.OuterTrain, 7);
            foreach (int size in (int[])[64, 5])
            {
                sut.SetTask(task, size, 1, 7);
                using var fresh = new TaskMinibatches(task, size, 1, 7);
                Assert.Equal(size, sut.Inner(3).Size);
                Assert.Equal(fresh.Inner(3).Inputs.ToArray(), sut.Inner(3).Inputs.ToArray());
                Assert.Equal(fresh.Inner(3).Labels.ToArray(), sut.Inner(3).Labels.ToArray());
            }
        }
    }

    [Fact]
    public void InnerAndOuter_AllocateNothing()
    {
        using var sut = CreateSut(0);
        sut.Inner(0);
        sut.Outer(0, 0);
        long allocated = Allocation.Of(() =>
        {
            for (long t = 0; t < 1_000; t++)
            {
                sut.Inner(t);
                sut.Outer(t, 1);
            }
        });

        Assert.Equal(0, allocated);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(64)]
    public void Outer_DrawOutOfRange_Throws(int draw)
    {
        using var sut = CreateSut(0);
        Assert.Throws<ArgumentOutOfRangeException>(() => { sut.Outer(0, draw); });
    }

    private static TaskMinibatches CreateSut(long problemId) => new(Tasks.Sample(ClassSplit.OuterTrain, problemId), 32, 1, problemId);

    private static void AssertRows(TaskMinibatches sut, Minibatch batch, IReadOnlyList<int[]> images)
    {
        Assert.Equal(32, batch.Size);
        for (int row = 0; row < batch.Size; row++)
        {
            var (c, image) = NumberedImages.Read(Dataset, batch.Inputs.Slice(row * ImageLength, ImageLength));
            Assert.Equal(c, sut.Task.Classes[batch.Labels[row]]);
            Assert.Contains(image, images[batch.Labels[row]]);
        }
    }
}
