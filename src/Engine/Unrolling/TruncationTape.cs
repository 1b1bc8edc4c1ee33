using LoptCluster.Engine.Numerics.Memory;

namespace LoptCluster.Engine.Unrolling;

/// <summary>The memory of one truncation: the states of a segment, a checkpoint a segment, gradients (see <see cref="TapePlan"/>).</summary>
/// <param name="paddedLength">Floats of one parameter vector.</param>
/// <param name="stateVectors">Vectors of optimizer state a parameter carries.</param>
/// <param name="updateLength">Floats a step of what <see cref="Update"/> gives.</param>
/// <remarks>Owned by one <see cref="Unroller"/>; grows to the largest plan seen and is reused.</remarks>
internal sealed class TruncationTape(int paddedLength, int stateVectors, int updateLength) : IDisposable
{
    private readonly int _stateLength = paddedLength * (stateVectors + 1);
    private AlignedBuffer _states = new(0);
    private AlignedBuffer _checkpoints = new(0);
    private AlignedBuffer _gradients = new(0);
    private AlignedBuffer _outerGradients = new(0);
    private AlignedBuffer _intermediates = new(0);
    private AlignedBuffer _updates = new(0);
    private int _intermediatesLength;
    private TapePlan _plan = new(0, 1, 0, 0);
    private int _segment;

    /// <summary>Makes room, and forgets what was there.</summary>
    /// <param name="intermediatesLength">Floats a step of what <see cref="Intermediates"/> gives.</param>
    public void Begin(TapePlan plan, int intermediatesLength)
    {
        _plan = plan;
        _intermediatesLength = intermediatesLength;
        Grow(ref _outerGradients, (long)plan.KeptOuterGradients * paddedLength);
        Grow(ref _intermediates, (long)plan.KeptIntermediates * intermediatesLength);
        if (plan.KeepsUpdates) Grow(ref _updates, (long)plan.SegmentSteps * updateLength);
        _segment = 0;
        Grow(ref _states, (plan.SegmentSteps + 1L) * _stateLength);
        if (plan.Segments > 1) Grow(ref _checkpoints, (long)plan.Segments * _stateLength);
        Grow(ref _gradients, (plan.KeptGradients + (plan.KeptGradients < plan.Steps ? (long)plan.SegmentSteps : 0)) * paddedLength);
    }

    /// <summary>w at step <paramref name="step"/> of the truncation, which lies in the current segment (its end included).</summary>
    public Span<float> W(int step) => State(step)[..paddedLength];

    /// <summary>The optimizer's state at step <paramref name="step"/>.</summary>
    public Span<float> M(int step) => State(step)[paddedLength..];

    /// <summary>g of step <paramref name="step"/>: one of the kept, or one of the current segment's.</summary>
    public Span<float> Gradient(int step) =>
        _gradients.Slice((KeepsGradient(step) ? step : _plan.KeptGradients + (long)(step - SegmentStart)) * paddedLength, paddedLength);

    /// <summary>Gradient of the outer-loss of step <paramref name="step"/>; empty where it is not kept.</summary>
    public Span<float> OuterGradient(int step) =>
        step < _plan.KeptOuterGradients ? _outerGradients.Slice((long)step * paddedLength, paddedLength) : default;

    /// <summary>The inner-problem's intermediate values of step <paramref name="step"/>; empty where they are not kept.</summary>
    public Span<float> Intermediates(int step) =>
        step < _plan.KeptIntermediates ? _intermediates.Slice((long)step * _intermediatesLength, _intermediatesLength) : default;

    /// <summary>The intermediate values of the update from step <paramref name="step"/> of the current segment to the next; empty where they are not kept.</summary>
    public Span<float> Update(int step) =>
        _plan.KeepsUpdates ? _updates.Slice((long)(step - SegmentStart) * updateLength, updateLength) : default;

    public int SegmentStart => _segment * _plan.SegmentSteps;

    public int SegmentEnd => Math.Min(_plan.Steps, SegmentStart + _plan.SegmentSteps);

    public bool KeepsGradient(int step) => step < _plan.KeptGradients;

    /// <summary>Called on the way forward before a step: opens the step's segment when it is its first.</summary>
    public void EnterForward(int step)
    {
        if (step > 0 && step == SegmentEnd)
        {
            var last = State(step);
            _segment++;
            last.CopyTo(State(step));
        }

        if (_plan.Segments > 1 && step == SegmentStart) State(step).CopyTo(Checkpoint(_segment));
    }

    /// <summary>Goes back to the segment of <paramref name="step"/>; of its states only the first is there until it is replayed.</summary>
    public void RewindTo(int step)
    {
        _segment = step / _plan.SegmentSteps;
        Checkpoint(_segment).CopyTo(State(SegmentStart));
    }

    public void Dispose()
    {
        _states.Dispose();
        _checkpoints.Dispose();
        _gradients.Dispose();
        _outerGradients.Dispose();
        _intermediates.Dispose();
        _updates.Dispose();
    }

    private static void Grow(ref AlignedBuffer buffer, long length)
    {
        if (buffer.Length >= length) return;
        buffer.Dispose();
        buffer = new AlignedBuffer(length);
    }

    private Span<float> State(int step) => _states.Slice((long)(step - SegmentStart) * _stateLength, _stateLength);

    private Span<float> Checkpoint(int segment) => _checkpoints.Slice((long)segment * _stateLength, _stateLength);
}
