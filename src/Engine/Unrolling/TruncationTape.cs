using LoptCluster.Engine.Parameters;

namespace LoptCluster.Engine.Unrolling;

/// <summary>
/// The memory of one truncation: the states of a segment, one checkpoint per segment, gradients (see <see cref="TapePlan"/>).
/// </summary>
/// <param name="memory">Block that the tape lies in. Another tape may use it between two truncations.</param>
/// <param name="paddedLength">Floats of one parameter vector.</param>
/// <param name="stateVectors">Vectors of optimizer state that accompany w.</param>
/// <param name="updateLength">Floats that <see cref="Update"/> gives for one step.</param>
/// <remarks>Owned by one <see cref="Unroller"/>.</remarks>
internal sealed class TruncationTape(TapeMemory memory, int paddedLength, int stateVectors, int updateLength)
{
    private readonly int _stateLength = paddedLength * (stateVectors + 1);
    private long _checkpoints;
    private long _gradients;
    private long _outerGradients;
    private long _intermediates;
    private long _updates;
    private int _intermediatesLength;
    private TapePlan _plan = new(0, 1, 0, 0);
    private int _segment;

    /// <summary>Makes room for a plan and forgets the truncation before.</summary>
    /// <param name="plan">What is kept.</param>
    /// <param name="intermediatesLength">Floats that <see cref="Intermediates"/> gives for one step.</param>
    public void Begin(TapePlan plan, int intermediatesLength)
    {
        _plan = plan;
        _intermediatesLength = intermediatesLength;
        _segment = 0;
        long gradients = plan.KeptGradients + (plan.KeptGradients < plan.Steps ? (long)plan.SegmentSteps : 0);

        // The states come first.
        _checkpoints = Aligned((plan.SegmentSteps + 1L) * _stateLength);
        _gradients = _checkpoints + Aligned(plan.Segments > 1 ? (long)plan.Segments * _stateLength : 0);
        _outerGradients = _gradients + Aligned(gradients * paddedLength);
        _intermediates = _outerGradients + Aligned((long)plan.KeptOuterGradients * paddedLength);
        _updates = _intermediates + Aligned((long)plan.KeptIntermediates * intermediatesLength);
        memory.Reserve(_updates + Aligned(plan.KeepsUpdates ? (long)plan.SegmentSteps * updateLength : 0));
    }

    /// <summary>w at step <paramref name="step"/> of the truncation, which lies in the current segment (its end included).</summary>
    public Span<float> W(int step) => State(step)[..paddedLength];

    /// <summary>The optimizer's state at step <paramref name="step"/>.</summary>
    public Span<float> M(int step) => State(step)[paddedLength..];

    /// <summary>Inner-gradient of step <paramref name="step"/>: one of those kept, or one of the current segment's.</summary>
    public Span<float> Gradient(int step)
    {
        long slot = KeepsGradient(step) ? step : _plan.KeptGradients + (long)(step - SegmentStart);
        return memory.Slice(_gradients + (slot * paddedLength), paddedLength);
    }

    /// <summary>Gradient of the outer-loss of step <paramref name="step"/>; empty where it is not kept.</summary>
    public Span<float> OuterGradient(int step) =>
        step < _plan.KeptOuterGradients ? memory.Slice(_outerGradients + ((long)step * paddedLength), paddedLength) : default;

    /// <summary>The inner-problem's intermediate values of step <paramref name="step"/>; empty where they are not kept.</summary>
    public Span<float> Intermediates(int step) => step < _plan.KeptIntermediates
        ? memory.Slice(_intermediates + ((long)step * _intermediatesLength), _intermediatesLength)
        : default;

    /// <summary>
    /// The intermediate values of the update from step <paramref name="step"/> of the current segment to the next; empty where they are not
    /// kept.
    /// </summary>
    public Span<float> Update(int step) =>
        _plan.KeepsUpdates ? memory.Slice(_updates + ((long)(step - SegmentStart) * updateLength), updateLength) : default;

    public int SegmentStart => _segment * _plan.SegmentSteps;

    public int SegmentEnd => Math.Min(_plan.Steps, SegmentStart + _plan.SegmentSteps);

    public bool KeepsGradient(int step) => step < _plan.KeptGradients;

    /// <summary>
    /// Opens the segment that begins with <paramref name="step"/>, if one does; called before each step of the forward sweep.
    /// </summary>
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

    /// <summary>
    /// Goes back to the segment of <paramref name="step"/>; only the first of its states is there until the segment is replayed.
    /// </summary>
    public void RewindTo(int step)
    {
        _segment = step / _plan.SegmentSteps;
        Checkpoint(_segment).CopyTo(State(SegmentStart));
    }

    /// <summary>Floats rounded up, so that every part of the block begins on a cache line.</summary>
    private static long Aligned(long length) => (length + ParameterLayout.Padding - 1) / ParameterLayout.Padding * ParameterLayout.Padding;

    private Span<float> State(int step) => memory.Slice((long)(step - SegmentStart) * _stateLength, _stateLength);

    private Span<float> Checkpoint(int segment) => memory.Slice(_checkpoints + ((long)segment * _stateLength), _stateLength);
}
