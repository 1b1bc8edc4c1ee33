using LoptCluster.Shared.Randomness;

namespace LoptCluster.Engine.InnerProblems.Toys;

/// <summary>
/// Random instances of <see cref="QuadraticProblem"/>: eigenvalues over two decades, random eigenvectors, centre ~ N(0, 1).
/// </summary>
public static class RandomQuadratic
{
    /// <summary>
    /// Maximum number of Householder reflections that form the eigenvectors: one per dimension would give the uniform distribution; few
    /// suffice to mix.
    /// </summary>
    private const int MaxReflections = 16;

    /// <summary>
    /// Constant 100^(-1/8): the eighth power of a line from here to 1 falls by two decades, nearly uniformly in the logarithm.
    /// </summary>
    private const double EighthRootOfLeast = 0.56234132519034907;

    /// <summary>Approximate expected loss at the start, in nats: below the usual cap of 10 for any number of dimensions.</summary>
    private const double StartLoss = 4;

    /// <param name="random">Stream of purpose <see cref="RandomPurpose.QuadraticProblem"/>, keyed by problem id.</param>
    public static QuadraticProblem Create(ref RandomStream random, int dimensions)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimensions);
        double[] a = new double[(long)dimensions * dimensions];
        double trace = 0;
        for (int i = 0; i < dimensions; i++)
        {
            double eigenvalue = Eigenvalue(i, dimensions);
            a[((long)i * dimensions) + i] = eigenvalue;
            trace += eigenvalue;
        }

        double[] direction = new double[dimensions], product = new double[dimensions];
        for (int i = 0; i < Math.Min(dimensions, MaxReflections); i++) Reflect(ref random, a, direction, product);

        // Initially w - c ~ N(0, 2), so the expected loss is the trace.
        double scale = StartLoss / trace;
        float[] matrix = new float[a.LongLength];
        for (int i = 0; i < dimensions; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                float value = (float)(a[((long)i * dimensions) + j] * scale);
                matrix[((long)i * dimensions) + j] = matrix[((long)j * dimensions) + i] = value;
            }
        }

        float[] center = new float[dimensions];
        random.FillNormal(center);
        return new QuadraticProblem(matrix, center);
    }

    /// <summary>Eigenvalue by index, 0.01 … 1 before scaling.</summary>
    internal static double Eigenvalue(int index, int dimensions)
    {
        double position = dimensions == 1 ? 1 : index / (dimensions - 1.0);
        double root = EighthRootOfLeast + ((1 - EighthRootOfLeast) * position);
        double square = root * root;
        return square * square * square * square;
    }

    /// <summary>Reflects A ← H A H with H = I - 2uuᵀ, u a random direction: with p = Au and K = uᵀp, A - 2(puᵀ + upᵀ) + 4K uuᵀ.</summary>
    private static void Reflect(ref RandomStream random, double[] a, double[] u, double[] p)
    {
        int n = u.Length;
        double norm = 0;
        for (int i = 0; i < n; i++)
        {
            u[i] = random.NextNormal();
            norm += u[i] * u[i];
        }

        norm = Math.Sqrt(norm);
        for (int i = 0; i < n; i++) u[i] /= norm;
        double k = 0;
        for (int i = 0; i < n; i++)
        {
            double sum = 0;
            for (int j = 0; j < n; j++) sum += a[((long)i * n) + j] * u[j];
            p[i] = sum;
            k += sum * u[i];
        }

        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++) a[((long)i * n) + j] += (4 * k * u[i] * u[j]) - (2 * ((p[i] * u[j]) + (u[i] * p[j])));
        }
    }
}
