using System.Globalization;
using LoptCluster.Deploy.Tests.Kubernetes;
using Xunit;

namespace LoptCluster.Deploy.Tests.Monitoring;

/// <summary>The dashboards show the run that is chosen, where one coordinator serves several.</summary>
public sealed class StudyDashboardTests(MonitoredStudy study) : IClassFixture<MonitoredStudy>
{
    public static TheoryData<string> Dashboards => DashboardTests.OfTraining;

    [Theory]
    [MemberData(nameof(Dashboards))]
    public async Task Queries_OfADashboard_GiveNoSeriesOfAnotherRun(string name)
    {
        foreach (var (id, run) in await RunsAsync())
        {
            int own = 0;
            foreach (var query in Dashboard.Named(name).Queries)
            {
                var series = await study.Prometheus.QueryRangeAsync(DashboardData.Fill(query.Expression, id));
                Assert.All(series, s => Assert.True(s.Labels.GetValueOrDefault("run", run) == run, $"{query.Where}: {query.Expression}"));
                own += series.Count(s => s.Labels.ContainsKey("run"));
            }

            Assert.True(own > 0);
        }
    }

    [Fact]
    public async Task Queries_ValueThatDiffersBetweenRuns_IsThatOfTheRunChosen()
    {
        var query = Dashboard.Named("coordinator").Queries.Single(
            q => q.Expression.StartsWith("lopt_batch_samples and", StringComparison.Ordinal));
        foreach (var (id, run) in await RunsAsync())
        {
            var series = Assert.Single(await study.Prometheus.QueryAsync(DashboardData.Fill(query.Expression, id)));
            Assert.EndsWith(series.Values[0].ToString(CultureInfo.InvariantCulture), run, StringComparison.Ordinal);
        }
    }

    /// <summary>Each choice is the run's name, and enough of its id to tell it from another study's run of that name.</summary>
    [Theory]
    [MemberData(nameof(Dashboards))]
    public async Task RunChooser_OfAStudy_ShowsTheNamesOfItsRuns(string name)
    {
        var variable = Dashboard.Named(name).Variables.Single(v => v.Text("name") == "run");
        var runs = await RunsAsync();
        Assert.Equal(
            runs.Select(r => ($"{r.Run} {r.Id[..6]}", r.Id)).Order(),
            (await RunChooser.ChoicesAsync(study.Prometheus, variable)).Order());
    }

    private async Task<IReadOnlyList<(string Id, string Run)>> RunsAsync()
    {
        var runs = (await study.Prometheus.QueryAsync("lopt_run_info")).Select(s => (s.Labels["run_id"], s.Labels["run"])).ToList();
        Assert.Equal(2, runs.Count);
        return runs;
    }
}
