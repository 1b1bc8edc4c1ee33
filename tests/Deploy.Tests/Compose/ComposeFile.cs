using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LoptCluster.Deploy.Tests.Kubernetes;
using LoptCluster.TestKit;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace LoptCluster.Deploy.Tests.Compose;

/// <summary>
/// A compose file of this repository, anchors merged, each <c>${NAME:-default}</c> as it is where the environment says nothing.
/// </summary>
internal sealed partial class ComposeFile
{
    private ComposeFile(string text)
    {
        Variables = [.. Variable().Matches(text).Select(match => match.Groups["name"].Value).Distinct()];
        string plain = Variable().Replace(text, match => match.Groups["default"].Value);
        object? merged = new DeserializerBuilder().Build().Deserialize<object?>(new MergingParser(new Parser(new StringReader(plain))));
        Root = YamlTree.Parse(new SerializerBuilder().Build().Serialize(merged)).Single();
    }

    /// <summary>Compose file for one machine, docker-compose.yml.</summary>
    public static ComposeFile Plain { get; } = Read("docker-compose.yml");

    /// <summary>The overlay with TLS and tokens.</summary>
    public static ComposeFile Secure { get; } = Read("deploy/compose/secure.yml");

    public JsonNode Root { get; }

    /// <summary>What the environment may say.</summary>
    public IReadOnlyList<string> Variables { get; }

    public IEnumerable<(string Name, JsonNode Node)> Services => Root["services"]!.AsObject().Select(s => (s.Key, s.Value!));

    /// <summary>The words of a service's command, as compose splits them.</summary>
    public static string[] Command(JsonNode service) => service["command"] switch
    {
        null => [],
        JsonArray words => [.. words.Select(word => word!.ToString())],
        var line => line.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
    };

    private static ComposeFile Read(string path) => new(File.ReadAllText(Repository.PathOf(path)));

    [GeneratedRegex(@"\$\{(?<name>[A-Z_]+):-(?<default>[^}]*)\}")]
    private static partial Regex Variable();
}
