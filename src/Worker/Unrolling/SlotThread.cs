using System.Diagnostics.CodeAnalysis;
using LoptCluster.Engine.Sampling;
using LoptCluster.Worker.Reports;

namespace LoptCluster.Worker.Unrolling;

/// <summary>One slot's thread: takes work items, one after the other, until the pool closes.</summary>
internal sealed class SlotThread
{
    private readonly int _index;
    private readonly SlotContext _context;
    private readonly Action<Exception> _onFailure;
    private readonly Thread _thread;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="onFailure">Called on the slot's thread with the exception that ended it.</param>
    public SlotThread(int index, SlotContext context, Action<Exception> onFailure)
    {
        _index = index;
        _context = context;
        _onFailure = onFailure;
        _thread = new Thread(Run) { Name = $"slot {index}", IsBackground = true };
    }

    /// <summary>Completes when the thread has done its last work.</summary>
    public Task Ended => _ended.Task;

    public void Start() => _thread.Start();

    [SuppressMessage(
        "Design", "CA1031:Do not catch general exception types", Justification = "The edge of a thread: the link reports what ended it.")]
    private void Run()
    {
        try
        {
            var dataset = _context.Dataset.Value;
            using var slot = new Slot(_context.Run.Specification, dataset, _context.Time, _context.InnerProblems);
            _context.State.Change(s => s.Announce(new Fingerprints(dataset.Fingerprint, slot.LayoutFingerprint())));
            var problems = new ProblemUnroller(_index, slot, _context);
            var evaluations = new EvaluationRunner(_index, _context);
            var audits = new AuditRunner(_index, slot, _context);
            while (_context.State.Wait<WorkItem?>(static (s, out next) => s.TryDequeue(out next), _context.Abandon) is { } work)
            {
                if (work is WorkItem.Unroll unroll) problems.Unroll(unroll.Problem, unroll.Theta);
                else if (work is WorkItem.Audit audit) audits.Audit(audit.Held, audit.Truncation);
                else if (work is WorkItem.Evaluate evaluate) evaluations.Evaluate(evaluate.Evaluation);
                else if (work is WorkItem.Compare compare) evaluations.Compare(compare.Part, compare.Abandon);
                _context.Board.ShowWaiting(_index);
            }
        }
        catch (OperationCanceledException) when (_context.Abandon.IsCancellationRequested)
        {
            // Abandoned: the state is as it was before the truncation.
        }
        catch (Exception e)
        {
            _onFailure(e);
        }
        finally
        {
            _ended.TrySetResult();
        }
    }
}
