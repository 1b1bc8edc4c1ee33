using LoptCluster.ClusterTestKit;
using LoptCluster.Coordinator.Assignments;
using LoptCluster.Coordinator.Auditing;
using LoptCluster.Coordinator.Batching;
using LoptCluster.Coordinator.Intake;
using LoptCluster.Coordinator.Membership;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Coordinator.Store;
using LoptCluster.Coordinator.Telemetry;
using LoptCluster.Coordinator.Training;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Intake;

/// <summary>What becomes of the samples and problems of a worker that is not believed any more.</summary>
public sealed class WorkerQuarantineTests
{
    [Fact]
    public void Impose_WaitingSamples_AreDroppedAndTheirProblemsGoToOthersFromWhatIsMerged()
    {
        using var play = new Play(SmallRun.Specification, "a", "b");
        // A whole batch is merged; then each worker has sent one sample more.
        foreach (string worker in (string[])["a", "b"])
            foreach (var problem in play.Problems(worker)) play.Give(worker, problem, version: 0);
        Assert.Equal(1, play.Update());
        var mine = play.Problems("a").ToList();
        foreach (string worker in (string[])["a", "b"]) play.Give(worker, play.Problems(worker).First(), version: 1);

        play.Impose("a");

        Assert.Equal(["b"], play.Waiting());
        Assert.Equal(5, play.Parts.Get<RunTotals>().Accepted);
        var reject = Assert.Single(play.Heard("a"), m => m.Reject is not null).Reject;
        Assert.Equal((RejectReason.Quarantined, true), (reject.Reason, reject.Fatal));
        // Both of its problems go on after their merged sample, at a state that is computed again.
        var moved = play.Reassign("b").ToDictionary(p => p.Id);
        Assert.All(mine, p => Assert.Equal((1, SmallRun.Steps), (moved[p.Id].NextTruncation, moved[p.Id].InnerStep)));
        Assert.All(mine, p => Assert.IsType<StateOrigin.Recomputed>(moved[p.Id].Origin));
        play.Give("b", moved[mine[0].Id], version: 1);
        Assert.Equal(["b", "b"], play.Waiting());
        Assert.Equal(1, play.Parts.Get<QuarantineRegister>().All.Single().Dropped);
    }

    /// <summary>
    /// In a lane the problem that had ended goes on, and the one after it has not begun; then θ is what it is without the worker.
    /// </summary>
    [Fact]
    public void Impose_EndedProblemOfALane_GoesOnAndThetaIsTheSame()
    {
        var specification = SmallRun.Synchronous with { InnerSteps = SmallRun.Steps };
        using var honest = new Play(specification, "b");
        foreach (var problem in honest.Problems("b").ToList()) honest.Give("b", problem, version: 0);
        honest.Update();
        using var play = new Play(specification, "a", "b");
        var given = play.Problems("a").First();
        play.Give("a", given, version: 0);
        Assert.NotNull(play.Parts.Get<ProblemLedger>().Find(given.Id + SmallRun.Batch));

        play.Impose("a");

        Assert.Null(play.Parts.Get<ProblemLedger>().Find(given.Id + SmallRun.Batch));
        Assert.Empty(play.Waiting());
        var own = play.Problems("b").ToList();
        var moved = play.Reassign("b").ToList();
        Assert.Contains(moved, p => p.Id == given.Id && p.NextTruncation == 0);
        foreach (var problem in own.Concat(moved)) play.Give("b", problem, version: 0);
        Assert.Equal(1, play.Update());
        Assert.Equal(honest.Theta, play.Theta);
        Assert.NotNull(play.Parts.Get<ProblemLedger>().Find(given.Id + SmallRun.Batch));
    }

