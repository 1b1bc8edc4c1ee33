using LoptCluster.Engine.Minibatches;

namespace LoptCluster.Engine.Tests.Datasets.Procedural;

/// <summary>Classifies by the nearest mean of a class's training images.</summary>
internal sealed class NearestMean(double[][] means)
{
    public static NearestMean Fit(TaskMinibatches task, int features, int classes)
    {
        var (x, y) = Split(task, features, valid: false);
        double[][] means = [.. Enumerable.Range(0, classes).Select(_ => new double[features])];
        for (int row = 0; row < y.Length; row++)
        {
            int members = y.Count(label => label == y[row]);
            for (int i = 0; i < features; i++) means[y[row]][i] += x[(row * features) + i] / members;
        }

        return new(means);
    }

    public double Accuracy(TaskMinibatches task, bool valid)
    {
        int features = means[0].Length;
        var (x, y) = Split(task, features, valid);
        return y.Select((label, row) => Nearest(x.AsSpan(row * features, features)) == label ? 1.0 : 0.0).Average();
    }

    private static (float[] X, int[] Y) Split(TaskMinibatches task, int features, bool valid)
    {
        int count = task.SplitCount(valid);
        float[] x = new float[count * features];
        int[] y = new int[count];
        task.FillSplit(valid, 0, count, x, y);
        return (x, y);
    }

    private int Nearest(ReadOnlySpan<float> image)
    {
        int best = 0;
        double least = double.MaxValue;
        for (int c = 0; c < means.Length; c++)
        {
            double distance = 0;
            for (int i = 0; i < image.Length; i++) distance += (image[i] - means[c][i]) * (image[i] - means[c][i]);
            if (distance < least) (best, least) = (c, distance);
        }

        return best;
    }
}
