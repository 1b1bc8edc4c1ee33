using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Engine.Tests.Evaluation;

public sealed class InnerTrainerTests
{
    private static readonly RunSpecification Specification = SmallEvaluation.Specification;
    private static readonly IImageDataset Dataset = SmallEvaluation.Dataset;

    /// <summary>θ of SGD whose rate is 0.</summary>
    private static readonly float[] Standing = [float.NegativeInfinity];

    [Fact]
    public void Run_SameTaskTwice_GivesTheSameNumbers()
    {
        using var trainer = new InnerTrainer(Specification, Dataset);
        using var sgd = OptimizerFamilies.Sgd.Create(trainer.Layout, new UpdateSettings(Specification.InnerSteps));
        trainer.Enter(ClassSplit.OuterTest, 3);
        var first = trainer.Run(sgd, Rate(0.1), default);
        trainer.Enter(ClassSplit.OuterTest, 4);
        trainer.Run(sgd, Rate(10), default);
        trainer.Enter(ClassSplit.OuterTest, 3);
        var again = trainer.Run(sgd, Rate(0.1), default);
        Assert.Equal(first.Losses, again.Losses);
        Assert.Equal(first.ValidCurve, again.ValidCurve);
    }

    [Fact]
    public void Run_Steps_AreCounted()
    {
        var taken = new InnerStepCounter();
        TaskEvaluator.Evaluate(Specification, Dataset, null, ClassSplit.OuterTest, tasks: 2, default, taken: taken);
        Assert.Equal(2 * Baseline.Adam.Settings.Length * Specification.InnerSteps, taken.Count);
        using var arena = new ComparisonArena(Specification, Dataset, taken: taken);
        long before = taken.Count;
        arena.Run(0, Baseline.RmsProp, default);
        Assert.Equal(Baseline.RmsProp.Settings.Length * Specification.InnerSteps, taken.Count - before);
    }

    [Fact]
    public void Run_RateZero_StaysAtTheStart()
    {
        using var trainer = new InnerTrainer(Specification, Dataset);
        using var sgd = OptimizerFamilies.Sgd.Create(trainer.Layout, new UpdateSettings(Specification.InnerSteps));
        trainer.Enter(ClassSplit.OuterTest, 0);
        var losses = trainer.Run(sgd, Standing, default).Losses;
        // A net with its random start guesses: near ln(classes), far from a trained one.
        Assert.InRange(losses.TrainFinal, 0.7 * Math.Log(4), 2 * Math.Log(4));
        var trained = trainer.Run(sgd, Rate(0.1), default).Losses;
        Assert.InRange(trained.TrainMean, 0, 0.95 * losses.TrainMean);
        Assert.InRange(losses.TrainAccuracy, 0, 0.6);
        Assert.InRange(trained.TrainAccuracy, losses.TrainAccuracy + 0.1, 1);
    }

    /// <summary>The splits have 4 × 12 and 4 × 6 images, whatever the minibatch size is.</summary>
    [Theory]
    [InlineData(5)]
    [InlineData(48)]
    public void Run_Accuracies_AreSharesOfTheWholeSplits(int minibatchSize)
    {
        using var trainer = new InnerTrainer(Specification with { MinibatchSize = minibatchSize }, Dataset);
        using var sgd = OptimizerFamilies.Sgd.Create(trainer.Layout, new UpdateSettings(Specification.InnerSteps));
        trainer.Enter(ClassSplit.OuterTest, 0);
        var losses = trainer.Run(sgd, Standing, default).Losses;
        Assert.Equal(Math.Round(48 * losses.TrainAccuracy), 48 * losses.TrainAccuracy, 1e-9);
        Assert.Equal(Math.Round(24 * losses.ValidAccuracy), 24 * losses.ValidAccuracy, 1e-9);
        using var whole = new InnerTrainer(Specification with { MinibatchSize = 12 }, Dataset);
        whole.Enter(ClassSplit.OuterTest, 0);
        var other = whole.Run(sgd, Standing, default).Losses;
        Assert.Equal(other.TrainAccuracy, losses.TrainAccuracy, 1e-12);
        Assert.Equal(other.ValidAccuracy, losses.ValidAccuracy, 1e-12);
    }

