using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Shared;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.ThetaFiles;

/// <summary>
/// θ in a safetensors file: 8 bytes of header length, a JSON header, float32 little-endian data. Any safetensors library reads it.
/// </summary>
public static class ThetaFile
{
    private const string FormatVersion = "1";
    private const string Metadata = SafetensorsHeader.Metadata;
    private const string ConstantPrefix = "update.";
    private const int LongestHeader = 1 << 20;

    /// <summary>A name that stands twice has two meanings: readers would disagree about the file.</summary>
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Writes beside the file first and moves it into place: never half a file.</summary>
    /// <exception cref="UserErrorException">The path cannot be written.</exception>
    public static void Write(string path, ThetaFileContent content) => Write(path, ToBytes(content));

    /// <summary>Writes beside the file first and moves it into place: never half a file.</summary>
    /// <exception cref="UserErrorException">The path cannot be written.</exception>
    internal static void Write(string path, byte[] file)
    {
        try
        {
            string temporary = path + ".part";
            File.WriteAllBytes(temporary, file);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"'{path}' cannot be written: {e.Message.TrimEnd('.')}. Give another path.", e);
        }
    }

    /// <summary>The whole file in memory, as safetensors bytes.</summary>
    public static byte[] ToBytes(ThetaFileContent content)
    {
        var family = OptimizerFamilies.Of(content.Optimizer);
        var header = new JsonObject
        {
            [Metadata] = new JsonObject
            {
                ["format"] = "lopt-theta",
                ["format_version"] = FormatVersion,
                ["optimizer"] = family.Name,
                ["run_id"] = content.RunId,
                ["theta_version"] = content.Theta.Version.ToString(CultureInfo.InvariantCulture),
                ["engine_version"] = EngineVersion.Current,
                ["sha256"] = Convert.ToHexStringLower(content.Theta.Checksum()),
            },
        };
        foreach (var (name, value) in content.Constants is { } constants ? UpdateConstantsText.Of(constants) : [])
            header[Metadata]![ConstantPrefix + name] = value;
        if (content.AverageDecay is { } decay) header[Metadata]!["average_decay"] = decay.ToString("R", CultureInfo.InvariantCulture);
        foreach (var (parameter, held) in family.Theta.HyperParameters.Zip(family.Theta.Values(content.Theta.Values.Span)))
            header[Metadata]![$"hyper_parameter.{parameter.Name}"] = ThetaParts.Text(held);
        foreach (var tensor in family.Theta.Tensors)
        {
            header[tensor.Name] = SafetensorsHeader.Entry(
                "F32",
                tensor.Shape.Select(s => (long)s),
                tensor.Offset * sizeof(float),
                (tensor.Offset + tensor.Length) * sizeof(float));
        }

        return [.. SafetensorsHeader.ToBytes(header), .. MemoryMarshal.AsBytes(content.Theta.Values.Span)];
    }

    /// <summary>
    /// Reads a file. One that another safetensors library has saved anew, without the metadata, is known by the names and shapes of its
    /// tensors, and by its card where several optimizers have such tensors; what else the metadata say is then with the card alone.
    /// </summary>
    /// <param name="path">Path of the file, or the name of a θ that ships with the program: theta:NAME.</param>
    /// <param name="trainedBy">Run that trained the θ, where it is known from elsewhere than the card.</param>
    /// <exception cref="UserErrorException">The file is not there, damaged, or not a θ.</exception>
    public static ThetaFileContent Read(string path, RunSpecification? trainedBy = null)
    {
        byte[] file;
        try
        {
            file = ThetaCatalog.IsNamed(path) ? ThetaCatalog.File(path) : File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                $"'{path}' cannot be read: {e.Message.TrimEnd('.')}. Give a theta.safetensors that 'lopt train' or 'lopt pull' wrote.", e);
        }

        var (header, data) = Split(path, file);
        var metadata = header[Metadata] as JsonObject ?? [];
        if (Text(metadata, "format") != "lopt-theta") return WithoutMetadata(path, header, data, trainedBy);
        if (Text(metadata, "format_version") != FormatVersion)
            throw Damaged(path, $"its format version is '{Text(metadata, "format_version")}', this lopt reads '{FormatVersion}'");
        var family = OptimizerFamilies.Find(Text(metadata, "optimizer"))
            ?? throw Damaged(
                path,
                $"its optimizer is '{Text(metadata, "optimizer")}'; known are "
                    + $"{string.Join(", ", OptimizerFamilies.All.Select(f => f.Name))}");
        if (!long.TryParse(Text(metadata, "theta_version"), NumberStyles.None, CultureInfo.InvariantCulture, out long version))
            throw Damaged(path, $"its θ version is '{Text(metadata, "theta_version")}', not a number");

        var theta = new ThetaSnapshot(version, Values(path, header, data, family));
        if (Convert.ToHexStringLower(theta.Checksum()) != Text(metadata, "sha256"))
            throw Damaged(path, "its SHA-256 does not match its values; copy it again");
        return new ThetaFileContent(theta, family.Kind, Text(metadata, "run_id")) { Constants = Constants(path, metadata) };
    }

    private static ThetaFileContent WithoutMetadata(string path, JsonObject header, byte[] data, RunSpecification? trainedBy)
    {
        var fitting = OptimizerFamilies.All.Where(f => HasTensorsOf(header, f)).ToList();
        if (fitting.Count == 0)
        {
            throw Damaged(
                path, "its metadata do not say format lopt-theta, and no optimizer has tensors like its own; it is not a θ of lopt");
        }

        var family = fitting.Count == 1
            ? fitting[0]
            : fitting.Find(f => f.Kind == (trainedBy ?? ThetaCard.ReadSpecification(path))?.Optimizer)
                ?? throw Damaged(
                    path,
                    $"its metadata do not say which of {string.Join(", ", fitting.Select(f => f.Name))} it is of, and neither does a card "
                        + $"beside it; put its own there, or write it with 'lopt theta card {path} --preset PRESET'");
        return new ThetaFileContent(new ThetaSnapshot(0, Values(path, header, data, family)), family.Kind, "");
    }

    private static bool HasTensorsOf(JsonObject header, IOptimizerFamily family) =>
        header.Count(entry => entry.Key != Metadata) == family.Theta.Tensors.Length
            && family.Theta.Tensors.All(t => JsonNode.DeepEquals((header[t.Name] as JsonObject)?["shape"], ThetaParts.Shape(t)));

    private static UpdateConstants? Constants(string path, JsonObject metadata)
    {
        try
        {
            return UpdateConstantsText.Read(name => metadata[ConstantPrefix + name] is null ? null : Text(metadata, ConstantPrefix + name));
        }
        catch (FormatException e)
        {
            throw Damaged(path, $"in its metadata {e.Message}");
        }
    }

    private static (JsonObject Header, byte[] Data) Split(string path, byte[] file)
    {
        if (file.Length < 8) throw Damaged(path, $"it has {file.Length} bytes; a safetensors file has at least 8");
        long length = BinaryPrimitives.ReadInt64LittleEndian(file);
        if (length is < 2 or > LongestHeader || length > file.Length - 8)
            throw Damaged(
                path,
                $"it says that its header has {length} bytes, of {file.Length - 8} that follow; it is truncated or no safetensors file");
        var text = file.AsSpan(8, (int)length);
        if (!Utf8.IsValid(text)) throw Damaged(path, "its header is no UTF-8");
        try
        {
            var header = JsonNode.Parse(text, documentOptions: Strict) as JsonObject ?? throw Damaged(path, "its header is no JSON object");
            return (header, file[(8 + (int)length)..]);
        }
        catch (JsonException e)
        {
            throw Damaged(path, $"its header is no JSON: {e.Message.TrimEnd('.')}");
        }
    }

    private static float[] Values(string path, JsonObject header, byte[] data, IOptimizerFamily family)
    {
        var values = new List<float>();
        foreach (var (name, shape, _, length) in family.Theta.Tensors)
        {
            if (header[name] is not JsonObject tensor) throw Damaged(path, $"tensor {name} is missing");
            try
            {
                if (Text(tensor, "dtype") != "F32") throw Damaged(path, $"tensor {name} is {Text(tensor, "dtype")}, not F32");
                int[] found = [.. tensor["shape"]!.AsArray().Select(s => (int)s!)];
                if (!found.SequenceEqual(shape))
                    throw Damaged(path, $"tensor {name} has shape [{string.Join(", ", found)}], not [{string.Join(", ", shape)}]");
                int from = (int)tensor["data_offsets"]![0]!, to = (int)tensor["data_offsets"]![1]!;
                int bytes = length * sizeof(float);
                if (from < 0 || to - from != bytes || to > data.Length)
                    throw Damaged(
                        path,
                        $"tensor {name} lies at {from}…{to} of {data.Length} data bytes; {bytes} bytes are needed: the file is truncated");
                values.AddRange(MemoryMarshal.Cast<byte, float>(data.AsSpan(from, bytes)));
            }
            catch (Exception e) when (e is InvalidOperationException or FormatException or NullReferenceException
                or ArgumentOutOfRangeException or OverflowException)
            {
                throw Damaged(path, $"the entry of tensor {name} is malformed");
            }
        }

        if (values.Count * sizeof(float) != data.Length)
            throw Damaged(path, $"it has {data.Length} data bytes; the tensors of {family.Name} take {values.Count * sizeof(float)}");
        int bad = values.FindIndex(v => !float.IsFinite(v));
        return bad < 0 ? [.. values] : throw Damaged(path, $"element {bad} of θ is {values[bad]}; all must be finite");
    }

    private static string Text(JsonObject node, string name) =>
        node[name] is JsonValue value && value.TryGetValue(out string? text) ? text : "";

    /// <summary>One line, whatever text of the file it quotes.</summary>
    private static UserErrorException Damaged(string path, string what) =>
        new($"'{path}' is not usable: {string.Concat(what.Select(c => char.IsControl(c) ? ' ' : c))}.");
}
