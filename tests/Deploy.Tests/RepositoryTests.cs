using Xunit;

namespace LoptCluster.Deploy.Tests;

public class RepositoryTests
{
    [Theory]
    [InlineData("presets")]
    [InlineData("docs")]
    [InlineData("src")]
    public void Root_FolderOfTheRepository_IsThere(string folder) => Assert.True(Directory.Exists(Repository.PathOf(folder)), folder);
}
