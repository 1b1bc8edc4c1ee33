using System.Globalization;
using Deque.AxeCore.Playwright;
using LoptCluster.ClusterTestKit;
using LoptCluster.Coordinator;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.ThetaFiles;
using LoptCluster.Protocol.V1;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Microsoft.Playwright;
using Xunit;

namespace LoptCluster.Web.Tests;

/// <summary>The page in a real browser.</summary>
public sealed class PageTests(Chromium chromium) : IClassFixture<Chromium>, IDisposable
{
    /// <summary>Something is painted on each of the six plots.</summary>
    private const string Drawn = """
        () => {
          const plots = [...document.querySelectorAll('.plot canvas')];
          const painted = c => new Uint32Array(c.getContext('2d').getImageData(0, 0, c.width, c.height).data.buffer)
              .filter(p => p !== 0).length > 1000;
          return plots.length === 6 && plots.every(painted);
        }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Page_WhileARealRunGoesOn_DrawsUpdatesAndShowsAKilledWorker()
    {
        await using var coordinator = await Watched.StartAsync(
            _folder, Watched.Small("outerUpdates=1000000", "evaluateEveryUpdates=20", "thetaAverageDecay=0.9"), o =>
                o with { HeartbeatInterval = TimeSpan.FromSeconds(1), LostWorkerGrace = TimeSpan.FromSeconds(3) });
        await using var visitor = await chromium.VisitAsync(coordinator.Web);
        await visitor.SeesAsync("#notices", "No worker is connected");
        using var worker = LoptProcess.Start("worker", "--coordinator", coordinator.Address, "--slots", "1");

        await visitor.UntilAsync("() => Number(document.getElementById('update').textContent.replace(',', '')) > 5");
        int seen = await visitor.EvaluateAsync<int>("Number(document.getElementById('update').textContent.replace(',', ''))");
        await visitor.UntilAsync(Drawn);
        await visitor.UntilAsync($"() => Number(document.getElementById('update').textContent.replace(',', '')) > {seen}");
        await visitor.SeesAsync("#notices", "nothing needs attention");
        await visitor.SeesAsync("#worker-rows tr", "unrolling");
        await visitor.UntilAsync(
            "() => /held-out \\d.*Adam held-out \\d.*average of θ, held-out \\d/"
                + ".test(document.querySelector('#chart-evaluation .legend').textContent)");

        await worker.KillAsync();

        await visitor.SeesAsync("#worker-rows tr[data-state=lost]", "lost");
        await visitor.SeesAsync("#notices", "the connection broke without a goodbye");
        // After the grace it is gone from the table, not from memory.
        await visitor.SeesAsync("#worker-none", "No worker is connected");
        await visitor.SeesAsync("#notices", "did not come back");
        visitor.AssertClean();
        Assert.InRange(await visitor.EvaluateAsync<double>("window.shift"), 0, 0.1);
    }

    [Fact]
    public async Task Page_Comparison_ShowsTasksAndTrainingsAndNothingOfATraining()
    {
        var run = ComparisonOptions.SpecificationOf(SmallRun.Specification with { ComparisonTasks = 3 });
        await using var coordinator = await Watched.StartAsync(_folder, run);
        await using var visitor = await chromium.VisitAsync(coordinator.Web);
        await visitor.SeesAsync("#notices", "No worker is connected: the comparison waits.");
        await visitor.SeesAsync(".count", "0 of 3 tasks");
        using var worker = LoptProcess.Start("worker", "--coordinator", coordinator.Address, "--slots", "1");

        await visitor.SeesAsync("#notices", "The comparison is complete, on 3 tasks.");
        await visitor.SeesAsync(".count", "3 of 3 tasks");
        await Assertions.Expect(visitor["#tile-trainings"]).ToHaveTextAsync("3");
        await Assertions.Expect(visitor["#left"]).ToHaveTextAsync("0:00");
        foreach (string training in (string[])["#chart-loss", "#chart-evaluation", "#tile-test", "#tile-k", "#tile-best"])
            await Assertions.Expect(visitor[training]).ToBeHiddenAsync();
        visitor.AssertClean();

        await coordinator.StopAsync();
        await visitor.SeesAsync("#notices", "The run is finished, and its coordinator has stopped");
    }

    [Fact]
    public async Task Page_Mixture_ShowsTheHeldOutLossOfEachKind()
    {
        var run = SpecificationKeys.Set(
            SmallRun.Specification with { EvaluateEveryUpdates = 1, EvaluationTasks = 12, OuterUpdates = 2 },
            "tasks=[{ name = \"small\", hiddenUnits = [4] }, { hiddenUnits = [16], innerSteps = 30 }]");
        await using var coordinator = await Watched.StartAsync(_folder, run);
        await using var visitor = await chromium.VisitAsync(coordinator.Web);
        await Assertions.Expect(visitor["#chart-kinds h2"]).ToHaveTextAsync("Held-out loss by kind of task");
        await visitor.SeesAsync("#chart-evaluation figcaption", "over 20 to 30 inner-steps");
        await visitor.SeesAsync("#tile-k-sub", "of T = 20 to 30 inner-steps");
        await Assertions.Expect(visitor["#specification .task"]).ToHaveTextAsync(
            ["tasks: smallhiddenUnits 4", "tasks: task 2hiddenUnits 16 · innerSteps 30"]);
        using var worker = LoptProcess.Start("worker", "--coordinator", coordinator.Address, "--slots", "1");

        await visitor.SeesAsync("#state", "Finished");
        await visitor.UntilAsync(
            "() => /small \\d.*task 2 \\d.*Adam, small \\d.*Adam, task 2 \\d/"
                + ".test(document.querySelector('#chart-kinds .legend').textContent)");
        visitor.AssertClean();
    }

    [Fact]
    public async Task Page_AdaptiveShare_ShowsForHowManySamplesRpIsComputed()
    {
        await using var coordinator = await Watched.StartAsync(
            _folder, SmallRun.Specification with { BatchSamples = 32, RpShare = RpSharePolicy.Adaptive });
        await using var visitor = await chromium.VisitAsync(coordinator.Web);
        await using var worker = await ScriptedWorker.JoinAsync(coordinator);
        await Watched.TrainAsync(worker, await worker.ProblemsAsync(32), updates: 2);

        await visitor.SeesAsync("#tile-es-sub", "g_rp of 100 %");
        await visitor.UntilAsync("() => /share with g_rp, smoothed 1/.test(document.querySelector('#chart-variance .legend').textContent)");
        visitor.AssertClean();
    }

    [Fact]
    public async Task Page_TokensConfigured_ShowsNothingUntilOneThatMayReadIsGiven()
    {
        await using var coordinator = await Watched.StartWithTokensAsync(_folder);
        await using var visitor = await chromium.VisitAsync(coordinator.Web);

        await Assertions.Expect(visitor["#sign-in-form"]).ToBeVisibleAsync();
        await Assertions.Expect(visitor["main"]).ToBeHiddenAsync();
        await Assertions.Expect(visitor["#preset"]).ToHaveTextAsync("LoptCluster");
        await SignInAsync("wrong");
        await visitor.SeesAsync("#sign-in-error", "does not know this token");
        await SignInAsync(Watched.WorkerToken);
        await visitor.SeesAsync("#sign-in-error", "may not read the run");
        await SignInAsync(Watched.ReaderToken);
        await visitor.SeesAsync("#preset", "small");
        await Assertions.Expect(visitor["#sign-in-form"]).ToBeHiddenAsync();
        await Assertions.Expect(visitor["#operator"]).ToBeHiddenAsync();
        Assert.Equal(Watched.ReaderToken, await visitor.EvaluateAsync<string>("sessionStorage.getItem('lopt-token')"));
        Assert.Equal(0, await visitor.EvaluateAsync<int>("localStorage.length + document.cookie.length"));
        // The browser itself reports answers 401 and 403.
        visitor.AssertClean("401", "403");

        await visitor["#sign-out"].ClickAsync();
        await Assertions.Expect(visitor["#sign-in-form"]).ToBeVisibleAsync();
        Assert.Null(await visitor.EvaluateAsync<string?>("sessionStorage.getItem('lopt-token')"));

        async Task SignInAsync(string token)
        {
            await visitor["#token"].FillAsync(token);
            await visitor["#sign-in-form button"].ClickAsync();
        }
    }

    [Fact]
    public async Task Page_Operator_PausesResumesAndDrains()
    {
        await using var coordinator = await Watched.StartWithTokensAsync(_folder);
        var stopping = coordinator.Stopping;
        await using var worker = await ScriptedWorker.JoinAsync(coordinator, token: Watched.WorkerToken);
        await using var visitor = await chromium.VisitAsync(coordinator.Web);
        await visitor["#token"].FillAsync(Watched.OperatorToken);
        await visitor["#token"].PressAsync("Enter");

        await visitor["#pause"].ClickAsync();
        await visitor.SeesAsync("#state", "Paused");
        Assert.True((await worker.ExpectAsync(m => m.SetPaused)).Paused);
        await visitor["#pause"].GetByText("Resume").ClickAsync();
        await visitor.SeesAsync("#state", "Running");
        Assert.False((await worker.ExpectAsync(m => m.SetPaused)).Paused);

        await visitor["#drain"].ClickAsync();
        await visitor["#drain-cancel"].ClickAsync();
        await Assertions.Expect(visitor["#drain-dialog"]).ToBeHiddenAsync();
        Assert.False(stopping.IsCompleted);
        await visitor["#drain"].ClickAsync();
        await visitor["#drain-confirm"].ClickAsync();
        await visitor.SeesAsync("#state", "Draining");
        await worker.ExpectAsync(m => m.Drain);
        await worker.SayGoodbyeAsync();
        await stopping.WaitAsync(ScriptedWorker.Patience);
        await coordinator.StopAsync();
        await visitor.SeesAsync("#notices", "was drained and has stopped");
    }

    [Fact]
    public async Task Page_CoordinatorGoneAndBack_SaysSoAndGoesOn()
    {
        using var coordinator = LoptProcess.Start(
            "coordinator", "--preset", "quickstart", "--run", _folder.Path, "--listen", "127.0.0.1:0", "--web", "127.0.0.1:0");
        var page = await coordinator.UrlAsync("page on ");
        await using var visitor = await chromium.VisitAsync(page.AbsoluteUri);
        await visitor.SeesAsync("#connection", "live");

        await coordinator.KillAsync();
        await visitor.SeesAsync("#notices", "The connection to the coordinator is lost");
        await visitor.SeesAsync("#notices", "Trying again in");
        await visitor.SeesAsync("#connection", "not connected");

        await using var again = await Watched.StartAsync(
            _folder, with: o => o with { Specification = null, Web = page.Authority });
        await visitor.SeesAsync("#connection", "live");
        await visitor.SeesAsync("#notices", "No worker is connected");
    }

    [Fact]
    public async Task Page_Theta_DownloadsTheBytesOfTheVersion()
    {
        await using var coordinator = await Watched.StartAsync(_folder);
        await using var worker = await ScriptedWorker.JoinAsync(coordinator);
        await Watched.TrainAsync(worker, await worker.ProblemsAsync(SmallRun.Batch), updates: 3);
        await using var visitor = await chromium.VisitAsync(coordinator.Web);

        byte[] newest = await visitor.DownloadAsync(visitor["#theta-rows tr[data-version='3'] button"].First);
        await visitor["#theta-version"].FillAsync("1");
        byte[] first = await visitor.DownloadAsync(visitor["#theta-form button"]);
        await visitor["#theta-version"].FillAsync("99");
        await visitor["#theta-form button"].ClickAsync();

        await visitor.SeesAsync("#theta-error", "There is no θ version '99'; this run has 0 to 3");
        Assert.Equal(await FileAsync(3), newest);
        Assert.Equal(await FileAsync(1), first);

        async Task<byte[]> FileAsync(long version)
        {
            var response = await coordinator.Theta.GetThetaAsync(new GetThetaRequest { Version = version });
            ThetaSnapshot theta = ThetaWire.SnapshotFromProto(response.Theta);
            return ThetaFile.ToBytes(ThetaFileContent.Of(theta, SmallRun.Specification, response.RunId));
        }
    }

    [Fact]
    public async Task Page_Theta_ShowsItsPartsByName()
    {
        await using var coordinator = await Watched.StartAsync(_folder, SmallRun.Specification with { Optimizer = OptimizerKind.Adam });
        await using var visitor = await chromium.VisitAsync(coordinator.Web);

        await visitor.SeesAsync("#theta-parts [data-part='beta1']", "0.900");
        await visitor.SeesAsync("#theta-parts [data-part='epsilon']", "1.0e−8");
    }

    [Fact]
    public async Task Page_Search_ShowsTheValuesOfTheBestConfigurationAndThoseOfTheNewestApart()
    {
        var run = SmallRun.Specification with
        {
            Mode = RunMode.Search,
            Optimizer = OptimizerKind.Adam,
            Estimator = Estimator.Es,
            OuterUpdates = 7,
            EvaluateEveryUpdates = 1,
        };
        await using var coordinator = await Watched.StartAsync(_folder, run);
        await using var visitor = await chromium.VisitAsync(coordinator.Web);
        await visitor.SeesAsync("#best-title", "No configuration is evaluated yet");
        await visitor.SeesAsync("#newest-title", "Nothing is drawn yet");
        using var worker = LoptProcess.Start("worker", "--coordinator", coordinator.Address, "--slots", "1");
        await visitor.SeesAsync("#state", "Finished");

        var status = await coordinator.Operations.GetStatusAsync(new GetStatusRequest());
        Assert.InRange(status.BestVersion, 1, 6);
        await Assertions.Expect(visitor["#best-title"]).ToHaveTextAsync($"Best so far: no. {status.BestVersion}");
        await visitor.SeesAsync("#best-sub", string.Create(CultureInfo.InvariantCulture, $"Loss {status.EvaluationOuterTrain:0.000} on "));
        await Assertions.Expect(visitor["#newest-title"]).ToHaveTextAsync("Newest draw: no. 7");
        var (best, newest) = (await RateAsync("#theta-parts"), await RateAsync("#newest-parts"));
        Assert.Equal(status.Figures["hyper_learning_rate"], best, 0.03 * best);
        Assert.NotEqual(best, newest);
        Assert.Equal(await RateOfAsync(status.BestVersion), best, 0.03 * best);
        Assert.Equal(await RateOfAsync(7), newest, 0.03 * newest);
        visitor.AssertClean();

        async Task<double> RateAsync(string list) => double.Parse(
            (await visitor[$"{list} [data-part='learningRate'] dd"].TextContentAsync())!.Replace('−', '-'), CultureInfo.InvariantCulture);

        async Task<double> RateOfAsync(long version)
        {
            var response = await coordinator.Theta.GetThetaAsync(new GetThetaRequest { Version = version });
            return OptimizerFamilies.Adam.Theta.Values(ThetaWire.SnapshotFromProto(response.Theta).Values.Span)[0];
        }
    }

    [Fact]
    public async Task Page_Refusal_IsListedAsTextWhateverTheWorkerCallsItself()
    {
        await using var coordinator = await Watched.StartAsync(_folder);
        await using var visitor = await chromium.VisitAsync(coordinator.Web);
        await using var worker = await ScriptedWorker.HelloAsync(
            coordinator, h => (h.WorkerId, h.EngineVersion) = ("<img src=x onerror=alert(1)>", "0.0"));

        await visitor.SeesAsync("#refusal-rows li", "wrong engine version");
        await visitor.SeesAsync("#refusal-rows li", "<img src=x onerror=alert(1)>");
        await visitor.SeesAsync("#notices", "1 message refused");
        await visitor.SeesAsync("#tile-refused", "1");
        visitor.AssertClean();
    }

    [Fact]
    public async Task Page_Workers_AreSearchedAndPaged()
    {
        await using var coordinator = await Watched.StartAsync(_folder);
        var workers = new List<ScriptedWorker>();
        for (int i = 0; i < 15; i++)
            workers.Add(await ScriptedWorker.JoinAsync(coordinator, h => (h.WorkerId, h.Host) = ($"worker-{i:00}", $"host-{i % 2}")));
        await using var visitor = await chromium.VisitAsync(coordinator.Web);

        await visitor.SeesAsync("#worker-pager", "1–12 of 15");
        await visitor["#worker-pager button >> nth=1"].ClickAsync();
        await visitor.SeesAsync("#worker-rows tr >> nth=2", "worker-14");
        await visitor["#worker-search"].FillAsync("host-1");
        await visitor.SeesAsync("#worker-rows tr >> nth=6", "worker-13");
        await Assertions.Expect(visitor["#worker-rows tr"]).ToHaveCountAsync(7);
        await visitor["th[data-sort=worker] button"].ClickAsync();
        await visitor["th[data-sort=worker] button"].ClickAsync();
        await visitor.SeesAsync("#worker-rows tr >> nth=0", "worker-13");
        await Assertions.Expect(visitor["th[data-sort=worker]"]).ToHaveAttributeAsync("aria-sort", "descending");
        foreach (var worker in workers) await worker.DisposeAsync();
    }

    [Theory]
    [InlineData(390, ColorScheme.Dark)]
    [InlineData(1920, ColorScheme.Light)]
    public async Task Page_AnyWidthAndColours_FitsAndIsAccessible(int width, ColorScheme scheme)
    {
        await using var coordinator = await Watched.StartAsync(_folder, SmallRun.Specification with { InnerSteps = 1000 });
        await using var worker = await ScriptedWorker.JoinAsync(
            coordinator, h => (h.WorkerId, h.Host) = (new string('w', 150), "a-very-long-host-name-of-a-pod-in-a-cluster-7c9d8f6b5-abcde"));
        await Watched.TrainAsync(worker, await worker.ProblemsAsync(SmallRun.Batch), updates: 5);
        await using var refused = await ScriptedWorker.HelloAsync(coordinator, h => h.EngineVersion = new string('9', 200));
        await using var visitor = await chromium.VisitAsync(coordinator.Web, width, 844, scheme);

        await visitor.UntilAsync(Drawn);
        await visitor[".specification summary"].ClickAsync();
        await visitor[".more-charts summary"].ClickAsync();
        await visitor.UntilAsync("() => document.querySelectorAll('#more-charts .plot canvas').length > 5");
        foreach (int other in (int[])[390, 1280, 1920, width])
        {
            await visitor.Page.SetViewportSizeAsync(other, 844);
            // The plots follow a little later.
            await visitor.UntilAsync($"() => innerWidth === {other} && document.documentElement.scrollWidth === {other}");
        }

        var faults = (await visitor.Page.RunAxe()).Violations;
        Assert.True(faults.Length == 0, string.Join('\n', faults.SelectMany(f => f.Nodes.Select(n => $"{f.Id}: {f.Help}: {n.Html}"))));
        Assert.Equal(scheme == ColorScheme.Dark ? "rgb(13, 17, 23)" : "rgb(244, 245, 248)", await GroundAsync());

        // As the system, light, dark.
        await visitor["#theme"].ClickAsync();
        Assert.Equal("rgb(244, 245, 248)", await GroundAsync());
        await visitor["#theme"].ClickAsync();
        Assert.Equal("rgb(13, 17, 23)", await GroundAsync());
        await visitor.Page.ReloadAsync();
        Assert.Equal("rgb(13, 17, 23)", await GroundAsync());
        visitor.AssertClean();

        Task<string> GroundAsync() => visitor.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
    }

    [Fact]
    public async Task Page_LateVisitorOfALongRun_SeesAllOfIt()
    {
        await using var coordinator = await Watched.StartAsync(
            _folder, SmallRun.Specification with { OuterUpdates = 40, InnerSteps = 1000 });
        await using var worker = await ScriptedWorker.JoinAsync(coordinator);
        await Watched.TrainAsync(worker, await worker.ProblemsAsync(SmallRun.Batch), updates: 40);
        await using var visitor = await chromium.VisitAsync(coordinator.Web);

        await visitor.SeesAsync("#state", "Finished");
        await visitor.SeesAsync("#notices", "The run is finished");
        await visitor.SeesAsync("#update", "40");
        await Assertions.Expect(visitor["#chart-kinds"]).ToBeHiddenAsync();
        await visitor["#chart-k .plot"].HoverAsync(new() { Position = new() { X = 240, Y = 100 } });
        await visitor.SeesAsync("#chart-k .legend-x", "at update");
        await visitor.SeesAsync("#chart-k .legend", "k 5");
        await visitor[".more-charts summary"].ClickAsync();
        await visitor.SeesAsync("#more-charts figure:has-text('Age of the samples') .legend", "value 0");
        visitor.AssertClean();
    }
}
