using System.Text.Json.Nodes;
using LoptCluster.Deploy.Tests.Kubernetes;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Deploy.Tests.Monitoring;

/// <summary>What Grafana, Prometheus and the compose file say of each other must agree.</summary>
public sealed class ProvisioningTests
{
    private static readonly JsonNode Compose = Yaml("docker-compose.yml");
    private static readonly JsonNode DataSource = Yaml("deploy/grafana/provisioning/datasources/prometheus.yml").At("datasources/0")!;

    [Fact]
    public void Dashboards_WhereGrafanaLooks_IsWhereComposeMountsThem()
    {
        var provider = Yaml("deploy/grafana/provisioning/dashboards/lopt.yml").At("providers/0");
        Assert.Equal("file", provider.Text("type"));
        Assert.Contains($"./deploy/grafana/dashboards:{provider.At("options/path")}:ro", Volumes("grafana"));
        Assert.Contains("./deploy/grafana/provisioning:/etc/grafana/provisioning:ro", Volumes("grafana"));
    }

    [Fact]
    public void DataSource_Address_IsTheServiceOfCompose()
    {
        var address = new Uri(DataSource.Text("url")!);
        Assert.NotNull(Compose.At($"services/{address.Host}"));
        Assert.Equal(9090, address.Port);
        Assert.Equal("prometheus", DataSource.Text("type"));
    }

    [Theory]
    [InlineData("deploy/prometheus/prometheus.yml")]
    [InlineData("deploy/prometheus/prometheus.tls.yml")]
    public void Prometheus_JobsIntervalAndRules_AreThoseThatDashboardsAndAlertsExpect(string file)
    {
        var configuration = Yaml(file);
        // Grafana makes $__rate_interval of it.
        Assert.Equal(configuration.At("global/scrape_interval")?.ToString(), DataSource.At("jsonData/timeInterval")?.ToString());
        Assert.Superset(
            new HashSet<string?> { "lopt-coordinator", "lopt-worker" },
            configuration.Items("scrape_configs").Select(j => j.Text("job_name")).ToHashSet());
        string rules = Assert.Single(configuration.Items("rule_files")).ToString();
        Assert.Contains($"./{AlertRules.File}:{rules}:ro", Volumes("prometheus"));
    }

    private static IEnumerable<string> Volumes(string service) => Compose.Items($"services/{service}/volumes").Select(v => v.ToString());

    private static JsonNode Yaml(string file) => YamlTree.Parse(File.ReadAllText(Repository.PathOf(file))).Single();
}
