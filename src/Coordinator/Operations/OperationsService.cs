using Grpc.Core;
using LoptCluster.Coordinator.Hosts;
using LoptCluster.Coordinator.Reporting;
using LoptCluster.Coordinator.Security;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Coordinator.Store;
using LoptCluster.Protocol.V1;
using Microsoft.AspNetCore.Authorization;
using Status = LoptCluster.Protocol.V1.Status;

namespace LoptCluster.Coordinator.Operations;

/// <summary>Status and history for readers; pause, resume, drain for operators.</summary>
internal sealed class OperationsService(RunHosts runs, TimeProvider time) : Protocol.V1.Operations.OperationsBase
{
    private const int DefaultIntervalMilliseconds = 1000;

    private const string StoppedUnfinished =
        "it has stopped before the run was finished; started again with the same run folder, it continues";

    [Authorize(Policy = Roles.Reader)]
    public override Task<Status> GetStatus(GetStatusRequest request, ServerCallContext context) =>
        Task.FromResult(runs.Of(context).Get<StatusBoard>().Current);

    [Authorize(Policy = Roles.Reader)]
    public override async Task WatchStatus(
        WatchStatusRequest request, IServerStreamWriter<Status> responseStream, ServerCallContext context)
    {
        int milliseconds = request.IntervalMilliseconds > 0
            ? Math.Clamp(request.IntervalMilliseconds, 50, 3_600_000)
            : DefaultIntervalMilliseconds;
        var host = runs.Of(context);
        var serving = host.Get<ServingLifetime>();
        using var sending = serving.Sending(context.CancellationToken);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(milliseconds), time);
        while (true)
        {
            bool isLast = serving.IsOver;
            var status = host.Get<StatusBoard>().Current;
            await responseStream.WriteAsync(status, sending.Token);
            if (status.State == RunState.Finished) return;
            if (isLast) throw new RpcException(new Grpc.Core.Status(StatusCode.Unavailable, StoppedUnfinished));
            await serving.WaitAsync(timer, context.CancellationToken);
        }
    }

    [Authorize(Policy = Roles.Operator)]
    public override Task<Status> Pause(PauseRequest request, ServerCallContext context) => AskAsync(new PauseRequested(true), context);

    [Authorize(Policy = Roles.Operator)]
    public override Task<Status> Resume(ResumeRequest request, ServerCallContext context) => AskAsync(new PauseRequested(false), context);

    [Authorize(Policy = Roles.Operator)]
    public override Task<Status> Drain(DrainRequest request, ServerCallContext context) =>
        AskAsync(new DrainRequested(request.Reason.Length > 0 ? request.Reason : "an operator asked for it", StopProcess: true), context);

    [Authorize(Policy = Roles.Reader)]
    public override Task<History> GetHistory(GetHistoryRequest request, ServerCallContext context) =>
        Task.FromResult(HistoryComposer.Compose(runs.Of(context).Get<RunReader>(), request.FromUpdate));

    [Authorize(Policy = Roles.Reader)]
    public override Task<Quarantine> GetQuarantine(GetQuarantineRequest request, ServerCallContext context) =>
        Task.FromResult(runs.Of(context).Get<QuarantineComposer>().Compose());

    [Authorize(Policy = Roles.Operator)]
    public override async Task<Quarantine> LiftQuarantine(LiftQuarantineRequest request, ServerCallContext context)
    {
        var lift = new LiftRequested(request.WorkerId);
        await AskAsync(lift, context);
        if (lift.Found) return runs.Of(context).Get<QuarantineComposer>().Compose();
        throw new RpcException(new Grpc.Core.Status(
            StatusCode.NotFound,
            $"Worker id '{PeerText.Of(request.WorkerId, 200)}' is not in quarantine. 'lopt quarantine' lists those that are."));
    }

    private async Task<Status> AskAsync(Command e, ServerCallContext context)
    {
        var host = runs.Of(context);
        await host.Get<RunQueue>().Writer.WriteAsync(e, context.CancellationToken);
        await e.Done.Task.WaitAsync(context.CancellationToken);
        return host.Get<StatusBoard>().Current;
    }
}
