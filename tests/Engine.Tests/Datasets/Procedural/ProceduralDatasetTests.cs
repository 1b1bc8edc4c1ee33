using System.Security.Cryptography;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Datasets.Procedural;
using LoptCluster.Engine.Minibatches;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Engine.Tests.Datasets.Procedural;

public sealed class ProceduralDatasetTests
{
    private static readonly RunSpecification Grey8 = new() { Dataset = DatasetKind.Procedural, ImageSize = 8, ImageChannels = 1 };

    /// <summary>The world is the same for ever: whoever changes it raises <see cref="ProceduralWorld.Version"/> and these.</summary>
    [Theory]
    [InlineData(8, 1, "62892a0216fd1fc4")]
    [InlineData(14, 1, "2c4357e485a28f06")]
    [InlineData(32, 3, "128db6935bfe93da")]
    public void ClassImages_AnyVersion_AreTheGoldenOnes(int size, int channels, string expected)
    {
        var sut = Create(size, channels, 2, 1);
        byte[] images = [.. sut.ClassImages(0), .. sut.ClassImages(1), .. sut.ClassImages(999)];
        Assert.Equal(expected, Convert.ToHexStringLower(SHA256.HashData(images))[..16]);
    }

    [Theory]
    [InlineData(4, 1)]
    [InlineData(5, 3)]
    [InlineData(15, 1)]
    [InlineData(16, 3)]
    [InlineData(17, 1)]
    [InlineData(33, 3)]
    [InlineData(64, 3)]
    public void ClassImages_AnySize_FillsEveryImageAndChannel(int size, int channels)
    {
        var sut = Create(size, channels, 5, 3);
        var images = sut.ClassImages(500);
        Assert.Equal(8, sut.ImageCount(500));
        Assert.Equal(8 * size * size * channels, images.Length);
        for (int i = 0; i < 8; i++)
        {
            byte[] image = images.Slice(i * sut.Shape.Length, sut.Shape.Length).ToArray();
            for (int channel = 0; channel < channels; channel++)
                Assert.True(image.Where((_, at) => at % channels == channel).Distinct().Count() > 8);
        }
    }

    [Fact]
    public void ClassImages_ManyThreadsAndAnotherInstance_AreTheSame()
    {
        ProceduralDataset shared = new(Grey8), alone = new(Grey8);
        Parallel.For(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i => shared.ClassImages(i % 50));
        for (int c = 49; c >= 0; c--) Assert.True(shared.ClassImages(c).SequenceEqual(alone.ClassImages(c)));
        Assert.True(shared.ClassImages(3) == shared.ClassImages(3));
        Assert.Equal(shared.Fingerprint, alone.Fingerprint);
    }

    [Fact]
    public void ClassImages_MoreImages_BeginWithTheSameOnes()
    {
        ProceduralDataset few = new(Grey8 with { TrainImagesPerClass = 10, ValidImagesPerClass = 5 }), many = new(Grey8);
        Assert.Equal(15, few.ImageCount(0));
        Assert.Equal(130, many.ImageCount(0));
        Assert.True(many.ClassImages(7).StartsWith(few.ClassImages(7)));
    }

    [Fact]
    public void Fingerprint_OtherSeed_IsTheSameAndOtherParametersAreNot()
    {
        string fingerprint = new ProceduralDataset(Grey8).Fingerprint;
        Assert.Equal(fingerprint, new ProceduralDataset(Grey8 with { Seed = 99 }).Fingerprint);
        RunSpecification[] others =
        [
            Grey8 with { ImageSize = 9 }, Grey8 with { ImageChannels = 3 }, Grey8 with { TrainImagesPerClass = 101 },
            Grey8 with { ProceduralNoise = 0.61 }, Grey8 with { ProceduralNuisance = 0.36 },
            Grey8 with { ProceduralShift = 1.1 }, Grey8 with { ProceduralWarp = 0.16 },
        ];
        string[] fingerprints = [fingerprint, .. others.Select(o => new ProceduralDataset(o).Fingerprint)];
        Assert.Equal(fingerprints.Length, fingerprints.Distinct().Count());
    }

    [Theory]
    [InlineData(8, 1, 1000, 0.6, 0.35)]
    [InlineData(16, 3, 300, 1.2, 1.0)]
    public void ClassImages_WithScaleAndOffset_AreStandardised(int size, int channels, int classes, double noise, double nuisance)
    {
        var sut = Create(size, channels, 40, 10, noise, nuisance);
        for (int channel = 0; channel < channels; channel++)
        {
            double sum = 0, squares = 0;
            long count = 0, clipped = 0;
            for (int c = 0; c < classes; c++)
            {
                var images = sut.ClassImages(c);
                for (int i = channel; i < images.Length; i += channels)
                {
                    double value = (images[i] * (double)sut.Scale[channel]) + sut.Offset[channel];
                    sum += value;
                    squares += value * value;
                    count++;
                    if (images[i] is 0 or 255) clipped++;
                }
            }

            // The 24 nuisance fields and the classes are a finite draw of a world that is standardised on average.
            double mean = sum / count;
            Assert.Equal(0, mean, 0.02);
            Assert.Equal(1, Math.Sqrt((squares / count) - (mean * mean)), 0.03);
            Assert.InRange(clipped, 0, count / 1_000);
        }
    }

    [Fact]
    public void ClassImages_OfATask_AreSeparableButHard()
    {
        // The nearest class mean, chance 10 %.
        var specification = Grey8 with { TrainImagesPerClass = 100, ValidImagesPerClass = 30 };
        var tasks = new TaskDistribution(new ProceduralDataset(specification), specification);
        const int Tasks = 20;
        double train = 0, valid = 0;
        for (long id = 0; id < Tasks; id++)
        {
            using var minibatches = new TaskMinibatches(tasks.Sample(ClassSplit.OuterTest, id), 1, 1, id);
            var means = NearestMean.Fit(minibatches, 64, 10);
            train += means.Accuracy(minibatches, valid: false) / Tasks;
            valid += means.Accuracy(minibatches, valid: true) / Tasks;
        }

        Assert.InRange(valid, 0.4, 0.75);
        Assert.True(train > valid);
    }

    [Theory]
    [InlineData(3, 1, "imageSize '3'")]
    [InlineData(65, 1, "imageSize '65'")]
    [InlineData(8, 2, "imageChannels '2'")]
    public void Constructor_ImpossibleShape_NamesTheValue(int size, int channels, string part)
    {
        string message = Assert.Throws<UserErrorException>(() => Create(size, channels, 2, 1)).Message;
        Assert.Contains(part, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_SizeAsTheFilesHaveIt_MakesThePapersColourImages() =>
        Assert.Equal(new ImageShape(32, 3), Create(0, 0, 2, 1).Shape);

    private static ProceduralDataset Create(int size, int channels, int train, int valid, double noise = 0.6, double nuisance = 0.35) =>
        new(
        Grey8 with
        {
            ImageSize = size,
            ImageChannels = channels,
            TrainImagesPerClass = train,
            ValidImagesPerClass = valid,
            ProceduralNoise = noise,
            ProceduralNuisance = nuisance,
        });
}
