using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Optimizers.Search;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.ThetaFiles;

/// <summary>
/// The card beside a θ file: the origin and purpose of θ, its parts by name, and vectors to check a port of the optimizer with.
/// </summary>
public static class ThetaCard
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Path of the card beside a file of θ: theta.safetensors → theta.card.json.</summary>
    public static string PathOf(string thetaPath) => Path.ChangeExtension(thetaPath, ".card.json");

    public static void Write(string thetaPath, ThetaFileContent content, RunSpecification specification) =>
        File.WriteAllText(PathOf(thetaPath), ToJson(content, specification));

    /// <summary>The whole card as JSON text.</summary>
    public static string ToJson(ThetaFileContent content, RunSpecification specification)
    {
        var family = OptimizerFamilies.Of(specification.Optimizer);
        var card = new JsonObject
        {
            ["what"] = content.Search is null
                ? "θ of a learned optimizer, outer-trained by LoptCluster (Metz et al. 2019)"
                : "θ of hyper-parameters, found by LoptCluster's random search",
            ["runId"] = content.RunId,
            ["thetaVersion"] = content.Theta.Version,
            ["averageDecay"] = content.AverageDecay,
            ["engineVersion"] = EngineVersion.Current,
            ["sha256"] = Convert.ToHexStringLower(content.Theta.Checksum()),
            ["origin"] = LineageJson.Origin(content.Lineage),
            ["prolongations"] = LineageJson.Prolongations(content.Lineage),
            ["search"] = SearchJson.Compose(content.Search, family.Theta),
            ["horizonInnerSteps"] = specification.LongestInnerSteps(),
            ["objective"] = JsonNamingPolicy.CamelCase.ConvertName(specification.Objective.ToString()),
            ["specification"] = JsonNode.Parse(SpecificationJson.Serialize(specification)),
            ["optimizer"] = new JsonObject
            {
                ["family"] = family.Name,
                ["tensors"] = ThetaParts.Tensors(family.Theta),
                ["hyperParameters"] = ThetaParts.HyperParameters(family.Theta, content.Theta.Values.Span),
                ["state"] = new JsonArray([.. family.State.Select(s => (JsonNode)s.Name)]),
                ["update"] = Constants(specification),
            },
            ["goldenTolerance"] = GoldenUpdates.Tolerance,
            ["golden"] = GoldenUpdates.Of(family, content.Theta.Values.Span, UpdateSettings.Of(specification)),
        };
        return card.ToJsonString(Indented) + Environment.NewLine;
    }

    /// <summary>
    /// Gives a θ from a file what the file itself does not say: the constants of its update, from the card beside it.
    /// </summary>
    /// <exception cref="UserErrorException">Neither says them, the card is damaged, or is that of another θ.</exception>
    public static ThetaFileContent Complete(string thetaPath, ThetaFileContent content)
    {
        if (content.Constants is not null) return content;
        string? sha = Read(thetaPath, card => (string?)card["sha256"]);
        if (sha is not null && sha != Convert.ToHexStringLower(content.Theta.Checksum()))
        {
            throw new UserErrorException(
                $"The card '{PathOf(thetaPath)}' is that of another θ: its sha256 is {sha}. Put the θ's own beside it.");
        }

        return ReadSpecification(thetaPath) is { } specification
            ? content with { Constants = UpdateConstants.Of(specification) }
            : throw new UserErrorException(
                $"'{thetaPath}' does not say what its update depends on (stepScale, exponentScale, …), and has no card that does. Put its "
                    + $"card beside it, as '{PathOf(thetaPath)}', or write it anew: lopt theta card {thetaPath} --preset PRESET");
    }

    /// <summary>Writes the card of a file that has lost its metadata and its card, for a run that is known from elsewhere.</summary>
    /// <param name="thetaPath">Path of the file.</param>
    /// <param name="trainedBy">Specification of the run that trained it.</param>
    /// <exception cref="UserErrorException">
    /// The file has a card, or says by itself what its update depends on, or is not of the run's optimizer.
    /// </exception>
    public static void Restore(string thetaPath, RunSpecification trainedBy)
    {
        if (File.Exists(PathOf(thetaPath)))
            throw new UserErrorException($"'{thetaPath}' has a card: '{PathOf(thetaPath)}'. Move it away if it is that of another θ.");
        var content = ThetaFile.Read(thetaPath, trainedBy);
        if (content.Constants is not null)
            throw new UserErrorException($"'{thetaPath}' says by itself what its update depends on: it can be used without a card.");
        if (content.Optimizer != trainedBy.Optimizer)
        {
            throw new UserErrorException(
                $"'{thetaPath}' has the tensors of optimizer {OptimizerFamilies.Of(content.Optimizer).Name}, and the preset trains "
                    + $"{OptimizerFamilies.Of(trainedBy.Optimizer).Name}. Name the preset and the values that trained it.");
        }

        Write(thetaPath, content, trainedBy);
    }

    /// <summary>Specification of the run that trained the θ of a file; null if the file has no card.</summary>
    /// <exception cref="UserErrorException">The card is damaged.</exception>
    public static RunSpecification? ReadSpecification(string thetaPath) => Read(
        thetaPath,
        card => SpecificationJson.Deserialize(
            (card["specification"] ?? throw new InvalidOperationException("it has no specification")).ToJsonString()));

    /// <summary>The random search that found the θ of a file; null if there was none, or the file has no card.</summary>
    /// <exception cref="UserErrorException">The card is damaged.</exception>
    public static SearchRecord? ReadSearch(string thetaPath) => Read(thetaPath, card => SearchJson.Read(card["search"]));

    /// <summary>The constants by name, as in the metadata of the file.</summary>
    private static JsonObject Constants(RunSpecification specification) => new(
        UpdateConstantsText.Of(UpdateConstants.Of(specification)).Select(c => KeyValuePair.Create(c.Name, (JsonNode?)c.Text)));

    private static T? Read<T>(string thetaPath, Func<JsonNode, T?> part)
        where T : class
    {
        bool isNamed = ThetaCatalog.IsNamed(thetaPath);
        string path = isNamed ? thetaPath : PathOf(thetaPath);
        if (!isNamed && !File.Exists(path)) return null;
        try
        {
            string card = isNamed ? Encoding.UTF8.GetString(ThetaCatalog.Card(thetaPath)) : File.ReadAllText(path);
            return part(JsonNode.Parse(card) ?? throw new InvalidOperationException("it is empty"));
        }
        catch (Exception e) when (e is JsonException or IOException or InvalidOperationException or FormatException)
        {
            throw new UserErrorException(
                $"'{path}' is not usable: {e.Message.TrimEnd('.')}. Pull θ again, or remove the card and name the tasks with --preset.", e);
        }
    }
}
