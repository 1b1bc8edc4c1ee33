using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.ThetaFiles;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;
using LoptCluster.Torch.Libtorch;
using LoptCluster.Torch.Optimizers;
using TorchSharp;
using static TorchSharp.torch;

namespace LoptCluster.Examples.TorchModule;

/// <summary>An ordinary TorchSharp training loop with a trained θ as its optimizer, beside Adam, on classes that θ never saw.</summary>
internal static class UseTheta
{
    private const long Task = 1L << 40;

    public static int Run(string thetaPath)
    {
        try
        {
            LibtorchRuntime.Require();
            var specification = ThetaCard.ReadSpecification(thetaPath) ?? throw new UserErrorException($"{thetaPath}: has no card beside it to say which images it was trained on");
            double learned = Train(specification, module => new LearnedOptimizer(module.parameters(), thetaPath));
            double adam = Train(specification, module => optim.Adam(module.parameters(), 3e-3));
            Console.WriteLine($"mean training loss over {specification.InnerSteps} steps: learned {learned:F3}, Adam at 3e-3 {adam:F3}");
            return 0;
        }
        catch (UserErrorException e)
        {
            Console.Error.WriteLine(e.Message);
            return 2;
        }
    }

    private static double Train(RunSpecification specification, Func<nn.Module, optim.Optimizer> create)
    {
        var dataset = DatasetCatalog.Open(specification, null);
        var tasks = new TaskDistribution(dataset, specification);
        using var minibatches = new TaskMinibatches(tasks.Sample(ClassSplit.OuterTest, Task), specification.MinibatchSize, specification.Seed, Task);
        manual_seed(1);
        using var module = new SmallNet(dataset.Shape, tasks.ClassesPerTask);
        using var optimizer = create(module);
        double sum = 0;
        for (int t = 0; t < specification.InnerSteps; t++)
        {
            using var scope = NewDisposeScope();
            var (images, labels) = Tensors(minibatches.Inner(t), dataset.Shape);
            optimizer.zero_grad();
            var loss = nn.functional.cross_entropy(module.forward(images), labels);
            loss.backward();
            optimizer.step();
            sum += loss.ToDouble();
        }

        return sum / specification.InnerSteps;
    }

    private static (Tensor Images, Tensor Labels) Tensors(Minibatch batch, ImageShape shape) => (
        tensor(batch.Inputs.ToArray()).reshape(batch.Size, shape.Size, shape.Size, shape.Channels).permute(0, 3, 1, 2),
        tensor(batch.Labels.ToArray()).to(ScalarType.Int64));
}
