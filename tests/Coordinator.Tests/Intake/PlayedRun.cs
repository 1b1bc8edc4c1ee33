using LoptCluster.ClusterTestKit;
using LoptCluster.Coordinator.Assignments;
using LoptCluster.Coordinator.Auditing;
using LoptCluster.Coordinator.Batching;
using LoptCluster.Coordinator.Intake;
using LoptCluster.Coordinator.Loop;
using LoptCluster.Coordinator.Membership;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Coordinator.Store;
using LoptCluster.Coordinator.Training;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Specification;
using Xunit;
using Audit = LoptCluster.Protocol.V1.Audit;

namespace LoptCluster.Coordinator.Tests.Intake;

/// <summary>Workers of a run without a loop: each step is a call.</summary>
internal sealed class PlayedRun : IDisposable
{
    private readonly Dictionary<string, WorkerSession> _sessions = [];
    private readonly Dictionary<string, List<ScriptedProblem>> _problems = [];
    private readonly Dictionary<string, List<CoordinatorMessage>> _heard = [];
    private readonly Dictionary<string, Welcome> _welcomes = [];

    public PlayedRun(RunSpecification specification, params string[] workers)
        : this(null, specification, workers)
    {
    }

    /// <param name="directory">The run's folder; null: one that is deleted with the run.</param>
    public PlayedRun(string? directory, RunSpecification specification, params string[] workers)
    {
        Parts = new RunParts(specification, directory);
        Parts.Get<RunRestorer>().Restore();
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

    /// <summary>What a worker was asked to compute again, in order.</summary>
    public IReadOnlyList<Audit> Audits(string worker) => [.. Heard(worker).Select(m => m.Assignment?.Audit).OfType<Audit>()];

    public void AssignAudits()
    {
        Parts.Get<AuditAssignment>().Assign(Parts.Get<Members>().Available);
        Listen();
    }

    /// <summary>A worker says what it gets for a sample.</summary>
    public void Audit(string worker, long auditId, Sample sample)
    {
        var message = WireMessages.FromProto(new WorkerMessage { AuditResult = new AuditResult { AuditId = auditId, Sample = sample } });
        Parts.Get<AuditIntake>().OnResult(Entry(worker), (AuditReceived)message);
        Listen();
    }

    public IEnumerable<ScriptedProblem> Problems(string worker) => _problems[worker];

    public List<CoordinatorMessage> Heard(string worker)
    {
        Listen();
        return _heard[worker];
    }

    /// <returns>The sample, which was accepted.</returns>
    public Sample Give(string worker, ScriptedProblem problem, long version)
    {
        var sample = problem.Next(version);
        var message = WireMessages.FromProto(new WorkerMessage { Sample = sample });
        Assert.Equal(SampleVerdict.Accepted, Parts.Get<SampleIntake>().OnSample(Entry(worker), (SampleReceived)message));
        Listen();
        return sample;
    }

    /// <summary>A worker leaves, and hands back where its problem stands.</summary>
    public void HandBack(string worker, ScriptedProblem problem)
    {
        var members = Parts.Get<Members>();
        members.OnStateHandedBack(Entry(worker), new StateHandedBack(problem.State, problem.Assignment.AssignmentId));
        members.OnGoodbye(Entry(worker), new GoodbyeReceived("test"));
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
        return
        [
            .. Parts.Get<SampleBatch>().All.Select(q => Parts.Get<RunReader>().Query(
                "SELECT worker FROM samples WHERE problem_id = $problem AND truncation = $truncation", r => r.GetString(0),
                ("$problem", q.Problem.Id), ("$truncation", q.Sample.Identity.Truncation)).Single()),
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
