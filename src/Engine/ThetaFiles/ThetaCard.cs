using System.Text.Json;
using System.Text.Json.Nodes;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Parameters;
using LoptCluster.Shared;
using LoptCluster.Shared.Randomness;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.ThetaFiles;

/// <summary>The card beside a θ file: where θ comes from, what it is for, and vectors that a port of the optimizer can check itself with.</summary>
public static class ThetaCard
{
    private static readonly int[] GoldenShape = [3, 4];
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>theta.safetensors → theta.card.json.</summary>
    public static string PathOf(string thetaPath) => Path.ChangeExtension(thetaPath, ".card.json");

    public static void Write(string thetaPath, ThetaFileContent content, RunSpecification specification) =>
        File.WriteAllText(PathOf(thetaPath), ToJson(content, specification));

    /// <summary>The whole card.</summary>
    public static string ToJson(ThetaFileContent content, RunSpecification specification)
    {
        var card = new JsonObject
        {
            ["what"] = "θ of a learned optimizer, outer-trained by LoptCluster (Metz et al. 2019)",
            ["runId"] = content.RunId,
            ["thetaVersion"] = content.Theta.Version,
            ["engineVersion"] = EngineVersion.Current,
            ["sha256"] = Convert.ToHexStringLower(content.Theta.Checksum()),
            ["horizonInnerSteps"] = specification.InnerSteps,
            ["objective"] = JsonNamingPolicy.CamelCase.ConvertName(specification.Objective.ToString()),
            ["specification"] = JsonNode.Parse(SpecificationJson.Serialize(specification)),
            ["golden"] = Golden(content, specification),
        };
        return card.ToJsonString(Indented) + Environment.NewLine;
    }

    /// <summary>What the θ of a file was trained for; null where it has no card.</summary>
    /// <exception cref="UserErrorException">The card is damaged.</exception>
    public static RunSpecification? ReadSpecification(string thetaPath)
    {
        string path = PathOf(thetaPath);
        if (!File.Exists(path)) return null;
        try
        {
            var specification = JsonNode.Parse(File.ReadAllText(path))?["specification"]
                ?? throw new UserErrorException($"'{path}' is not usable: it has no specification. Pull θ again, or remove the card and name the tasks with --preset.");
            return SpecificationJson.Deserialize(specification.ToJsonString());
        }
        catch (Exception e) when (e is JsonException or IOException or InvalidOperationException)
        {
            throw new UserErrorException($"'{path}' is not usable: {e.Message.TrimEnd('.')}. Pull θ again, or remove the card and name the tasks with --preset.", e);
        }
    }

    /// <summary>One update of one 3×4 tensor at t = 0 and t = 100: arrays in row-major order, m a row a momentum.</summary>
    private static JsonArray Golden(ThetaFileContent content, RunSpecification specification)
    {
        var layout = new ParameterLayout(("tensor", GoldenShape));
        using var optimizer = OptimizerFactory.Create(specification, layout);
        var cases = new JsonArray();
        foreach (long t in (ReadOnlySpan<long>)[0, 100])
        {
            var random = new RandomStream(1, RandomPurpose.InnerInitialization, t);
            float[] g = Draw(ref random, 1), w = Draw(ref random, 1), m = Draw(ref random, optimizer.StateVectors);
            // Adam's second vector is a mean of squares.
            if (specification.Optimizer == OptimizerKind.Adam)
            {
                for (int i = layout.Length; i < m.Length; i++) m[i] = Math.Abs(m[i]);
            }

            float[] wNext = Padded(layout, w), mNext = PaddedState(layout, m);
            optimizer.Update(content.Theta.Values.Span, t, Padded(layout, g), wNext, mNext);
            cases.Add(new JsonObject
            {
                ["t"] = t,
                ["shape"] = Numbers([.. GoldenShape.Select(s => (float)s)]),
                ["g"] = Numbers(g),
                ["w"] = Numbers(w),
                ["m"] = Numbers(m),
                ["wNext"] = Numbers(Compact(layout, wNext)),
                ["mNext"] = Numbers([.. mNext.Chunk(layout.PaddedLength).SelectMany(v => Compact(layout, v))]),
            });
        }

        return cases;

        float[] Draw(ref RandomStream random, int vectors)
        {
            float[] values = new float[layout.Length * vectors];
            // Multiples of 1/64: exact in any decimal.
            for (int i = 0; i < values.Length; i++) values[i] = (random.NextInt32(257) - 128) / 64f;
            return values;
        }
    }

    private static float[] Padded(ParameterLayout layout, float[] compact)
    {
        float[] padded = new float[layout.PaddedLength];
        layout.Pad(compact, padded);
        return padded;
    }

    private static float[] PaddedState(ParameterLayout layout, float[] compact) => [.. compact.Chunk(layout.Length).SelectMany(v => Padded(layout, v))];

    private static float[] Compact(ParameterLayout layout, float[] padded)
    {
        float[] compact = new float[layout.Length];
        layout.Compact(padded, compact);
        return compact;
    }

    private static JsonArray Numbers(float[] values) => new([.. values.Select(v => (JsonNode)v)]);
}
