using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using LoptCluster.Deploy.Tests.Kubernetes;
using Xunit;

namespace LoptCluster.Deploy.Tests.Monitoring;

/// <summary>A series of an answer: its labels, and its values in the order of time.</summary>
internal sealed record Series(IReadOnlyDictionary<string, string> Labels, IReadOnlyList<double> Values);

/// <summary>A real Prometheus, with a folder and a port of its own. Killed with the test.</summary>
internal sealed class PrometheusServer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly HttpClient _http;

    public PrometheusServer(string program, string configuration, string folder, int port)
    {
        string file = Path.Combine(folder, "prometheus.yml");
        File.WriteAllText(file, configuration);
        _process = Process.Start(new ProcessStartInfo(
            program,
            [$"--config.file={file}", $"--storage.tsdb.path={Path.Combine(folder, "tsdb")}", $"--web.listen-address=127.0.0.1:{port}",
                "--log.level=error"]))!;
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };
    }

    /// <summary>Skips the test where there is no Prometheus.</summary>
    public static PrometheusServer OrSkip(PrometheusServer? server)
    {
        Assert.SkipUnless(server is not null, "prometheus is not installed here (Debian: apt-get install prometheus)");
        return server!;
    }

    public async Task<IReadOnlyList<Series>> QueryAsync(string expression) =>
        Read(await GetAsync($"api/v1/query?query={Uri.EscapeDataString(expression)}"));

    /// <summary>The last minutes, second by second.</summary>
    public async Task<IReadOnlyList<Series>> QueryRangeAsync(string expression)
    {
        long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        return Read(await GetAsync($"api/v1/query_range?query={Uri.EscapeDataString(expression)}&start={now - 300}&end={now}&step=1"));
    }

    public async Task<IReadOnlyList<string>> LabelValuesAsync(string label, string? series = null)
    {
        string match = series is null ? "" : $"?match[]={Uri.EscapeDataString(series)}";
        return [.. (await GetAsync($"api/v1/label/{label}/values{match}"))["data"]!.AsArray().Select(v => v!.ToString())];
    }

    /// <summary>Alerts that are active, with their texts filled in.</summary>
    public async Task<IReadOnlyList<JsonNode>> AlertsAsync() => [.. (await GetAsync("api/v1/alerts")).Items("data/alerts")];

    /// <summary>Rules that Prometheus could not evaluate, with the error.</summary>
    public async Task<IReadOnlyList<string>> RuleErrorsAsync() =>
        [.. (await GetAsync("api/v1/rules")).Items("data/groups").SelectMany(g => g.Items("rules")).Where(r => r.Text("health") != "ok")
            .Select(r => $"{r.Text("name")}: {r.Text("lastError")}")];

    /// <summary>Waits until the expression gives something.</summary>
    public async Task UntilAsync(string expression)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < Patience; await Task.Delay(200))
        {
            if (await TryAsync(expression)) return;
        }

        throw new TimeoutException($"Prometheus has no answer to {expression} within {Patience.TotalSeconds} s");
    }

    public void Dispose()
    {
        _http.Dispose();
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private async Task<bool> TryAsync(string expression)
    {
        try
        {
            return (await QueryAsync(expression)).Count > 0;
        }
        catch (HttpRequestException) when (!_process.HasExited)
        {
            return false; // It is starting.
        }
    }

    private async Task<JsonNode> GetAsync(string path)
    {
        using var response = await _http.GetAsync(new Uri(path, UriKind.Relative));
        // While it starts it answers in plain text. Errors of a query are JSON.
        if (response.StatusCode == HttpStatusCode.ServiceUnavailable) response.EnsureSuccessStatusCode();
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        return answer.Text("status") == "success" ? answer : throw new InvalidOperationException(answer.Text("error"));
    }

    private static IReadOnlyList<Series> Read(JsonNode answer) => answer.At("data/resultType")?.ToString() switch
    {
        "scalar" => [new Series(new Dictionary<string, string>(), [Number(answer.At("data/result/1"))])],
        _ => [.. answer.Items("data/result").Select(r => new Series(
            r.Map("metric"), r["values"] is JsonArray values
                ? [.. values.Select(v => Number(v!.AsArray()[1]))]
                : [Number(r.At("value/1"))]))],
    };

    private static double Number(JsonNode? text) => text!.ToString() switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        var number => double.Parse(number, CultureInfo.InvariantCulture),
    };
}
