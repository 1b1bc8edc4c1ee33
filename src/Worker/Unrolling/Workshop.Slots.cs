using System.Diagnostics.CodeAnalysis;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Engine.Sampling;
using LoptCluster.Engine.Unrolling;
using LoptCluster.Protocol.V1;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared.Instruments;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using LoptCluster.Worker.Telemetry;

namespace LoptCluster.Worker.Unrolling;

internal sealed partial class Workshop
{
    private const int UnacknowledgedPerSlot = 4;

    private readonly List<Thread> _threads = [];
    private readonly List<TaskCompletionSource> _slotEnds = [];
    private readonly SlotStatus?[] _activities;
    private IImageDataset? _dataset;
    private long _innerSteps;

    /// <summary>Inner-steps so far, both halves.</summary>
    public long InnerSteps => Interlocked.Read(ref _innerSteps);

    /// <summary>The dataset is opened by the first slot's thread, so that the link can go on saying that this worker lives.</summary>
    private void StartSlots()
    {
        var opened = new ManualResetEventSlim();
        for (int i = 0; i < _slots; i++)
        {
            int index = i;
            var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _slotEnds.Add(end);
            var thread = new Thread(() => RunSlot(index, opened, end)) { Name = $"slot {index}", IsBackground = true };
            _threads.Add(thread);
            thread.Start();
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "The edge of a thread: whatever ended the slot is handed to the link.")]
    private void RunSlot(int index, ManualResetEventSlim opened, TaskCompletionSource end)
    {
        try
        {
            if (index == 0)
            {
                _dataset = DatasetCatalog.Open(_specification!, _dataDirectory);
                DatasetFingerprint = _dataset.Fingerprint;
            }
            else
            {
                opened.Wait(_abandon.Token);
            }

            using var slot = new Slot(_specification!, _dataset!, _time, _problems);
            if (index == 0)
            {
                // What it computes with is said before the first sample goes up.
                LayoutFingerprint = slot.Problem.Layout.Fingerprint;
                lock (_gate) Send(new WorkerMessage { Heartbeat = Heartbeat(0) });
                opened.Set();
            }

            while (Take(out var item))
            {
                if (item.Evaluation is not null) Evaluate(index, item.Evaluation);
                else Unroll(index, slot, item.Problem!, item.Theta!);
                _activities[index] = null;
            }
        }
        catch (OperationCanceledException) when (_abandon.IsCancellationRequested)
        {
            // Given up; the state is as it was before the truncation.
        }
        catch (Exception e)
        {
            _failed.TrySetResult(e);
        }
        finally
        {
            end.TrySetResult();
        }
    }

    /// <summary>Waits for something to do. False: the workshop closes.</summary>
    private bool Take(out WorkItem item)
    {
        while (true)
        {
            lock (_gate)
            {
                if (_closing)
                {
                    item = default;
                    return false;
                }

                if (_evaluations.TryDequeue(out var evaluation))
                {
                    item = new WorkItem(evaluation, null, null);
                    return true;
                }

                if (!_paused && _theta is not null && _unacknowledged.Count < (UnacknowledgedPerSlot * _slots) + _held.Count && TakeReady() is { } problem)
                {
                    item = new WorkItem(null, problem, _theta);
                    return true;
                }
            }

            _changed.Wait(_abandon.Token);
        }
    }

    /// <summary>The first problem in turn that θ is right for.</summary>
    private HeldProblem? TakeReady()
    {
        bool synchronous = _specification!.Mode == RunMode.Synchronous;
        for (var node = _ready.First; node is not null; node = node.Next)
        {
            if (synchronous && _theta!.Version < node.Value.NotBefore) continue;
            _ready.Remove(node);
            node.Value.Running = true;
            return node.Value;
        }

        return null;
    }

