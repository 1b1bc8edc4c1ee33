using LoptCluster.Engine.Datasets.Procedural;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Engine.Tests.Datasets.Procedural;

public sealed class ProceduralClassesTests
{
    private static readonly RunSpecification Few = new()
    {
        Dataset = DatasetKind.Procedural,
        ImageSize = 8,
        ImageChannels = 1,
        TrainImagesPerClass = 3,
        ValidImagesPerClass = 2,
    };

    private static readonly RunSpecification Many = Few with { TrainImagesPerClass = 9 };

    [Fact]
    public void ClassImages_MoreAfterFewer_AreThoseOfADatasetAlone()
    {
        var store = new ProceduralClasses(1 << 20);
        ProceduralDataset few = new(Few, store), many = new(Many, store), fewAgain = new(Few, store);
        byte[] first = few.ClassImages(7).ToArray();
        Assert.Equal(new ProceduralDataset(Many).ClassImages(7).ToArray(), many.ClassImages(7).ToArray());
        Assert.Equal(first, fewAgain.ClassImages(7).ToArray());
        Assert.Equal(first, many.ClassImages(7)[..first.Length].ToArray());
        Assert.Equal(11 * 64, store.Bytes);
    }

    [Fact]
    public void ClassImages_OtherSetting_AreOthers()
    {
        var store = new ProceduralClasses(1 << 20);
        var noisy = Few with { ProceduralNoise = 2 };
        ProceduralDataset plain = new(Few, store), other = new(noisy, store);
        Assert.NotEqual(plain.ClassImages(0).ToArray(), other.ClassImages(0).ToArray());
        Assert.Equal(new ProceduralDataset(noisy).ClassImages(0).ToArray(), other.ClassImages(0).ToArray());
        Assert.Equal(new ProceduralDataset(noisy).Fingerprint, other.Fingerprint);
    }

    [Fact]
    public void Images_BeyondTheLimit_ForgetTheLeastRecent()
    {
        const int ClassBytes = 5 * 64;
        var store = new ProceduralClasses(3 * ClassBytes);
        var parameters = ProceduralParameters.From(Few);
        byte[][] made = [.. Enumerable.Range(0, 3).Select(i => store.Images(parameters, i))];
        Assert.Same(made[0], store.Images(parameters, 0));
        store.Images(parameters, 3);
        Assert.Equal(3 * ClassBytes, store.Bytes);
        Assert.Same(made[0], store.Images(parameters, 0));
        Assert.Same(made[2], store.Images(parameters, 2));
        Assert.NotSame(made[1], store.Images(parameters, 1));
        Assert.Equal(made[1], store.Images(parameters, 1));
    }
}
