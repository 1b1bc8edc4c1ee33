using CsCheck;
using LoptCluster.ClusterTestKit;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Coordinator.Store;
using LoptCluster.Engine.Verification;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared;
using LoptCluster.TestKit;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Loop;

public sealed class InterleavingProperties
{
    /// <summary>
    /// Whatever is sent twice, late, in another order, or around a restart after kill −9: each sample counts once and the version only
    /// rises.
    /// </summary>
    [Fact]
    public void Samples_AnyInterleaving_CountOnceAndTheVersionOnlyRises() =>
        Gen.Int[0, 1_000_000].Array[1, 120].Sample(
            choices =>
            {
                using var play = new Play();
                foreach (int choice in choices) play.Step(choice);
                play.Finish();
            },
            iter: 25);

    /// <summary>Two workers, a coordinator without a network, and messages that lie between them until a choice delivers them.</summary>
    private sealed class Play : IDisposable
    {
        private readonly List<(string Worker, Sample Sample)> _underWay = [];
        private readonly Dictionary<string, PlayedWorker> _workers = [];
        private readonly HashSet<(long Problem, int Truncation)> _accepted = [];
        private readonly FakeTimeProvider _time = new();
        private TemporaryFolder _folder = new();
        private CoreOnly _core;
        private long _version;

        public Play()
        {
            _core = new CoreOnly(Options, _time);
            Join("a");
            Join("b");
        }

        private CoordinatorOptions Options => new()
        {
            RunDirectory = _folder.Path,
            Specification = SmallRun.Specification,
            HeartbeatInterval = TimeSpan.FromDays(1),
        };

        public void Step(int choice)
        {
            int which = choice / 10;
            switch (choice % 10)
            {
                case 0 or 1 or 2 or 3: Compute(which); break;
                case 4 or 5 or 6: Deliver(which, keep: false); break;
                case 7: Deliver(which, keep: true); break;
                case 8 when which % 4 == 0: Restart(); break;
                case 8: Reconnect(which); break;
                default: PassTime(which % 20); break;
            }

            Check();
        }

        public void Finish()
        {
            while (_underWay.Count > 0) Deliver(0, keep: false);
            Check();
        }

        public void Dispose()
        {
            _core.Dispose();
            _folder.Dispose();
        }

        private void Compute(int which)
        {
            var ready = _workers.OrderBy(w => w.Key, StringComparer.Ordinal).SelectMany(
                w => w.Value.Problems.Values.Where(p => !p.Finished).Select(p => (w.Key, Problem: p))).ToList();
            if (ready.Count == 0) return;
            var (worker, problem) = ready[which % ready.Count];
            // θ may be old: workers do not wait for the newest.
            _underWay.Add((worker, problem.Next(Math.Max(0, _version - (which % 3)))));
        }

        private void Deliver(int which, bool keep)
        {
            if (_underWay.Count == 0) return;
            var (worker, sample) = _underWay[which % _underWay.Count];
            if (!keep) _underWay.RemoveAt(which % _underWay.Count);
            Tell(new WorkerSent(_workers[worker].Session, WireMessages.FromProto(new WorkerMessage { Sample = sample })));
        }

        private void Reconnect(int which)
        {
            string worker = which % 2 == 0 ? "a" : "b";
            Tell(new WorkerLeft(_workers[worker].Session));
            Join(worker);
        }

        private void PassTime(int seconds)
        {
            _time.Advance(TimeSpan.FromSeconds(seconds));
            Tell(new ClockTicked());
        }

        private void Restart()
        {
            var left = _folder.Snapshot();
            _core.Dispose();
            _folder.Dispose();
            _folder = left;
            _core = new CoreOnly(Options, _time);
            foreach (string worker in (string[])["a", "b"]) Join(worker);
        }

        private void Join(string id)
        {
            var hello = new Hello
            {
                WorkerId = id,
                Host = "host",
                Slots = 1,
                EngineVersion = EngineVersion.Current,
                SelfCheck = SelfCheck.Value,
            };
            var held = _workers.TryGetValue(id, out var before) ? before.Problems : [];
            hello.Held.AddRange(held.Values.Where(p => !p.Finished).Select(p => p.Held));
            _workers[id] = new PlayedWorker(new WorkerSession(WireMessages.FromProto(hello), new CancellationTokenSource()), held);
            Tell(new WorkerJoined(_workers[id].Session));
        }

        private void Tell(RunEvent e)
        {
            _core.Handle(e);
            foreach (var worker in _workers.Values)
            {
                foreach (var message in worker.Heard()) Hear(worker, message);
            }
        }

        private void Hear(PlayedWorker worker, CoordinatorMessage message)
        {
            if (message.Welcome is { } welcome) worker.Welcome = welcome;
            if (message.Assignment?.Problem is { } problem)
                worker.Problems[problem.ProblemId] = new ScriptedProblem(problem, worker.Welcome);
            if (message.Revoke is { } revoke) worker.Problems.Remove(revoke.ProblemId);
            if (message.Reject is { } reject) worker.Problems.Remove(reject.ProblemId);
            if (message.Ack is { Outcome: SampleOutcome.Accepted } ack)
                Assert.True(
                    _accepted.Add((ack.ProblemId, ack.Truncation)), $"sample ({ack.ProblemId}, {ack.Truncation}) was accepted twice");
            if (message.Ack is { Outcome: SampleOutcome.Duplicate } again) Assert.Contains((again.ProblemId, again.Truncation), _accepted);
        }

        private void Check()
        {
            Assert.True(_core.Board.Current.Version >= _version, $"version fell from {_version} to {_core.Board.Current.Version}");
            _version = _core.Board.Current.Version;
            Assert.Equal(_accepted.Count / SmallRun.Batch, _version);
            Assert.All(_core.Board.Current.Values.ToArray(), v => Assert.True(float.IsFinite(v)));
            using var connection = new SqliteConnection(
                $"Data Source={Path.Combine(_folder.Path, RunDatabase.FileName)};Mode=ReadOnly;Pooling=False");
            connection.Open();
            Assert.Equal(_accepted.Count, Scalar(connection, "SELECT count(*) FROM samples"));
            Assert.Equal(_version * SmallRun.Batch, Scalar(connection, "SELECT count(*) FROM samples WHERE merged_update IS NOT NULL"));
            Assert.Equal(
                0,
                Scalar(
                    connection,
                    $"SELECT count(*) FROM (SELECT 1 FROM samples WHERE merged_update IS NOT NULL GROUP BY merged_update HAVING count(*) "
                        + $"<> {SmallRun.Batch})"));
        }

        private static long Scalar(SqliteConnection connection, string sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            return (long)command.ExecuteScalar()!;
        }
    }

    private sealed class PlayedWorker(WorkerSession session, Dictionary<long, ScriptedProblem> problems)
    {
        public WorkerSession Session { get; } = session;

        public Dictionary<long, ScriptedProblem> Problems { get; } = problems;

        public Welcome Welcome { get; set; } = new();

        /// <summary>What lies in the session by now.</summary>
        public IEnumerable<CoordinatorMessage> Heard()
        {
            while (Session.TryRead(out var message)) yield return message;
        }
    }
}
