using System.Diagnostics;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Minibatches;
using LoptCluster.Engine.ThetaFiles;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;
using LoptCluster.Torch.Libtorch;
using LoptCluster.Torch.Optimizers;
using TorchSharp;
using static TorchSharp.torch;

namespace LoptCluster.Examples.TorchModule;

/// <summary>Ordinary TorchSharp training loop with a trained θ as its optimizer, compared with Adam on classes held out from θ.</summary>
internal static class UseTheta
{
    private const long Task = 1L << 40;

    public static int Run(string thetaPath)
    {
        try
        {
            LibtorchRuntime.Require();
            var specification = ThetaCard.ReadSpecification(thetaPath) ?? throw new UserErrorException(
                $"'{thetaPath}' has no card beside it. Put the run's theta.card.json there, which names the images.");
            var learned = Train(specification, module => new LearnedOptimizer(module.parameters(), thetaPath));
            var adam = Train(specification, module => optim.Adam(module.parameters(), 3e-3));
            Console.WriteLine(
                $"mean training loss over {specification.InnerSteps} steps: learned {learned.Loss:F3}, Adam at 3e-3 {adam.Loss:F3}");
            Console.WriteLine($"median optimizer step: learned {learned.StepMicroseconds:F0} µs, Adam {adam.StepMicroseconds:F0} µs");
            return 0;
        }
        catch (UserErrorException e)
        {
            Console.Error.WriteLine(e.Message);
            return 2;
        }
    }

    private static (double Loss, double StepMicroseconds) Train(RunSpecification specification, Func<nn.Module, optim.Optimizer> create)
    {
        var dataset = DatasetCatalog.Open(specification, null);
        var tasks = new TaskDistribution(dataset, specification);
        using var minibatches = new TaskMinibatches(
            tasks.Sample(ClassSplit.OuterTest, Task), specification.MinibatchSize, specification.Seed, Task);
        manual_seed(1);
        using var module = new SmallNet(dataset.Shape, tasks.ClassesPerTask);
        using var optimizer = create(module);
        double[] microseconds = new double[specification.InnerSteps];
        double sum = 0;
        for (int t = 0; t < specification.InnerSteps; t++)
        {
            using var scope = NewDisposeScope();
            var (images, labels) = Tensors(minibatches.Inner(t), dataset.Shape);
            optimizer.zero_grad();
            var loss = nn.functional.cross_entropy(module.forward(images), labels);
            loss.backward();
            long start = Stopwatch.GetTimestamp();
            optimizer.step();
            microseconds[t] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            sum += loss.ToDouble();
        }

        Array.Sort(microseconds);
        return (sum / specification.InnerSteps, microseconds[microseconds.Length / 2]);
    }

    private static (Tensor Images, Tensor Labels) Tensors(Minibatch batch, ImageShape shape) => (
        tensor(batch.Inputs.ToArray()).reshape(batch.Size, shape.Size, shape.Size, shape.Channels).permute(0, 3, 1, 2),
        tensor(batch.Labels.ToArray()).to(ScalarType.Int64));
}