    [Fact]
    public void Best_OfAccuracies_IsTheGreatestMeasuredOne()
    {
        InnerTrainingLosses left = new(1, 1, 1, 1), run = left with { TrainAccuracy = 0.5, ValidAccuracy = 0.75 };
        Assert.Equal(0.5, InnerTrainingLosses.Best(left, run).TrainAccuracy);
        Assert.Equal(0.75, InnerTrainingLosses.Best(run, run with { ValidAccuracy = 0.25 }).ValidAccuracy);
        Assert.Equal(double.NaN, InnerTrainingLosses.Best(left, left).ValidAccuracy);
    }

    [Fact]
    public void Time_CountsGradientsAndUpdatesApart()
    {
        double now = 0;
        using var trainer = new InnerTrainer(Specification, Dataset);
        using var optimizer = new Excursion(away: int.MaxValue) { Updating = () => now += 3 };
        trainer.Enter(ClassSplit.OuterTest, 0);
        var time = trainer.Time(optimizer, [], 7, () => now += 0.7);
        Assert.Equal(8, optimizer.Updates);
        Assert.Equal(new StepTime(0.1, 3.1), new StepTime(Math.Round(time.GradientSeconds, 9), Math.Round(time.UpdateSeconds, 9)));
    }

    /// <summary>The whole split is evaluated in minibatches like those of training, with images of all classes.</summary>
    [Fact]
    public void Run_BatchNormalization_EndsWhereItsMinibatchesEnd()
    {
        var specification = Specification with
        {
            InnerProblem = InnerProblemKind.Convnet,
            BatchNorm = true,
            ConvChannels = 4,
            ConvStrides = [2, 2],
            InnerSteps = 150,
            MinibatchSize = 16,
            CurveEverySteps = 50,
        };
        using var trainer = new InnerTrainer(specification, Dataset);
        using var adam = OptimizerFamilies.Adam.Create(trainer.Layout, new UpdateSettings(specification.InnerSteps));
        trainer.Enter(ClassSplit.OuterTest, 0);
        float[] theta = ((IOuterTrainableFamily)OptimizerFamilies.Adam).InitialTheta(1);
        theta[0] = MathF.Log(0.01f);
        var training = trainer.Run(adam, theta, default);
        Assert.InRange(training.Losses.TrainFinal, 0, 0.8 * Math.Log(4));
        Assert.InRange(training.Losses.TrainFinal, 0, 1.2 * training.TrainCurve[^1]);
        Assert.InRange(training.Losses.ValidFinal, 0, 1.3 * training.ValidCurve[^1]);
    }

    [Fact]
    public void Run_Diverged_CountsAsTheCap()
    {
        using var trainer = new InnerTrainer(Specification, Dataset);
        using var sgd = OptimizerFamilies.Sgd.Create(trainer.Layout, new UpdateSettings(Specification.InnerSteps));
        trainer.Enter(ClassSplit.OuterTest, 0);
        var training = trainer.Run(sgd, Rate(1e30), default);
        Assert.Equal(Specification.LossCap, training.Losses.TrainFinal);
        Assert.Equal(Specification.LossCap, training.Losses.ValidFinal);
        Assert.Equal((float)Specification.LossCap, training.TrainCurve[^1]);
        Assert.Equal((0, 0), (training.Losses.TrainAccuracy, training.Losses.ValidAccuracy));
        // Only the first step, before any update, was alive: what a net that never moves has on the first minibatch.
        using var everyStep = new InnerTrainer(Specification with { CurveEverySteps = 1 }, Dataset);
        everyStep.Enter(ClassSplit.OuterTest, 0);
        var still = everyStep.Run(sgd, Standing, default);
        int steps = Specification.InnerSteps;
        Assert.Equal((still.TrainCurve[0] + ((steps - 1) * Specification.LossCap)) / steps, training.Losses.TrainMean, 1e-6);
        Assert.Equal((still.ValidCurve[0] + ((steps - 1) * Specification.LossCap)) / steps, training.Losses.ValidMean, 1e-6);
    }

