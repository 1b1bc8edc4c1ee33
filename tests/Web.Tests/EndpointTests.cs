using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using LoptCluster.ClusterTestKit;
using LoptCluster.Coordinator.Web;
using LoptCluster.Engine.ThetaFiles;
using LoptCluster.Protocol.V1;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Web.Tests;

public sealed partial class EndpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Page_TellsTheBrowserToStayOnThisHost()
    {
        await using var coordinator = await Watched.StartAsync(_folder);
        using var client = coordinator.Client();

        var response = await client.GetAsync("/");
        string html = await response.Content.ReadAsStringAsync();

        Assert.Equal(PageHeaders.ContentSecurityPolicy, response.Headers.GetValues("Content-Security-Policy").Single());
        Assert.DoesNotContain("unsafe", PageHeaders.ContentSecurityPolicy, StringComparison.Ordinal);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        string[] files = [.. FileReference().Matches(html).Select(m => m.Groups[1].Value)];
        Assert.InRange(files.Length, 6, 50);
        foreach (string file in files)
        {
            Assert.StartsWith("assets/", file, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(file)).StatusCode);
        }

        Assert.DoesNotContain("style=", html, StringComparison.Ordinal);
        Assert.DoesNotContain("onclick=", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("gzip")]
    public async Task Asset_AskedForAgain_IsSentOnlyIfItChanged(string encoding)
    {
        await using var coordinator = await Watched.StartAsync(_folder);
        using var client = coordinator.Client();
        if (encoding.Length > 0) client.DefaultRequestHeaders.AcceptEncoding.ParseAdd(encoding);

        var first = await client.GetAsync("/assets/uplot/uPlot.iife.min.js");
        client.DefaultRequestHeaders.IfNoneMatch.Add(first.Headers.ETag!);
        var again = await client.GetAsync("/assets/uplot/uPlot.iife.min.js");

        Assert.Equal(
            ("text/javascript", encoding),
            (first.Content.Headers.ContentType!.MediaType, string.Concat(first.Content.Headers.ContentEncoding)));
        Assert.Equal((HttpStatusCode.NotModified, 0), (again.StatusCode, (await again.Content.ReadAsByteArrayAsync()).Length));
    }

    [Theory]
    [InlineData("/assets/none.js")]
    [InlineData("/assets/../Program.cs")]
    [InlineData("/assets/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/api/none")]
    public async Task Unknown_IsNotFound(string path)
    {
        await using var coordinator = await Watched.StartAsync(_folder);
        using var client = coordinator.Client();

        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(path)).StatusCode);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized)]
    [InlineData("wrong", HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized)]
    [InlineData(Watched.WorkerToken, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)]
    [InlineData(Watched.ReaderToken, HttpStatusCode.OK, HttpStatusCode.Forbidden)]
    [InlineData(Watched.OperatorToken, HttpStatusCode.OK, HttpStatusCode.OK)]
    public async Task Api_Token_OpensWhatItsRoleMay(string? token, HttpStatusCode reads, HttpStatusCode operates)
    {
        await using var coordinator = await Watched.StartWithTokensAsync(_folder);
        using var client = coordinator.Client(token);

        foreach (string path in (string[])["run", "status", "history", "workers", "theta", "theta/latest/theta.safetensors",
            "theta/0/theta.card.json"])
            Assert.Equal(reads, (await client.GetAsync($"/api/{path}")).StatusCode);
        using var live = await client.GetAsync("/api/live", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(reads, live.StatusCode);
        foreach (string path in (string[])["pause", "resume"])
            Assert.Equal(operates, (await client.PostAsync($"/api/{path}", null)).StatusCode);
        if (operates != HttpStatusCode.OK) Assert.Equal(operates, (await client.PostAsync("/api/drain", null)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/")).StatusCode);
    }

    [Theory]
    [InlineData("Origin", "http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "null", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-site", HttpStatusCode.Forbidden)]
    [InlineData("Host", "evil.example", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-origin", HttpStatusCode.OK)]
    [InlineData("Host", "evil.local", HttpStatusCode.Forbidden)]
    [InlineData("Host", "evil:5318", HttpStatusCode.Forbidden)]
    [InlineData("Host", "coordinator:5318", HttpStatusCode.OK)]
    [InlineData("Host", "localhost:80", HttpStatusCode.OK)]
    [InlineData("Host", "[::1]", HttpStatusCode.OK)]
    [InlineData("Accept", "*/*", HttpStatusCode.OK)]
    public async Task Pause_WithoutTokens_IsTakenFromTheOwnPageAlone(string header, string value, HttpStatusCode expected)
    {
        await using var coordinator = await Watched.StartAsync(_folder, null, o => o with { AllowedHosts = ["Coordinator"] });
        using var client = coordinator.Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/pause");
        request.Headers.TryAddWithoutValidation(header, value);
        // A page that was reached under a name of its own has that name for its origin, too.
        if (header == "Host") request.Headers.TryAddWithoutValidation("Origin", $"http://{value}");

        var response = await client.SendAsync(request);

        Assert.Equal(expected, response.StatusCode);
        var status = await coordinator.Operations.GetStatusAsync(new GetStatusRequest());
        Assert.Equal(expected == HttpStatusCode.OK, status.State == RunState.Paused);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/metrics")]
    [InlineData("/api/status")]
    [InlineData("/assets/uplot/uPlot.iife.min.js")]
    public async Task AnyPath_UnderAForeignNameWithoutTokens_IsRefused(string path)
    {
        await using var coordinator = await Watched.StartAsync(_folder, null, o => o with { AllowedHosts = ["coordinator"] });
        using var client = coordinator.Client();

        foreach (var (host, expected) in ((string, HttpStatusCode)[])[
            ("rebound.local", HttpStatusCode.Forbidden), ("coordinator:5318", HttpStatusCode.OK)])
        {
            client.DefaultRequestHeaders.Host = host;
            Assert.Equal(expected, (await client.GetAsync(path)).StatusCode);
        }
    }

    [Fact]
    public async Task AnyName_WithTokens_IsAnswered()
    {
        await using var coordinator = await Watched.StartWithTokensAsync(_folder);
        using var client = coordinator.Client(Watched.ReaderToken);
        client.DefaultRequestHeaders.Host = "trainer.example";

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/metrics")).StatusCode);
    }

    [Fact]
    public async Task Status_UnderAForeignNameWithoutTokens_IsRefusedInWords()
    {
        await using var coordinator = await Watched.StartAsync(_folder);
        using var client = coordinator.Client();
        client.DefaultRequestHeaders.Host = "rebound.example";

        var response = await client.GetAsync("/api/status");

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains("rebound.example", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetString());
    }

    [Fact]
    public async Task Theta_File_IsWhatTheEngineWrites()
    {
        await using var coordinator = await Watched.StartAsync(_folder);
        await using var worker = await ScriptedWorker.JoinAsync(coordinator);
        await Watched.TrainAsync(worker, await worker.ProblemsAsync(SmallRun.Batch), updates: 2);
        using var client = coordinator.Client();
        var theta = ThetaWire.SnapshotFromProto((await coordinator.Theta.GetThetaAsync(new GetThetaRequest { Version = 1 })).Theta);

        var response = await client.GetAsync("/api/theta/1/theta.safetensors");
        string path = Path.Combine(_folder.Path, "pulled.safetensors");
        await File.WriteAllBytesAsync(path, await response.Content.ReadAsByteArrayAsync());
        await File.WriteAllTextAsync(ThetaCard.PathOf(path), await client.GetStringAsync("/api/theta/1/theta.card.json"));

        Assert.Equal(theta.Values.ToArray(), ThetaFile.Read(path).Theta.Values.ToArray());
        Assert.Equal(1, ThetaFile.Read(path).Theta.Version);
        Assert.Equal(SmallRun.Specification.Name, ThetaCard.ReadSpecification(path)!.Name);
        Assert.EndsWith("-1.safetensors\"", response.Content.Headers.ContentDisposition!.ToString(), StringComparison.Ordinal);
        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
    }

    /// <summary>d = ½: the average of the versions 1 and 2 is (θ₁ + 2 θ₂) / 3.</summary>
    [Fact]
    public async Task Theta_Average_IsServedAsAFileWithItsCard()
    {
        await using var coordinator = await Watched.StartAsync(_folder, SmallRun.Specification with { ThetaAverageDecay = 0.5 });
        await using var worker = await ScriptedWorker.JoinAsync(coordinator);
        await Watched.TrainAsync(worker, await worker.ProblemsAsync(SmallRun.Batch), updates: 2);
        using var client = coordinator.Client();
        float[] first = await ThetaAsync(1), second = await ThetaAsync(2);

        var response = await client.GetAsync("/api/theta/average/theta.safetensors");
        string path = Path.Combine(_folder.Path, "average.safetensors");
        await File.WriteAllBytesAsync(path, await response.Content.ReadAsByteArrayAsync());

        float[] average = ThetaFile.Read(path).Theta.Values.ToArray();
        Assert.All(first.Zip(second, average), e => Assert.Equal((e.First + (2.0 * e.Second)) / 3, e.Third, 1e-6));
        Assert.Contains("filename=\"theta-average-", response.Content.Headers.ContentDisposition!.ToString(), StringComparison.Ordinal);
        var card = await client.GetFromJsonAsync<JsonElement>("/api/theta/average/theta.card.json");
        Assert.Equal(0.5, card.GetProperty("averageDecay").GetDouble());

        async Task<float[]> ThetaAsync(long version) =>
            [.. (await coordinator.Theta.GetThetaAsync(new GetThetaRequest { Version = version })).Theta.Values];
    }

    [Theory]
    [InlineData("7")]
    [InlineData("-1")]
    [InlineData("first")]
    [InlineData("best")]
    [InlineData("average")]
    public async Task Theta_NotThere_IsNotFoundInWords(string version)
    {
        await using var coordinator = await Watched.StartAsync(_folder);
        using var client = coordinator.Client();

        var response = await client.GetAsync($"/api/theta/{version}/theta.safetensors");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("There is no", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetString());
    }

    [Fact]
    public async Task Live_BeginsWithEverythingAndGoesOnWithWhatIsNew()
    {
        await using var coordinator = await Watched.StartAsync(_folder);
        await using var worker = await ScriptedWorker.JoinAsync(coordinator);
        var problems = await worker.ProblemsAsync(SmallRun.Batch);
        await Watched.TrainAsync(worker, problems, updates: 2);
        using var client = coordinator.Client();
        using var limit = new CancellationTokenSource(ScriptedWorker.Patience);
        await using var events = LiveEvents.ReadAsync(client, limit.Token).GetAsyncEnumerator(limit.Token);

        Assert.True(await events.MoveNextAsync());
        var first = events.Current;
        await Watched.TrainAsync(worker, problems, updates: 1, from: 2);
        JsonElement history;
        do
        {
            Assert.True(await events.MoveNextAsync());
            Assert.False(events.Current.TryGetProperty("run", out _));
        }
        while (!events.Current.TryGetProperty("history", out history));

        Assert.Equal("small", first.GetProperty("run").GetProperty("preset").GetString());
        Assert.True(first.GetProperty("run").GetProperty("mayOperate").GetBoolean());
        Assert.Equal([1, 2], first.GetProperty("history").GetProperty("update").EnumerateArray().Select(u => u.GetInt64()));
        Assert.Equal(JsonValueKind.Null, first.GetProperty("status").GetProperty("evaluationOuterTest").ValueKind);
        var described = first.GetProperty("run").GetProperty("figures").EnumerateArray().Select(f => f.GetProperty("name").GetString()!);
        var columns = history.GetProperty("figures").EnumerateObject().Select(p => p.Name).Where(name => !name.Contains('.'));
        Assert.Equal(described.Order(StringComparer.Ordinal), columns.Order(StringComparer.Ordinal));
        Assert.Equal(2, history.GetProperty("from").GetInt32());
        Assert.Equal([3], history.GetProperty("update").EnumerateArray().Select(u => u.GetInt64()));
    }

    [Theory]
    [InlineData(OptimizerKind.Mlp16, "tensors", "W1 b1 W2 b2")]
    [InlineData(OptimizerKind.Adam, "hyperParameters", "learningRate beta1 beta2 epsilon")]
    public async Task Live_NamesThePartsOfTheta(OptimizerKind optimizer, string parts, string names)
    {
        await using var coordinator = await Watched.StartAsync(_folder, SmallRun.Specification with { Optimizer = optimizer });
        using var client = coordinator.Client();
        using var limit = new CancellationTokenSource(ScriptedWorker.Patience);
        await using var events = LiveEvents.ReadAsync(client, limit.Token).GetAsyncEnumerator(limit.Token);
        Assert.True(await events.MoveNextAsync());

        var theta = events.Current.GetProperty("theta").GetProperty(parts).EnumerateArray().ToArray();

        Assert.Equal(names, string.Join(' ', theta.Select(p => p.GetProperty("name").GetString())));
        if (optimizer == OptimizerKind.Adam) Assert.Equal(0.9, theta[1].GetProperty("value").GetDouble(), 1e-6);
    }

    [Fact]
    public async Task Live_CoordinatorStops_ShowsThatAndEnds()
    {
        await using var coordinator = await Watched.StartAsync(_folder);
        using var client = coordinator.Client();
        using var limit = new CancellationTokenSource(ScriptedWorker.Patience);
        await using var events = LiveEvents.ReadAsync(client, limit.Token).GetAsyncEnumerator(limit.Token);
        Assert.True(await events.MoveNextAsync());

        var stop = coordinator.StopAsync();
        string? last = null;
        while (await events.MoveNextAsync()) last = events.Current.GetProperty("status").GetProperty("state").GetString();

        Assert.Equal("draining", last);
        await stop.WaitAsync(TimeSpan.FromSeconds(20), limit.Token);
    }

    [Fact]
    public async Task GrpcPort_DoesNotServeThePage()
    {
        await using var coordinator = await Watched.StartAsync(_folder);
        using var client = new HttpClient
        {
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(coordinator.Address)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"{coordinator.Address}/api/status")).StatusCode);
    }

    [GeneratedRegex("(?:src|href)=\"(?!#)([^\"]+)\"")]
    private static partial Regex FileReference();
}
