using LoptCluster.ClusterTestKit;
using LoptCluster.Protocol.V1;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Assignments;

public sealed class EvaluationTests
{
    [Fact]
    public async Task Start_BothSplitsOfBaselineAndTheta_AreAskedForAndShown()
    {
        using var folder = new TemporaryFolder();
        await using (var coordinator = await RunningCoordinator.StartAsync(folder,
            SmallRun.Specification with { EvaluateEveryUpdates = 1, EvaluationTasks = 2 }))
        {
            await using var worker = await ScriptedWorker.JoinAsync(coordinator);
            var asked = await AnswerAsync(worker, 4, e => (e.Baseline ? 10 : 1) + (int)e.Split);
            Assert.Equal(2, asked.Count(e => e.Baseline && e.Theta is null));
            Assert.All(asked, e => Assert.Equal(2, e.Tasks));
            Assert.All(asked.Where(e => !e.Baseline), e => Assert.Equal(worker.Welcome.Theta, e.Theta));

            var status = await coordinator.StatusAsync(
                s => s.BestVersion == 0 && !double.IsNaN(s.EvaluationOuterTest) && !double.IsNaN(s.BaselineOuterTest));
            Assert.Equal(
                (11, 12, 2, 3),
                (status.BaselineOuterTrain, status.BaselineOuterTest, status.EvaluationOuterTrain, status.EvaluationOuterTest));
            await worker.SayGoodbyeAsync();
        }

        // Done once: a restart does not ask again.
        await using var again = await RunningCoordinator.StartAsync(folder);
        await using var other = await ScriptedWorker.JoinAsync(again);
        await other.ProblemAsync();
        Assert.False(other.Has(m => m.Assignment?.Evaluation is not null));
        Assert.Equal(0, (await again.Theta.GetThetaAsync(new GetThetaRequest { Best = true })).Theta.Version);
    }

    [Fact]
    public async Task Best_IsTheLowestOnOuterTrainTasksNotTheNewest()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification with { EvaluateEveryUpdates = 1 });
        await using var worker = await ScriptedWorker.JoinAsync(coordinator);
        var problems = await worker.ProblemsAsync(SmallRun.Batch);
        await AnswerAsync(worker, 4, _ => 3);
        double[] outerTrain = [3, 1, 2];
        for (int version = 0; version < 2; version++)
        {
            foreach (var problem in problems) await worker.GiveAsync(problem.Next(version));
            // On outer-test it is the other way round, which must not matter.
            await AnswerAsync(
                worker, 2, e => e.Split == EvaluationSplit.OuterTrain ? outerTrain[e.Theta.Version] : 4 - outerTrain[e.Theta.Version]);
        }

        await coordinator.StatusAsync(s => s.BestVersion == 1 && s.EvaluationOuterTrain == 2);
        var best = await coordinator.Theta.GetThetaAsync(new GetThetaRequest { Best = true });
        Assert.Equal((1L, 1.0), (best.Theta.Version, best.BestOuterTrainLoss));
        var history = (await coordinator.Operations.GetHistoryAsync(new GetHistoryRequest())).Rows;
        Assert.Equal([1.0, 2.0], history.Select(r => r.EvaluationOuterTrain));
        Assert.Equal([3.0, 2.0], history.Select(r => r.EvaluationOuterTest));
    }

    [Fact]
    public async Task WorkerLeaves_ItsEvaluationsGoToAnother()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(
            folder, SmallRun.Specification with { EvaluateEveryUpdates = 10 });
        await using var first = await ScriptedWorker.JoinAsync(coordinator, h => h.WorkerId = "a");
        var asked = await AskedAsync(first, 4);
        await first.SayGoodbyeAsync();
        await using var second = await ScriptedWorker.JoinAsync(coordinator, h => h.WorkerId = "b");

        Assert.Equal(asked.Select(e => e.EvaluationId).Order(), (await AskedAsync(second, 4)).Select(e => e.EvaluationId).Order());
    }

    [Theory]
    [InlineData(double.NaN, 1, RejectReason.NotFinite)]
    [InlineData(1, 2, RejectReason.Malformed)]
    public async Task Result_Wrong_IsRefusedAndChangesNothing(double loss, int finals, RejectReason reason)
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(
            folder, SmallRun.Specification with { EvaluateEveryUpdates = 10 });
        await using var worker = await ScriptedWorker.JoinAsync(coordinator);
        var result = new EvaluationResult { EvaluationId = (await AskedAsync(worker, 1))[0].EvaluationId, MeanLoss = { loss } };
        for (int i = 0; i < finals; i++) result.FinalLoss.Add(1);

        await worker.SendAsync(new WorkerMessage { Evaluation = result });

        Assert.Equal((reason, false), (await worker.ExpectAsync(m => m.Reject)) is { } r ? (r.Reason, r.Fatal) : default);
        Assert.Equal(SampleOutcome.Accepted, await worker.GiveAsync((await worker.ProblemAsync()).Next(0)));
    }

    [Fact]
    public async Task LastTheta_IsEvaluatedBeforeTheRunIsFinished()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(
            folder, SmallRun.Specification with { EvaluateEveryUpdates = 100, OuterUpdates = 1 });
        await using var worker = await ScriptedWorker.JoinAsync(coordinator);
        await AnswerAsync(worker, 4, _ => 3);
        foreach (var problem in await worker.ProblemsAsync(SmallRun.Batch)) await worker.GiveAsync(problem.Next(0));
        var last = await AskedAsync(worker, 2);
        Assert.All(last, e => Assert.Equal(1, e.Theta.Version));
        Assert.True((await worker.ExpectAsync(m => m.SetPaused)).Paused);
        Assert.False(worker.Has(m => m.Drain is not null));

        foreach (var evaluation in last) await AnswerAsync(worker, evaluation, 1);

        await worker.ExpectAsync(m => m.Drain);
        Assert.Equal(1, (await coordinator.StatusAsync(s => s.State == RunState.Finished)).BestVersion);
    }

    private static async Task<List<Protocol.V1.Evaluation>> AskedAsync(ScriptedWorker worker, int count)
    {
        var asked = new List<Protocol.V1.Evaluation>();
        while (asked.Count < count) asked.Add(await worker.ExpectAsync(m => m.Assignment?.Evaluation));
        return asked;
    }

    private static async Task<List<Protocol.V1.Evaluation>> AnswerAsync(
        ScriptedWorker worker, int count, Func<Protocol.V1.Evaluation, double> loss)
    {
        var asked = await AskedAsync(worker, count);
        foreach (var evaluation in asked) await AnswerAsync(worker, evaluation, loss(evaluation));
        return asked;
    }

    private static Task AnswerAsync(ScriptedWorker worker, Protocol.V1.Evaluation evaluation, double loss) =>
        worker.SendAsync(new WorkerMessage
        {
            Evaluation = new EvaluationResult
            {
                EvaluationId = evaluation.EvaluationId,
                MeanLoss = { loss - 0.5, loss + 0.5 },
                FinalLoss = { loss, loss },
                Seconds = 1,
            },
        });
}
