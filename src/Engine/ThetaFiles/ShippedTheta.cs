using System.Collections.Immutable;
using System.Text.Json;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.ThetaFiles;

/// <summary>A trained θ that ships with the program, and what was measured of it.</summary>
/// <param name="Name">Its name without <see cref="ThetaCatalog.Prefix"/>.</param>
/// <param name="Content">Its file.</param>
/// <param name="TrainedBy">Specification of the run that trained it.</param>
/// <param name="TrainedOn">The tasks of its outer-training, in words.</param>
/// <param name="Wins">Where its loss is lower than tuned Adam's: a phrase for each kind of task, with its figures.</param>
/// <param name="Loses">Where its loss is higher, likewise.</param>
public sealed record ShippedTheta(
    string Name, ThetaFileContent Content, RunSpecification TrainedBy, string TrainedOn, ImmutableArray<string> Wins,
    ImmutableArray<string> Loses)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { RespectRequiredConstructorParameters = true };

    /// <param name="name">Its name.</param>
    /// <param name="content">Its file.</param>
    /// <param name="trainedBy">Specification of its run.</param>
    /// <param name="about">JSON of its trainedOn, wins and loses: theta/NAME.about.json.</param>
    internal static ShippedTheta Parse(string name, ThetaFileContent content, RunSpecification trainedBy, ReadOnlySpan<byte> about)
    {
        var (trainedOn, wins, loses) = JsonSerializer.Deserialize<About>(about, Options)!;
        return new ShippedTheta(name, content, trainedBy, trainedOn, wins, loses);
    }

    private sealed record About(string TrainedOn, ImmutableArray<string> Wins, ImmutableArray<string> Loses);
}