    /// <summary>Another went on from a state that the worker had handed back: its samples are not believed either.</summary>
    [Fact]
    public void Impose_SamplesFromAStateThatItHandedBack_AreDroppedToo()
    {
        using var play = new Play(SmallRun.Specification, "a", "b");
        var problem = play.Problems("a").First();
        play.Give("a", problem, version: 0);
        var members = play.Parts.Get<Members>();
        members.OnStateHandedBack(play.Entry("a"), new StateHandedBack(problem.State));
        members.OnGoodbye(play.Entry("a"), new GoodbyeReceived("test"));
        var taken = play.Reassign("b").Single(p => p.Id == problem.Id);
        Assert.IsType<StateOrigin.HandedBack>(taken.Origin);
        play.Give("b", taken, version: 0);
        play.Give("b", play.Problems("b").First(p => p.Id != problem.Id), version: 0);
        Assert.Equal(["a", "b", "b"], play.Waiting());

        play.Impose("a");

        Assert.Equal(["b"], play.Waiting());
        Assert.Contains(play.Heard("b"), m => m.Revoke?.ProblemId == problem.Id);
        Assert.Contains(play.Reassign("b"), p => p.Id == problem.Id && p.NextTruncation == 0);
    }

    /// <summary>Workers of a run without a loop: each step is a call.</summary>
    private sealed class Play : IDisposable
    {
        private readonly Dictionary<string, WorkerSession> _sessions = [];
        private readonly Dictionary<string, List<ScriptedProblem>> _problems = [];
        private readonly Dictionary<string, List<CoordinatorMessage>> _heard = [];
        private readonly Dictionary<string, Welcome> _welcomes = [];

        public Play(RunSpecification specification, params string[] workers)
        {
            Parts = new RunParts(specification);
            Parts.Get<LoptCluster.Coordinator.Loop.RunRestorer>().Restore();
            foreach (string worker in workers)
            {
                _sessions[worker] = RunParts.Session(worker);
                (_problems[worker], _heard[worker]) = ([], []);
                Parts.Get<Members>().OnJoined(_sessions[worker]);
            }

            Assign();
        }

        public RunParts Parts { get; }

        public float[] Theta => Parts.Get<OuterTrainer>().Theta.Values.ToArray();

        public WorkerEntry Entry(string worker) => Parts.Get<Members>().Find(_sessions[worker])!;

        public IEnumerable<ScriptedProblem> Problems(string worker) => _problems[worker];

        public List<CoordinatorMessage> Heard(string worker)
        {
            Listen();
            return _heard[worker];
        }

        public void Give(string worker, ScriptedProblem problem, long version)
        {
            var message = WireMessages.FromProto(new WorkerMessage { Sample = problem.Next(version) });
            Assert.Equal(SampleVerdict.Accepted, Parts.Get<SampleIntake>().OnSample(Entry(worker), (SampleReceived)message));
            Listen();
        }

        /// <returns>The version of θ after it.</returns>
        public long Update()
        {
            long version = Parts.Get<OuterTrainer>().TryUpdate(0)!.Version;
            Listen();
            return version;
        }

        public void Impose(string worker)
        {
            var sample = Fabricated.Sample(0, 0);
            Parts.Get<WorkerQuarantine>().Impose(new StoredClaim(sample, worker, "host", default), "It was wrong.", default);
            Listen();
        }

        /// <summary>Senders of the samples that wait, in order of arrival.</summary>
        public string[] Waiting()
        {
            Listen();
            var senders = Parts.Get<AuditReader>().Senders();
            return
            [
                .. Parts.Get<SampleBatch>().All.Select(q => senders[q.Problem.Id]
                    .Last(s => s.First <= q.Sample.Identity.Truncation).Worker),
            ];
        }

        /// <returns>The problems that the worker gets in addition.</returns>
        public IReadOnlyList<ScriptedProblem> Reassign(string worker)
        {
            int before = _problems[worker].Count;
            Assign();
            return _problems[worker][before..];
        }

        public void Dispose() => Parts.Dispose();

        private void Assign()
        {
            Parts.Get<WorkAssignment>().AssignProblems(Parts.Get<Members>().Available);
            Listen();
        }

        private void Listen()
        {
            foreach (var (worker, session) in _sessions)
            {
                foreach (var message in Parts.Flush(session))
                {
                    _heard[worker].Add(message);
                    if (message.Welcome is { } welcome) _welcomes[worker] = welcome;
                    if (message.Assignment?.Problem is { } problem)
                        _problems[worker].Add(new ScriptedProblem(problem, _welcomes[worker]));
                }
            }
        }
    }
}
