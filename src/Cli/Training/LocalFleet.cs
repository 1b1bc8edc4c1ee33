using System.Diagnostics;
using LoptCluster.Cli.Fleet;
using LoptCluster.Cli.Processes;
using LoptCluster.Cli.Runs;
using LoptCluster.Hosting.Listeners;
using LoptCluster.Shared;

namespace LoptCluster.Cli.Training;

/// <summary>A coordinator and its workers as child processes on this machine's loopback.</summary>
/// <remarks>A coordinator that dies is restarted on the same port, so that the workers find it again.</remarks>
internal sealed class LocalFleet : IAsyncDisposable
{
    private const string Announcement = "listening on ";
    private const string PageAnnouncement = "page on ";
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(30);

    private readonly TrainRequest _request;
    private readonly RunFolder _folder;
    private readonly ChildKeeper _coordinator;
    private readonly List<ChildKeeper> _workers = [];
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Uri> _page = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeProvider _time;

    public LocalFleet(TrainRequest request, TimeProvider time)
    {
        _time = time;
        _request = request;
        _folder = request.Folder;
        Directory.CreateDirectory(_folder.Logs);
        _coordinator = new ChildKeeper("coordinator", StartOfCoordinator, _folder.Log("coordinator"), time, OnCoordinatorLine);
    }

    public IReadOnlyList<ChildKeeper> Workers => _workers;

    public ChildKeeper Coordinator => _coordinator;

    /// <summary>Message for a while after a child died; "" otherwise.</summary>
    public string Remark => _workers.Prepend(_coordinator).Select(child => child.Remark).FirstOrDefault(remark => remark != "") ?? "";

    /// <summary>Task that fails when a child has ended unexpectedly.</summary>
    public Task Broken => Task.WhenAny([_coordinator.Ended, .. _workers.Select(worker => worker.Ended)]).Unwrap();

    /// <summary>gRPC address of the coordinator, once it is listening.</summary>
    /// <exception cref="UserErrorException">The coordinator did not start; the message is its error line.</exception>
    public Task<Uri> AddressAsync(CancellationToken cancellation) => AnnouncedAsync(_address.Task, cancellation);

    /// <summary>Address of the live page; null if it is off.</summary>
    public async Task<Uri?> PageAsync(CancellationToken cancellation) =>
        _request.Web == ListenAddress.Off ? null : await AnnouncedAsync(_page.Task, cancellation);

    public void StartWorkers(Uri coordinator, int count, int slots, string? data)
    {
        for (int i = 1; i <= count; i++)
        {
            List<string> arguments = ["worker", "--child", "--coordinator", coordinator.AbsoluteUri, "--slots", $"{slots}"];
            if (data is not null) arguments.AddRange(["--data", data]);
            _workers.Add(new ChildKeeper(
                $"worker {i}", () => WithoutTokens(LoptExecutable.With(arguments)), _folder.Log($"worker-{i}"), _time));
        }
    }

    /// <summary>Stops restarting workers that exit.</summary>
    public void ExpectEnd()
    {
        foreach (var worker in _workers) worker.ExpectEnd();
    }

    /// <summary>Stops the workers, so that they hand back their states, then the coordinator.</summary>
    /// <remarks>Processes that do not stop in time are killed.</remarks>
    public async Task StopAsync()
    {
        foreach (var worker in _workers) worker.Stop();
        await EndAsync(_workers);
        _coordinator.Stop();
        await EndAsync([_coordinator]);
    }

    public void Kill()
    {
        foreach (var child in _workers.Append(_coordinator)) child.Kill();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
    }

    private async Task<Uri> AnnouncedAsync(Task<Uri> announced, CancellationToken cancellation)
    {
        var first = await Task.WhenAny(announced, _coordinator.Ended).WaitAsync(StartTimeout, _time, cancellation);
        await first;
        return await announced.WaitAsync(cancellation);
    }

    private async Task EndAsync(IReadOnlyCollection<ChildKeeper> children)
    {
        var ended = Task.WhenAll(children.Select(child => child.Ended));
        if (await Task.WhenAny(ended, Task.Delay(StopTimeout, _time)) != ended)
        {
            foreach (var child in children) child.Kill();
        }

        // The observer of Broken reports how a child failed.
        await ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Removes tokens from the environment: they belong to other coordinators, and on loopback none are needed.</summary>
    private static ProcessStartInfo WithoutTokens(ProcessStartInfo start)
    {
        foreach (string name in TokenSource.Variables) start.Environment.Remove(name);
        return start;
    }

    private ProcessStartInfo StartOfCoordinator()
    {
        string listen = _address.Task.IsCompletedSuccessfully ? _address.Task.Result.Authority : Defaults.AnyPort;
        string web = _page.Task.IsCompletedSuccessfully ? _page.Task.Result.Authority : _request.Web;
        List<string> arguments =
        [
            "coordinator", "--child", "--run", _folder.Path, "--preset", _folder.Specification, "--listen", listen, "--web", web,
        ];
        var launch = _request.Launch;
        if (launch.TensorBoard is not null) arguments.AddRange(["--tensorboard", launch.TensorBoard]);
        if (launch.From is not null) arguments.AddRange(["--from", launch.From]);
        if (_request.OuterUpdates is { } updates) arguments.AddRange(["--updates", $"{updates}"]);
        return WithoutTokens(LoptExecutable.With(arguments));
    }

    private void OnCoordinatorLine(string line)
    {
        if (line.StartsWith(Announcement, StringComparison.Ordinal))
            _address.TrySetResult(new Uri(line[Announcement.Length..].Trim()));
        else if (line.StartsWith(PageAnnouncement, StringComparison.Ordinal))
            _page.TrySetResult(new Uri(line[PageAnnouncement.Length..].Trim()));
    }
}
