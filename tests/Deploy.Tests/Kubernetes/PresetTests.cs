using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Deploy.Tests.Kubernetes;

/// <summary>kustomize reads nothing outside of its folder, so overlays hold copies of presets.</summary>
public class PresetTests
{
    [Theory]
    [InlineData("local", "quickstart")]
    [InlineData("fleet", "modern")]
    public void Preset_OfOverlay_IsTheShippedOne(string overlay, string preset)
    {
        string inMap = Manifests.Of(overlay).OfKind("ConfigMap").Single().Map("data")["preset.toml"];
        Assert.Equal(PresetCatalog.Text(preset), inMap);
    }
}
