using LoptCluster.ClusterTestKit;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Protocol.V1;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Training;

/// <summary>A run in mode search: workers evaluate draws from the optimizer's space.</summary>
public sealed class SearchTests
{
    private const int Configurations = 5;

    private static readonly RunSpecification Specification = SmallRun.Specification with
    {
        Mode = RunMode.Search,
        Optimizer = OptimizerKind.AdamRegDecay,
        Estimator = Estimator.Es,
        OuterUpdates = Configurations,
        EvaluateEveryUpdates = 1,
        EvaluationTasks = 2,
    };

    /// <summary>Loss of a configuration on outer-train tasks; the third is the best.</summary>
    private static readonly double[] Losses = [double.NaN, 4, 3, 1, 2, 5];

    [Fact]
    public async Task Search_EvaluatesEachDrawAndKeepsTheBest()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(folder, Specification);
        await using var worker = await ScriptedWorker.JoinAsync(coordinator);

        var asked = await AnswerAsync(worker);

        Assert.Equal([1, 2, 3, 4, 5], Versions(asked, EvaluationSplit.OuterTrain));
        Assert.Equal([1, 2, 3], Versions(asked, EvaluationSplit.OuterTest));
        var space = OptimizerFactory.SearchSpace(Specification);
        Assert.All(
            asked.Where(e => !e.Baseline),
            e => Assert.Equal(space.Draw(Specification.Seed, e.Theta.Version), ThetaWire.SnapshotFromProto(e.Theta).Values.ToArray()));
        var status = await coordinator.StatusAsync(s => s.State == RunState.Finished);
        Assert.Equal((3, 1.0, 2.0), (status.BestVersion, status.EvaluationOuterTrain, status.EvaluationOuterTest));
        var best = OptimizerFamilies.AdamRegDecay.Theta.Values(space.Draw(Specification.Seed, 3));
        Assert.Equal(best[0], status.Figures["hyper_learning_rate"], 1e-6 * best[0]);
        Assert.Equal(3, (await coordinator.Theta.GetThetaAsync(new GetThetaRequest { Best = true })).Theta.Version);
    }

    [Fact]
    public async Task Search_DrawsNoMoreThanTwoConfigurationsForEachSlot()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(folder, Specification with { OuterUpdates = 100 });
        await using var worker = await ScriptedWorker.JoinAsync(coordinator);

        // Those of tuned Adam, and two more: of two draws on outer-train tasks, or both of the first.
        var asked = await AnswerAsync(worker, 4);

        long newest = Versions(asked, EvaluationSplit.OuterTrain).Last();
        int complete = Versions(asked, EvaluationSplit.OuterTest).Count();
        var status = await coordinator.StatusAsync(s => s.EvaluationOuterTrain == Losses[newest] && s.OuterUpdate >= complete + 2);
        // Each draw, being the best so far, waits for its evaluation on held-out tasks, and two are drawn.
        Assert.Equal(complete + 2, status.OuterUpdate);
        Assert.False(worker.Has(m => m.Assignment?.Problem is not null));
    }

    [Fact]
    public async Task Restart_WithDrawsThatWereNotEvaluated_AsksForThem()
    {
        using var folder = new TemporaryFolder();
        await using (var first = await RunningCoordinator.StartAsync(folder, Specification))
        {
            await using var worker = await ScriptedWorker.JoinAsync(first);
            await AnswerAsync(worker, 4);
            await worker.ExpectAsync(m => m.Assignment?.Evaluation);
            await worker.SayGoodbyeAsync();
        }

        await using var again = await RunningCoordinator.StartAsync(folder);
        await using var other = await ScriptedWorker.JoinAsync(again);
        await AnswerAsync(other);
        var history = (await again.Operations.GetHistoryAsync(new GetHistoryRequest())).Rows;
        Assert.Equal(Losses[1..], history.Select(r => r.EvaluationOuterTrain));
    }

    [Theory]
    [InlineData(OptimizerKind.Mlp16, 1, "optimizer 'mlp16' must be one with hyper-parameters")]
    [InlineData(OptimizerKind.Adam, 0, "evaluateEveryUpdates '0' must be positive if mode is 'search'")]
    public void Specification_ThatCannotBeSearched_IsRefused(OptimizerKind optimizer, int every, string message)
    {
        var error = Assert.ThrowsAny<UserErrorException>(() => SpecificationKeys.Set(
            new RunSpecification(), ["mode=search", $"optimizer={SpecificationWord.Of(optimizer)}", $"evaluateEveryUpdates={every}"]));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<long> Versions(IEnumerable<Protocol.V1.Evaluation> asked, EvaluationSplit split) =>
        asked.Where(e => !e.Baseline && e.Split == split).Select(e => e.Theta.Version).Order();

    /// <summary>Answers the next evaluations, at most so many, until the run is over: on held-out tasks twice the loss.</summary>
    private static async Task<List<Protocol.V1.Evaluation>> AnswerAsync(ScriptedWorker worker, int most = int.MaxValue)
    {
        var asked = new List<Protocol.V1.Evaluation>();
        while (asked.Count < most)
        {
            var message = await worker.ExpectAsync(m => m.Drain is not null || m.Assignment?.Evaluation is not null ? m : null);
            if (message.Assignment?.Evaluation is not { } evaluation) break;
            asked.Add(evaluation);
            int factor = evaluation.Split == EvaluationSplit.OuterTest ? 2 : 1;
            double loss = evaluation.Baseline ? 6 : factor * Losses[evaluation.Theta.Version];
            await worker.SendAsync(new WorkerMessage
            {
                Evaluation = new EvaluationResult
                {
                    EvaluationId = evaluation.EvaluationId,
                    MeanLoss = { Enumerable.Repeat(loss, evaluation.Tasks) },
                    FinalLoss = { Enumerable.Repeat(loss, evaluation.Tasks) },
                    Seconds = 1,
                },
            });
        }

        return asked;
    }
}
