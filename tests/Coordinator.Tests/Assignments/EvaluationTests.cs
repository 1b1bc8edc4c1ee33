using LoptCluster.ClusterTestKit;
using LoptCluster.Coordinator.Run;
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
            var asked = await AnswerAsync(worker, 4, e => (e.Baseline ? 5 : 1) + (int)e.Split);
            Assert.Equal(2, asked.Count(e => e.Baseline && e.Theta is null));
            Assert.All(asked, e => Assert.Equal(2, e.Tasks));
            Assert.All(asked.Where(e => !e.Baseline), e => Assert.Equal(worker.Welcome.Theta, e.Theta));

            var status = await coordinator.StatusAsync(
                s => s.BestVersion == 0 && !double.IsNaN(s.EvaluationOuterTest) && !double.IsNaN(s.BaselineOuterTest));
            Assert.Equal(
                (6, 7, 2, 3),
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
    public async Task Diverged_TrainingEndsWithTheBest_AndStaysEndedAfterARestart()
    {
        using var folder = new TemporaryFolder();
        var specification = SmallRun.Specification with { EvaluateEveryUpdates = 1, DivergenceFactor = 2, DivergenceEvaluations = 2 };
        await using (var coordinator = await RunningCoordinator.StartAsync(folder, specification))
        {
            await using var worker = await ScriptedWorker.JoinAsync(coordinator);
            var problems = await worker.ProblemsAsync(SmallRun.Batch);
            await AnswerAsync(worker, 4, _ => 1);
            for (int version = 0; version < 2; version++)
            {
                foreach (var problem in problems) await worker.GiveAsync(problem.Next(version));
                await AnswerAsync(worker, 2, _ => 2.5);
            }

            var status = await coordinator.StatusAsync(s => s.State == RunState.Finished);
            Assert.Equal((2, 0), (status.OuterUpdate, status.BestVersion));
            Assert.Equal(("diverged", NoticeSeverity.Problem), (status.Notices[0].Kind, status.Notices[0].Severity));
            Assert.StartsWith(
                "Training ended early, at version 2: it has diverged. The loss on outer-train tasks was more than 2 times the lowest in 2 "
                    + "evaluations in a row. The best θ is version 0.", status.Notices[0].Text, StringComparison.Ordinal);
            await worker.SayGoodbyeAsync();
        }

        Assert.True(RecordedRun.Find(folder.Path)!.IsTrained);
        await using var again = await RunningCoordinator.StartAsync(folder);
        await again.StatusAsync(s => s.State == RunState.Finished);
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
    [InlineData(double.NaN, 2, RejectReason.NotFinite, "has the loss NaN; all must be finite")]
    [InlineData(-1e308, 2, RejectReason.Malformed, "has the loss -1E+308; only a torch module may have one below 0")]
    [InlineData(10.001, 2, RejectReason.Malformed, "has the loss 10.001; the cap on the loss of an inner-step is 10")]
    [InlineData(1, 3, RejectReason.Malformed, "has 2 mean losses and 3 final ones; 2 of each were asked for")]
    public async Task Result_Wrong_IsRefusedAndGoesToAnotherWorker(double loss, int finals, RejectReason reason, string detail)
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(
            folder, SmallRun.Specification with { EvaluateEveryUpdates = 10, EvaluationTasks = 2 });
        await using var worker = await ScriptedWorker.JoinAsync(coordinator, h => h.WorkerId = "a");
        var asked = (await AskedAsync(worker, 4))[0];
        var result = new EvaluationResult { EvaluationId = asked.EvaluationId, MeanLoss = { 1, loss } };
        for (int i = 0; i < finals; i++) result.FinalLoss.Add(1);

        await worker.SendAsync(new WorkerMessage { Evaluation = result });

        var reject = await worker.ExpectAsync(m => m.Reject);
        Assert.Equal((reason, false), (reject.Reason, reject.Fatal));
        Assert.Equal($"evaluation {asked.EvaluationId} {detail}", reject.Detail);
        Assert.Equal(SampleOutcome.Accepted, await worker.GiveAsync((await worker.ProblemAsync()).Next(0)));
        await using var other = await ScriptedWorker.JoinAsync(coordinator, h => h.WorkerId = "b");
        Assert.Equal(asked.EvaluationId, (await AskedAsync(other, 1))[0].EvaluationId);
    }

    [Fact]
    public async Task Result_OfAWorkerThatWasNotAsked_IsRefusedAndChangesNothing()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(
            folder, SmallRun.Specification with { EvaluateEveryUpdates = 1, EvaluationTasks = 2 });
        await using var asked = await ScriptedWorker.JoinAsync(coordinator, h => h.WorkerId = "a");
        var evaluation = (await AskedAsync(asked, 4)).First(e => !e.Baseline && e.Split == EvaluationSplit.OuterTrain);
        await using var other = await ScriptedWorker.JoinAsync(coordinator, h => h.WorkerId = "b");

        await AnswerAsync(other, evaluation, 0);

        Assert.Equal(
            $"evaluation {evaluation.EvaluationId} is not assigned to this worker", (await other.ExpectAsync(m => m.Reject)).Detail);
        await AnswerAsync(asked, evaluation, 3);
        Assert.Equal(3, (await coordinator.StatusAsync(s => s.BestVersion == 0)).EvaluationOuterTrain);
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

    private static Task AnswerAsync(ScriptedWorker worker, Protocol.V1.Evaluation evaluation, double loss)
    {
        var result = new EvaluationResult { EvaluationId = evaluation.EvaluationId, Seconds = 1 };
        for (int task = 0; task < evaluation.Tasks; task++)
        {
            // Of mean `loss`.
            bool last = task == evaluation.Tasks - 1 && evaluation.Tasks % 2 == 1;
            result.MeanLoss.Add(last ? loss : loss + (task % 2 == 0 ? 0.5 : -0.5));
            result.FinalLoss.Add(loss);
        }

        return worker.SendAsync(new WorkerMessage { Evaluation = result });
    }
}
