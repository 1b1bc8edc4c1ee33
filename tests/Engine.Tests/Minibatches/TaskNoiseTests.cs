using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Datasets.Procedural;
using LoptCluster.Engine.Minibatches;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Engine.Tests.Minibatches;

public sealed class TaskNoiseTests
{
    private const int Size = 64;

    private static readonly RunSpecification Specification = new()
    {
        Dataset = DatasetKind.Procedural,
        ImageSize = 8,
        ImageChannels = 1,
        TrainImagesPerClass = 200,
        ValidImagesPerClass = 30,
        TaskClasses = 4,
    };

    private static readonly InnerTask Task =
        new TaskDistribution(new ProceduralDataset(Specification), Specification).Sample(ClassSplit.OuterTrain, 0);

    [Fact]
    public void Labels_ShareOfTheTrainingImages_AreOthersAndFixed()
    {
        using TaskMinibatches clean = CreateSut(default), sut = CreateSut(new TaskNoise(Labels: 0.25, Inputs: 0));
        int[] before = Labels(clean, valid: false), after = Labels(sut, valid: false);
        // Four standard errors of 800 images.
        Assert.Equal(0.25, before.Zip(after).Count(pair => pair.First != pair.Second) / (double)before.Length, 0.06);
        Assert.All(after, label => Assert.InRange(label, 0, 3));
        Assert.Equal(after, Labels(sut, valid: false));
        Assert.Equal(Labels(clean, valid: true), Labels(sut, valid: true));
        Assert.Equal(clean.Inner(3).Inputs.ToArray(), sut.Inner(3).Inputs.ToArray());
    }

    [Fact]
    public void Labels_AllReplaced_AreNeverTheirOwn()
    {
        using TaskMinibatches clean = CreateSut(default), sut = CreateSut(new TaskNoise(Labels: 1, Inputs: 0));
        Assert.DoesNotContain(Labels(clean, valid: false).Zip(Labels(sut, valid: false)), pair => pair.First == pair.Second);
        sut.SetTask(Task, Size, 1, 0);
        Assert.Equal(Labels(clean, valid: false), Labels(sut, valid: false));
    }

    [Fact]
    public void Inputs_OfATrainingMinibatch_GetNoiseOfTheStep()
    {
        using TaskMinibatches clean = CreateSut(default), sut = CreateSut(new TaskNoise(Labels: 0, Inputs: 0.5));
        float[] before = clean.Inner(3).Inputs.ToArray(), after = sut.Inner(3).Inputs.ToArray();
        double[] noise = [.. after.Zip(before, (a, b) => (double)a - b)];
        Assert.Equal(0, noise.Average(), 0.03);
        Assert.Equal(0.5, Math.Sqrt(noise.Average(x => x * x)), 0.03);
        Assert.Equal(after, sut.Inner(3).Inputs.ToArray());
        float[] next = [.. sut.Inner(4).Inputs.ToArray().Zip(clean.Inner(4).Inputs.ToArray(), (a, b) => a - b)];
        Assert.NotEqual(noise[0], next[0]);
        Assert.Equal(clean.Outer(3, 0).Inputs.ToArray(), sut.Outer(3, 0).Inputs.ToArray());
    }

    private static TaskMinibatches CreateSut(TaskNoise noise) => new(Task, Size, 1, 0, noise);

    private static int[] Labels(TaskMinibatches sut, bool valid)
    {
        int[] labels = new int[sut.SplitCount(valid)];
        sut.FillSplit(valid, 0, labels.Length, new float[labels.Length * 64], labels);
        return labels;
    }
}