    private void Unroll(int index, Slot slot, HeldProblem problem, ThetaSnapshot theta)
    {
        var trace = _traces.Sample(problem.Id, problem.NextTruncation, theta.Version);
        var sample = Sample(index, slot, problem, theta);
        Interlocked.Add(ref _innerSteps, 2L * sample.Steps);
        _metrics.Sampled(sample);
        WorkshopLog.Sampled(
            _log, problem.Id, sample.Identity.Truncation, sample.Steps, sample.ThetaVersion, sample.Elapsed.TotalSeconds, sample.MeanLoss);
        UnrollTraces.Leave(trace, sample);
        lock (_gate)
        {
            if (problem.Revoked)
            {
                UnrollTraces.End(trace, "revoked");
                return;
            }

            var message = SampleWire.ToProto(sample, _specificationHash, trace?.Id);
            _unacknowledged.AddLast(new SentSample(message, trace));
            Send(new WorkerMessage { Sample = message });
            problem.NextTruncation = sample.Identity.Truncation + 1;
            problem.InnerStep = sample.StartStep + sample.Steps;
            problem.NotBefore = sample.ThetaVersion + 1;
            if (sample.ProblemFinished) _held.Remove(problem.Id);
            else _ready.AddLast(problem);
        }

        Wake();
    }

    private GradientSample Sample(int index, Slot slot, HeldProblem problem, ThetaSnapshot theta)
    {
        try
        {
            problem.State ??= Reach(index, slot, problem);
            Show(index, WorkerActivities.Unrolling, problem);
            using var unroll = _traces.Unroll();
            return slot.Sample(problem.State, theta, _abandon.Token);
        }
        finally
        {
            // Given up or not, the state is whole and no longer this thread's.
            lock (_gate) problem.Running = false;
        }
    }

    /// <summary>The state that an assignment goes on from: the start, one that was handed back, or one computed again.</summary>
    private InnerState Reach(int index, Slot slot, HeldProblem problem)
    {
        var state = slot.Begin(problem.Id);
        var assignment = problem.Assignment;
        if (assignment.State is { } blob)
        {
            float[] w = FloatBytes.Unpack(blob.W.Span), m = FloatBytes.Unpack(blob.M.Span);
            if (w.Length == state.W.Length && m.Length == state.M.Length)
            {
                return new InnerState
                {
                    ProblemId = problem.Id,
                    Horizon = state.Horizon,
                    InnerStep = blob.InnerStep,
                    NextTruncation = blob.NextTruncation,
                    W = w,
                    M = m,
                };
            }
        }

        foreach (var done in assignment.Replay)
        {
            Show(index, WorkerActivities.Replaying, problem);
            slot.Replay(state, ThetaWire.FromProto(done.Theta), done.Steps, _abandon.Token);
            _metrics.Replayed();
        }

        return state;
    }

    private void Evaluate(int index, Evaluation evaluation)
    {
        _activities[index] = new SlotStatus { Slot = index, Activity = WorkerActivities.Evaluating, ProblemId = -1 };
        long start = _time.GetTimestamp();
        var outcome = TaskEvaluator.Evaluate(
            _specification!,
            _dataset!,
            evaluation.Baseline ? null : evaluation.Theta.Values.ToArray(),
            evaluation.Split == EvaluationSplit.OuterTest ? ClassSplit.OuterTest : ClassSplit.OuterTrain,
            evaluation.Tasks,
            _abandon.Token,
            _problems);
        var result = new EvaluationResult { EvaluationId = evaluation.EvaluationId, Seconds = _time.GetElapsedTime(start).TotalSeconds };
        result.MeanLoss.AddRange(outcome.MeanLoss);
        result.FinalLoss.AddRange(outcome.FinalLoss);
        lock (_gate) Send(new WorkerMessage { Evaluation = result });
    }

    private void Show(int index, string activity, HeldProblem problem) =>
        _activities[index] = new SlotStatus { Slot = index, Activity = activity, ProblemId = problem.Id, InnerStep = problem.InnerStep };

    /// <summary>Whoever waits looks again: every slot, and a flush.</summary>
    private void Wake()
    {
        int waiting = _slots + 1 - _changed.CurrentCount;
        if (waiting > 0) _changed.Release(waiting);
    }
}
