using Xunit;

namespace LoptCluster.Architecture.Tests.Projects;

/// <summary>
/// Arrows between projects point one way: Cli → Coordinator, Worker → Engine, Hosting, Protocol → Shared; Torch → Engine.
/// </summary>
public sealed class ProjectTests
{
    private static readonly string[] Network = ["Grpc", "Google.Protobuf", "Microsoft.AspNetCore"];

    [Fact]
    public void Projects_OfSrc_AreTheOnesOfTheTable()
    {
        Assert.Equal(ProjectFile.Names, AllowedProjects.Of.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(ProjectFile.Names, ProductCode.Projects.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void ProjectFiles_ReferToAllowedProjectsOnly()
    {
        string[] wrong =
        [
            .. from name in ProjectFile.Names
               from reference in new ProjectFile(name).Projects
               where !AllowedProjects.Of[name].Contains(reference)
               select $"src/{name}/{name}.csproj refers to {reference}",
        ];
        Rule.HasNone(wrong, "Remove the reference, or allow it in AllowedProjects.cs.");
    }

    [Fact]
    public void Types_UseAllowedProjectsOnly()
    {
        var wrong = ProductCode.Arrows.Where(
            a => a.From.Project != a.To.Project && !AllowedProjects.Of[a.From.Project].Contains(a.To.Project));
        Rule.HasNone(wrong, "Move the type, or allow the arrow in AllowedProjects.cs.");
    }

    [Theory]
    [InlineData("Shared")]
    [InlineData("Engine")]
    [InlineData("Torch")]
    public void ProjectsOfComputation_KnowNoNetwork(string project)
    {
        Assert.DoesNotContain(new ProjectFile(project).Packages, IsNetwork);
        Assert.DoesNotContain(ProductCode.Projects[project].GetReferencedAssemblies(), a => IsNetwork(a.Name!));
    }

    [Fact]
    public void TorchSharp_IsKnownToTorchAlone()
    {
        Assert.Contains("TorchSharp", new ProjectFile("Torch").Packages);
        foreach (string project in ProjectFile.Names.Where(name => name != "Torch"))
        {
            Assert.DoesNotContain("TorchSharp", new ProjectFile(project).Packages);
            Assert.DoesNotContain(ProductCode.Projects[project].GetReferencedAssemblies(), a => a.Name == "TorchSharp");
        }
    }

    [Fact]
    public void GeneratedProtobufTypes_StopAtTheEdge()
    {
        var wrong = ProductCode.Arrows.Where(a =>
            a.To.Project == "Protocol"
                && a.To.IsIn("V1")
                && AllowedProjects.EdgeOf.TryGetValue(a.From.Project, out string[]? edge)
                && !IsAtTheEdge(a.From, edge));
        Rule.HasNone(wrong, "Map the message to a record of the product in a folder of the edge (AllowedProjects.EdgeOf).");
    }

    private static bool IsAtTheEdge(CodeType type, string[] edge) =>
        edge.Any(part => type.IsIn(part) || $"{type.Folder}.{type.Name}" == part);

    private static bool IsNetwork(string name) => Network.Any(start => name.StartsWith(start, StringComparison.Ordinal));
}