    /// <summary>
    /// ℓ(w) = ½ a (w−c)². SGD multiplies w − c by 1 − αa at every step, so ℓ(t) = ℓ(0) (1 − αa)²ᵗ; in one dimension a = 4
    /// (<see cref="Engine.InnerProblems.Toys.RandomQuadratic"/>'s loss at the start over its trace).
    /// </summary>
    [Fact]
    public void Run_QuadraticUnderSgd_FollowsTheClosedForm()
    {
        const double rate = 0.01;
        var specification = Specification with
        {
            InnerProblem = InnerProblemKind.Quadratic,
            QuadraticDimensions = 1,
            InnerSteps = 25,
            CurveEverySteps = 1,
            LossCap = 1e6,
        };
        using var trainer = new InnerTrainer(specification, Dataset);
        using var sgd = OptimizerFamilies.Sgd.Create(trainer.Layout, new UpdateSettings(Specification.InnerSteps));
        trainer.Enter(ClassSplit.OuterTest, 2);
        var training = trainer.Run(sgd, Rate(rate), default);

        double first = training.TrainCurve[0], factor = 1 - (rate * 4);
        double[] expected = [.. Enumerable.Range(0, 26).Select(t => first * Math.Pow(factor, 2 * t))];
        Assert.True(first > 0);
        Assert.All(expected.Take(25).Zip(training.TrainCurve), p => Assert.Equal(p.First, p.Second, 1e-5 * first));
        Assert.Equal(expected.Take(25).Average(), training.Losses.TrainMean, 1e-5 * first);
        Assert.Equal(expected[25], training.Losses.TrainFinal, 1e-5 * first);
        Assert.Equal(training.Losses.TrainMean, training.Losses.ValidMean);
        Assert.Equal((double.NaN, double.NaN), (training.Losses.TrainAccuracy, training.Losses.ValidAccuracy));
    }

    [Fact]
    public void Run_AtTheCapAndBeaten_IsLeft()
    {
        using var trainer = new InnerTrainer(Long, Dataset);
        using var optimizer = new Excursion(away: int.MaxValue);
        trainer.Enter(ClassSplit.OuterTest, 0);
        var losses = trainer.Run(optimizer, [], default, toBeat: new InnerTrainingLosses(1, 1, 1, 1)).Losses;
        Assert.InRange(optimizer.Updates, 100, 101);
        Assert.Equal((Long.LossCap, Long.LossCap), (losses.TrainFinal, losses.ValidFinal));
        Assert.InRange(losses.TrainMean, 0.99 * Long.LossCap, Long.LossCap);
    }

    [Theory]
    [InlineData(90, 1.0)]
    [InlineData(int.MaxValue, 9.999)]
    public void Run_SoonBackFromTheCapOrNotBeaten_IsNotLeft(int away, double toBeat)
    {
        using var trainer = new InnerTrainer(Long, Dataset);
        using var optimizer = new Excursion(away);
        trainer.Enter(ClassSplit.OuterTest, 0);
        trainer.Run(optimizer, [], default, new InnerTrainingLosses(toBeat, toBeat, toBeat, toBeat));
        Assert.Equal(Long.InnerSteps, optimizer.Updates);
    }

    [Fact]
    public void Run_NothingToBeat_IsDoneToTheEnd()
    {
        using var trainer = new InnerTrainer(Long, Dataset);
        using var optimizer = new Excursion(away: int.MaxValue);
        trainer.Enter(ClassSplit.OuterTest, 0);
        trainer.Run(optimizer, [], default);
        Assert.Equal(Long.InnerSteps, optimizer.Updates);
    }

