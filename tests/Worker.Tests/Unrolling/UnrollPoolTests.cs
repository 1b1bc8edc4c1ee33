using System.Threading.Channels;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Shared;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using LoptCluster.Worker.Assignments;
using LoptCluster.Worker.Reports;
using LoptCluster.Worker.Telemetry;
using LoptCluster.Worker.Unrolling;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace LoptCluster.Worker.Tests.Unrolling;

public sealed class UnrollPoolTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ServiceProvider _services =
        new ServiceCollection().AddMetrics().AddSingleton<WorkerMetrics>().AddSingleton<UnrollTraces>().BuildServiceProvider();

    private readonly Channel<OutboundMessage> _connection = Channel.CreateUnbounded<OutboundMessage>();

    [Fact]
    public async Task Join_ProblemAssigned_SendsFingerprintsBeforeTheFirstSample()
    {
        using var pool = CreateSut();
        pool.Connect(_connection.Writer);
        Assert.IsType<OutboundMessage.StatusDue>(await NextAsync());
        pool.Join(Run(SmallRun.Specification), SmallRun.Theta(0));
        pool.Assign(FromStart(7));
        Assert.IsType<OutboundMessage.StatusDue>(await NextAsync());
        Assert.Equal(SmallRun.Dataset.Fingerprint, pool.Status.Fingerprints.Dataset);
        Assert.Equal(7, (await SampleAsync()).Sample.Identity.ProblemId);
    }

    [Fact]
    public async Task Join_DatasetMissing_FailsWithTheUsersError()
    {
        using var pool = CreateSut(slots: 2);
        pool.Join(Run(SmallRun.Specification with { Dataset = DatasetKind.Files }), SmallRun.Theta(0));
        Assert.IsType<UserErrorException>(await pool.Failed.WaitAsync(Patience));
    }

    [Fact]
    public async Task Join_AgainWhilePaused_Resumes()
    {
        using var pool = CreateSut();
        pool.Join(Run(SmallRun.Long), SmallRun.Theta(0));
        pool.Connect(_connection.Writer);
        await FillAsync(pool);
        pool.SetPaused(true);
        pool.Join(Run(SmallRun.Long), SmallRun.Theta(0));
        pool.Acknowledge(new Acknowledgement(new(0, 0), "Accepted", Superseded: false));
        Assert.Equal(5, (await SampleAsync()).Sample.Identity.Truncation);
    }

    [Fact]
    public async Task FlushAsync_ReturnsWithTheLastAcknowledgement()
    {
        using var pool = CreateSut();
        pool.Join(Run(SmallRun.Specification), SmallRun.Theta(0));
        pool.Connect(_connection.Writer);
        pool.Assign(FromStart(0));
        for (int i = 0; i < SmallRun.Truncations; i++) await SampleAsync();
        var flushed = pool.FlushAsync(Patience, new TaskCompletionSource().Task);
        for (int i = 0; i < SmallRun.Truncations; i++)
        {
            Assert.False(flushed.IsCompleted);
            pool.Acknowledge(new Acknowledgement(new(0, i), "Accepted", Superseded: false));
        }

        await flushed.WaitAsync(Patience);
    }

    [Fact]
    public async Task FlushAsync_ConnectionEnded_DoesNotWait()
    {
        using var pool = CreateSut();
        pool.Join(Run(SmallRun.Long), SmallRun.Theta(0));
        pool.Connect(_connection.Writer);
        await FillAsync(pool);
        await pool.FlushAsync(TimeSpan.FromHours(1), Task.CompletedTask).WaitAsync(Patience);
    }

    [Fact]
    public async Task CloseAsync_HandsBackWhereTheLastSampleLeftTheProblem()
    {
        using var pool = CreateSut();
        pool.Join(Run(SmallRun.Long), SmallRun.Theta(0));
        pool.Connect(_connection.Writer);
        await FillAsync(pool);
        await pool.CloseAsync(Patience);
        var state = Assert.Single(pool.HandBack()).State;
        var expected = EngineSamples.Compute(SmallRun.Long, 0, 0, 0, 0, 0, 0).State;
        Assert.Equal((0, 5, 5 * SmallRun.Steps), (state.ProblemId, state.NextTruncation, state.InnerStep));
        Assert.Equal(expected.Particles[0].W, state.Particles[0].W);
        Assert.Equal(expected.Particles[0].M, state.Particles[0].M);
    }

    public void Dispose() => _services.Dispose();

    private static JoinedRun Run(RunSpecification specification) => new("run", specification, "hash");

    private static ProblemAssignment FromStart(long id) => new(id, StateOrigin.FromStart.Instance, 0);

    private UnrollPool CreateSut(int slots = 1) => new(
        new PoolOptions(slots, null, InnerProblemFactory.BuiltIn),
        _services.GetRequiredService<WorkerMetrics>(),
        _services.GetRequiredService<UnrollTraces>(),
        TimeProvider.System,
        NullLogger<UnrollPool>.Instance);

    /// <summary>Unrolls problem 0 until back-pressure stops the one slot: five samples wait for an acknowledgement.</summary>
    private async Task FillAsync(UnrollPool pool)
    {
        pool.Assign(FromStart(0));
        for (int i = 0; i < 5; i++) await SampleAsync();
    }

    private async Task<OutboundMessage> NextAsync() => await _connection.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    private async Task<OutboundMessage.Measured> SampleAsync()
    {
        while (true)
        {
            if (await NextAsync() is OutboundMessage.Measured measured) return measured;
        }
    }
}
