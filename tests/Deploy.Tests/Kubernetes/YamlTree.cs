using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace LoptCluster.Deploy.Tests.Kubernetes;

/// <summary>YAML documents as JSON trees, and short ways through them.</summary>
internal static class YamlTree
{
    public static IReadOnlyList<JsonNode> Parse(string yaml)
    {
        var deserializer = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build();
        var parser = new Parser(new StringReader(yaml));
        var documents = new List<JsonNode>();
        parser.Consume<StreamStart>();
        while (parser.Accept<DocumentStart>(out _))
        {
            if (deserializer.Deserialize<object?>(parser) is { } document) documents.Add(Convert(document)!);
        }

        return documents;
    }

    public static string? Name(this JsonNode document) => document["metadata"].Text("name");

    /// <summary>Kind and name, to say which document is meant.</summary>
    public static string Title(this JsonNode document) => $"{document.Text("kind")} {document.Name()}";

    public static string? Text(this JsonNode? node, string key) => node?[key]?.ToString();

    /// <summary>The node at a/b/0/c, or null. A name with a slash: ~1.</summary>
    public static JsonNode? At(this JsonNode? node, string path) => path.Split('/').Aggregate(node, (n, step) =>
        n is JsonArray array ? (int.TryParse(step, out int i) && i < array.Count ? array[i] : null) : n?[Unescape(step)]);

    public static IEnumerable<JsonNode> Items(this JsonNode? node, string path) => (node.At(path) as JsonArray ?? []).Select(n => n!);

    /// <summary>A map of text to text.</summary>
    public static IReadOnlyDictionary<string, string> Map(this JsonNode? node, string path) =>
        (node.At(path) as JsonObject ?? []).ToDictionary(p => p.Key, p => p.Value?.ToString() ?? "");

    /// <summary>Puts a value at a/b/0/c; null takes the member away.</summary>
    public static void Set(this JsonNode node, string path, JsonNode? value)
    {
        int cut = path.LastIndexOf('/');
        var parent = cut < 0 ? node : node.At(path[..cut]) ?? throw new InvalidOperationException($"there is nothing at {path[..cut]}");
        string last = Unescape(path[(cut + 1)..]);
        if (parent is JsonArray array && last == "-") array.Add(value);
        else if (parent is JsonArray list && value is null) list.RemoveAt(int.Parse(last));
        else if (parent is JsonArray row) row[int.Parse(last)] = value;
        else if (value is null) parent.AsObject().Remove(last);
        else parent[last] = value;
    }

    /// <summary>As in a JSON pointer: ~1 is a slash within a name.</summary>
    private static string Unescape(string step) => step.Replace("~1", "/", StringComparison.Ordinal);

    private static JsonNode? Convert(object? value) => value switch
    {
        null => null,
        IDictionary<object, object?> map => new JsonObject(map.Select(p => KeyValuePair.Create(p.Key.ToString()!, Convert(p.Value)))),
        IList<object?> list => new JsonArray([.. list.Select(Convert)]),
        _ => JsonSerializer.SerializeToNode(value, value.GetType()),
    };
}
