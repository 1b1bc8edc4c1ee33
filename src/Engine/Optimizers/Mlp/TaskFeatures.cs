using LoptCluster.Engine.Numerics.Elementwise;

namespace LoptCluster.Engine.Optimizers.Mlp;

/// <summary>Four inputs of the MLP that tell what training it is in: how far it is, how long, on how many images.</summary>
/// <remarks>
/// t/T, at most 1; log10 T − 3; log10 N − 3; log10 (1 + passes over the images, t B / N). N is the number of training images, B the
/// minibatch size. Without data (N = 0) the last two are 0.
/// </remarks>
internal sealed class TaskFeatures(UpdateSettings settings)
{
    public const int Count = 4;

    /// <summary>Decimal order of magnitude in the middle of what is usual, of T and of N.</summary>
    private const double Middle = 3;

    private readonly float _horizon = (float)(DoubleMath.Log10(settings.InnerSteps) - Middle);
    private readonly float _images = settings.TrainingImages > 0 ? (float)(DoubleMath.Log10(settings.TrainingImages) - Middle) : 0;
    private readonly double _passesPerStep = settings.TrainingImages > 0 ? (double)settings.MinibatchSize / settings.TrainingImages : 0;

    /// <summary>Fills four numbers, with the same bits on every machine.</summary>
    public void Fill(long t, Span<float> features)
    {
        features[0] = (float)Math.Min(1, (double)t / settings.InnerSteps);
        features[1] = _horizon;
        features[2] = _images;
        features[3] = (float)DoubleMath.Log10(1 + (t * _passesPerStep));
    }
}
