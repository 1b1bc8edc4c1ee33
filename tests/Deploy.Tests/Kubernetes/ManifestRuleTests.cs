using System.Text.Json.Nodes;
using Xunit;

namespace LoptCluster.Deploy.Tests.Kubernetes;

public class ManifestRuleTests
{
    public static TheoryData<string, string> RulesOfOverlays { get; } =
        [.. from overlay in Manifests.Overlays.Select(o => o.Data) from rule in ManifestRules.All.Keys select (overlay, rule)];

    [Theory]
    [MemberData(nameof(RulesOfOverlays))]
    public void Rule_DeliveredOverlay_FindsNothing(string overlay, string rule) =>
        Assert.Empty(ManifestRules.All[rule](Manifests.Of(overlay)));

    /// <summary>Each rule is shown manifests with one mistake, so that none of them passes whatever it sees.</summary>
    [Theory]
    [MemberData(nameof(Mistakes.All), MemberType = typeof(Mistakes))]
    public void Rule_OneMistake_FindsIt(string rule, string kind, string name, string path, string? json)
    {
        var manifests = Manifests.Of("fleet");
        manifests.One(kind, name).Set(path, json is null ? null : JsonNode.Parse(json));
        Assert.NotEmpty(ManifestRules.All[rule](manifests));
    }

    [Fact]
    public void Mistakes_EveryRule_HasSome() =>
        Assert.Empty(ManifestRules.All.Keys.Except(Mistakes.All.Select(m => (string)((ITheoryDataRow)m).GetData()[0]!)));
}
