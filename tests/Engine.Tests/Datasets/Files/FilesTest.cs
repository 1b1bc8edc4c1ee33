using LoptCluster.Engine.Datasets;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Engine.Tests.Datasets.Files;

/// <summary>A folder, and what comes of opening it.</summary>
public abstract class FilesTest : IDisposable
{
    internal TemporaryFolder Folder { get; } = new();

    internal static RunSpecification AsStored { get; } = new() { Dataset = DatasetKind.Files, ImageSize = 0, ImageChannels = 0 };

    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    internal IImageDataset Open(RunSpecification? specification = null) => DatasetCatalog.Open(specification ?? AsStored, Folder.Path);

    /// <summary>The one line that opening fails with; it must hold all of <paramref name="parts"/>.</summary>
    internal void AssertRefused(params ReadOnlySpan<string> parts)
    {
        string message = Assert.Throws<UserErrorException>(() => Open()).Message;
        Assert.DoesNotContain('\n', message);
        foreach (string part in parts) Assert.Contains(part, message, StringComparison.Ordinal);
    }
}
