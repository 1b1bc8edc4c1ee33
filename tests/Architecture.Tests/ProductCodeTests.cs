using Xunit;

namespace LoptCluster.Architecture.Tests;

/// <summary>The rules below hold over what is loaded: nothing loaded would keep every rule.</summary>
public sealed class ProductCodeTests
{
    [Fact]
    public void Arrows_OfEveryProject_AreFound() =>
        Assert.All(ProductCode.Projects.Keys, project => Assert.Contains(ProductCode.Arrows, a => a.From.Project == project));

    [Fact]
    public void Arrows_KnownUses_AreAmongThem()
    {
        var arrows = ProductCode.Arrows.Select(a => a.ToString()).ToHashSet();
        Assert.Contains("Engine.InnerProblems.InnerProblemFactory uses Engine.InnerProblems.Convnets.ConvnetProblem", arrows);
        Assert.Contains("Engine.InnerProblems.Convnets.ConvnetProblem uses Engine.InnerProblems.IInnerProblem", arrows);
        Assert.Contains("Worker.Link.CoordinatorLink uses Worker.Unrolling.UnrollPool", arrows);
    }

    [Theory]
    [InlineData("LoptCluster.Engine", "LoptCluster.Engine.EngineVersion", "Engine.EngineVersion")]
    [InlineData("LoptCluster.Engine.A.B", "LoptCluster.Engine.A.B.Outer`1+Inner", "Engine.A.B.Outer")]
    [InlineData("LoptCluster.Engine", "LoptCluster.Engine.<PrivateImplementationDetails>", null)]
    [InlineData("System.Text", "System.Text.Rune", null)]
    public void CodeType_OfARuntimeName_IsTheTopLevelType(string space, string fullName, string? expected) =>
        Assert.Equal(expected, CodeType.From(space, fullName)?.ToString());
}