    /// <summary>Every loss is taken at the evaluation point: there, at 0, each class has the same probability.</summary>
    [Fact]
    public void Run_EvaluationPointElsewhere_TakesEveryLossThere()
    {
        using var trainer = new InnerTrainer(Specification, Dataset);
        using var optimizer = new EvaluatedAtZero(trainer.Layout.PaddedLength);
        trainer.Enter(ClassSplit.OuterTest, 0);
        var training = trainer.Run(optimizer, [], default);
        double guess = Math.Log(4);
        Assert.All([.. training.TrainCurve, .. training.ValidCurve], x => Assert.Equal(guess, x, 1e-6));
        Assert.Equal(guess, training.Losses.TrainFinal, 1e-6);
        Assert.Equal(guess, training.Losses.ValidFinal, 1e-6);
    }

    public static TheoryData<string> Baselines => [.. OptimizerFamilies.Baselines.Select(f => f.Name)];

    [Theory]
    [MemberData(nameof(Baselines))]
    public void Run_EachBaseline_Learns(string name)
    {
        var family = OptimizerFamilies.Find(name)!;
        using var trainer = new InnerTrainer(Specification, Dataset);
        using var optimizer = family.Create(trainer.Layout, new UpdateSettings(Specification.InnerSteps));
        using var sgd = OptimizerFamilies.Sgd.Create(trainer.Layout, new UpdateSettings(Specification.InnerSteps));
        trainer.Enter(ClassSplit.OuterTest, 0);
        var still = trainer.Run(sgd, Standing, default).Losses;
        // Lion moves every parameter by its whole rate: its authors advise a tenth of AdamW's.
        double rate = name == OptimizerFamilies.Lion.Name ? 0.001 : 0.01;
        var rates = family.Theta.HyperParameters.Where(h => h.Name.EndsWith("earningRate", StringComparison.Ordinal));
        var losses = trainer.Run(optimizer, family.Theta.Point([.. rates.Select(h => (h.Name, rate))]), default).Losses;
        Assert.InRange(losses.TrainFinal, 0, 0.9 * still.TrainFinal);
        Assert.InRange(losses.ValidMean, 0, 0.98 * still.ValidMean);
    }

    private static RunSpecification Long => Specification with { InnerSteps = 300 };

    /// <summary>Never moves, and is judged at w = 0.</summary>
    private sealed class EvaluatedAtZero(int length) : IInnerOptimizer
    {
        private readonly float[] _zero = new float[length];

        public int ThetaLength => 0;

        public int StateVectors => 0;

        public void Update(ReadOnlySpan<float> theta, long t, ReadOnlySpan<float> g, Span<float> w, Span<float> m)
        {
        }

        public ReadOnlySpan<float> EvaluationPoint(ReadOnlySpan<float> theta, ReadOnlySpan<float> w, ReadOnlySpan<float> m) => _zero;

        public void Dispose()
        {
        }
    }

    /// <summary>Goes far away at its first step, and comes back after some.</summary>
    private sealed class Excursion(int away) : IInnerOptimizer
    {
        private const float Far = 1e6f;

        public int ThetaLength => 0;

        public int StateVectors => 0;

        public int Updates { get; private set; }

        public Action Updating { get; init; } = () => { };

        public void Update(ReadOnlySpan<float> theta, long t, ReadOnlySpan<float> g, Span<float> w, Span<float> m)
        {
            float factor = t == 0 ? Far : t == away ? 1 / Far : 1;
            for (int i = 0; i < w.Length; i++) w[i] *= factor;
            Updates++;
            Updating();
        }

        public void Dispose()
        {
        }
    }

    private static float[] Rate(double rate) => OptimizerFamilies.Sgd.Theta.Point(("learningRate", rate));
}
