#:project ../src/Engine/Engine.csproj
#:property PublishAot=false

// Uniform random search over the eight hyper-parameters of adamRegDecay (§4.4), with the inner-steps that an outer-training has spent.
// bench/random-search calls it: SPECIFICATION INNER-STEPS TASKS DECAYS THETA
//   SPECIFICATION  the run's: its tasks of outer-training classes, horizon T, objective and seed
//   INNER-STEPS    all that the search spends; a configuration that diverges counts with all of its steps
//   TASKS          tasks of each configuration, the same for all; the least mean loss wins
//   DECAYS         'published': the ranges of the decays as published, for trainings of 10,000 steps; 'scaled': for T steps
//   THETA          file to write, with its card
//
// Ranges: adam8p_wide_grid of TaskSet (Metz et al. 2020), task_set/optimizers/adam8p.py, all log-uniform. Its rule differs from ours:
// - It adds l2 Σw² to the loss, ours ½ ℓ2 Σw²: the range below is twice the published 1e-8 … 10.
// - It divides by √(v + 1e-10) + ε, ours by √v + ε: its denominator is never below 1e-5.
// - Its decays are those of ours, max(0, 1 - c t) and exp(-c t), but its t is scaled so that a training ends at 10,000, if its length is
//   given. The getter of the grid does not give it, so TaskSet's own results are of unscaled t. 'scaled' is the rule with the length.
using System.Globalization;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.ThetaFiles;
using LoptCluster.Shared.Randomness;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var specification = PresetCatalog.Load(args[0]) with { Name = "random-search", Optimizer = OptimizerKind.AdamRegDecay };
long innerSteps = long.Parse(args[1]);
int tasks = int.Parse(args[2]);
double decays = args[3] switch
{
    "published" => 1,
    "scaled" => 10_000.0 / specification.InnerSteps,
    var other => throw new ArgumentException($"DECAYS '{other}' must be 'published' or 'scaled'."),
};
string file = args[4];

// β1 and β2 by 1 - β: every element of θ is the logarithm of the number whose range this is.
(string Name, double Lowest, double Highest)[] ranges =
[
    ("learningRate", 1e-8, 10),
    ("beta1", 1e-4, 1),
    ("beta2", 1e-6, 1),
    ("epsilon", 1e-10, 1e3),
    ("linearDecay", 1e-7 * decays, 1e-4 * decays),
    ("exponentialDecay", 1e-6 * decays, 1e-3 * decays),
    ("l1", 1e-8, 10),
    ("l2", 2e-8, 20),
];
var layout = OptimizerFamilies.AdamRegDecay.Theta;
int configurations = (int)(innerSteps / ((long)tasks * specification.InnerSteps));
if (configurations < 1) throw new ArgumentException($"{innerSteps} inner-steps are too few for one configuration on {tasks} tasks.");

var images = DatasetCatalog.OpenRun(specification, directory: null);
double[] losses = new double[configurations];
Parallel.For(0, configurations, i =>
{
    var outcome = TaskEvaluator.Evaluate(specification, images, Draw(i), ClassSplit.OuterTrain, tasks, CancellationToken.None);
    losses[i] = outcome.MeanLoss.Average();
});

int best = Array.IndexOf(losses, losses.Min());
var content = new ThetaFileContent(new ThetaSnapshot(0, Draw(best)), specification.Optimizer, RunId: "");
ThetaFile.Write(file, content);
ThetaCard.Write(file, content, specification);
var quartiles = Quartiles.Of(losses);
Console.WriteLine(
    $"{configurations} configurations × {tasks} tasks × {specification.InnerSteps} inner-steps = "
    + $"{(long)configurations * tasks * specification.InnerSteps:N0} of {innerSteps:N0}; "
    + $"mean loss of the best (number {best}) {losses[best]:F4}, "
    + $"quartiles of all {quartiles.Lower:F3}, {quartiles.Median:F3}, {quartiles.Upper:F3}");

float[] Draw(int configuration)
{
    var random = new RandomStream(specification.Seed, RandomPurpose.ThetaInitialization, configuration);
    float[] theta = new float[layout.Length];
    foreach (var (name, lowest, highest) in ranges)
        theta[layout.IndexOf(name)] = (float)(Math.Log(lowest) + (random.NextDouble() * Math.Log(highest / lowest)));
    return theta;
}
