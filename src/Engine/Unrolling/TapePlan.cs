using LoptCluster.Shared;

namespace LoptCluster.Engine.Unrolling;

/// <summary>What a truncation of k steps keeps for its reverse sweep, chosen to fit a memory budget.</summary>
/// <param name="Steps">k.</param>
/// <param name="SegmentSteps">c: the states of this many steps are held at a time; (w, m) is kept once a segment. c ≥ k: every state is
/// kept.</param>
/// <param name="KeptGradients">g of the first so many steps is kept. Behind them a replayed segment computes its gradients again.</param>
/// <param name="Bytes">Memory that it takes.</param>
/// <param name="KeptOuterGradients">Of the first so many steps the gradient of the outer-loss is computed with the loss, and kept.</param>
/// <param name="KeptIntermediates">Of the first so many steps the inner-problem's intermediate values are kept for the Hessian-vector
/// product.</param>
/// <param name="KeepsUpdates">With the states of a segment what their updates computed is held for the optimizer's vector-Jacobian
/// product.</param>
public readonly record struct TapePlan(
    int Steps, int SegmentSteps, int KeptGradients, long Bytes, int KeptOuterGradients =
        0, int KeptIntermediates = 0, bool KeepsUpdates = false)
{
    /// <summary>Intermediate values save a part of a product only, so they get no more than this.</summary>
    private const long MostIntermediateBytes = 256L << 20;

    /// <summary>Up to here every state is kept, when the budget allows: replaying would cost more than the memory traffic.</summary>
    private const long KeepEverythingBytes = 128L << 20;

    public int Segments => (Steps + SegmentSteps - 1) / SegmentSteps;

    /// <param name="steps">k.</param>
    /// <param name="paddedLength">Floats of one parameter vector.</param>
    /// <param name="stateVectors">Vectors of optimizer state a parameter carries.</param>
    /// <param name="budgetBytes">Memory allowed.</param>
    /// <param name="intermediatesLength">Floats of <see cref="InnerProblems.IInnerProblem.IntermediatesLength"/>.</param>
    /// <param name="outerGradients">The outer-loss has a minibatch of its own, whose gradient could be kept.</param>
    /// <param name="updateLength">Floats of <see cref="Optimizers.IOuterTrainableOptimizer.IntermediatesLength"/>.</param>
    /// <exception cref="UserErrorException">Not even the leanest plan fits.</exception>
    public static TapePlan Choose(
        int steps, int paddedLength, int stateVectors, long budgetBytes, int intermediatesLength =
            0, bool outerGradients = false, int updateLength = 0)
    {
        var plan = Choose(steps, paddedLength, stateVectors, budgetBytes);
        if (plan.KeptGradients < steps) return plan;

        // What saves time beyond that, the most for its memory first, leaves a quarter of the budget free.
        long left = (budgetBytes / 4 * 3) - plan.Bytes;
        long updates = sizeof(float) * (long)plan.SegmentSteps * updateLength;
        bool keepsUpdates = updates > 0 && updates <= left;
        if (keepsUpdates) left -= updates;
        else updates = 0;
        int outer = outerGradients ? Fitting(steps, sizeof(float) * (long)paddedLength, left, out left) : 0;
        int intermediates = Fitting(steps, sizeof(float) * (long)intermediatesLength, Math.Min(left, MostIntermediateBytes), out _);
        long bytes = updates + (sizeof(float) * (((long)outer * paddedLength) + ((long)intermediates * intermediatesLength)));
        return plan with
        {
            KeptOuterGradients = outer,
            KeptIntermediates = intermediates,
            KeepsUpdates = keepsUpdates,
            Bytes = plan.Bytes
            + bytes
        };
    }

    private static int Fitting(int steps, long each, long bytes, out long left)
    {
        int count = each == 0 ? 0 : (int)Math.Clamp(bytes / each, 0, steps);
        left = bytes - (count * each);
        return count;
    }

    private static TapePlan Choose(int steps, int paddedLength, int stateVectors, long budgetBytes)
    {
        TapePlan Plan(int segment, int kept) => new(steps, segment, kept, BytesOf(steps, segment, kept, paddedLength, stateVectors));

        var everything = Plan(steps, steps);
        if (everything.Bytes <= Math.Min(budgetBytes, KeepEverythingBytes)) return everything;

        int root = Math.Max(1, (int)Math.Ceiling(Math.Sqrt(steps)));
        var gradients = Plan(root, steps);
        if (gradients.Bytes <= budgetBytes) return gradients;

        // Least memory without the gradients: c · (V + 2) + k / c · (V + 1) vectors, V state vectors. What is left of the budget keeps
        // some.
        double ratio = (stateVectors + 1.0) / (stateVectors + 2.0);
        int segment = Math.Max(1, (int)Math.Ceiling(Math.Sqrt(steps * ratio)));
        var leanest = Plan(segment, 0);
        return leanest.Bytes <= budgetBytes
            ? Plan(segment, (int)Math.Min(steps - 1, (budgetBytes - leanest.Bytes) / (sizeof(float) * (long)paddedLength)))
            : throw new UserErrorException(
                $"A truncation of {steps} steps of {paddedLength:N0} inner-parameters needs at least "
                    + $"{(leanest.Bytes + (1 << 20) - 1) >> 20} MB, " +
                $"but slotMemoryMegabytes allows {budgetBytes >> 20}. Raise slotMemoryMegabytes or lower truncationLast.");
    }

    private static long BytesOf(int steps, int segment, int keptGradients, int paddedLength, int stateVectors)
    {
        long segments = (steps + segment - 1) / segment;
        long states = segment + 1 + (segments > 1 ? segments : 0);
        long gradients = keptGradients + (keptGradients < steps ? segment : 0);
        return sizeof(float) * (long)paddedLength * ((states * (stateVectors + 1)) + gradients);
    }
}
