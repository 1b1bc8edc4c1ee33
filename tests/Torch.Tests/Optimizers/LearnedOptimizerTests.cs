using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Parameters;
using LoptCluster.Engine.ThetaFiles;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;
using LoptCluster.Torch.Optimizers;
using LoptCluster.Torch.Tests.InnerProblems;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace LoptCluster.Torch.Tests.Optimizers;

public sealed class LearnedOptimizerTests : IDisposable
{
    /// <summary>Relative distance of w: the kernels are the engine's.</summary>
    private const double Tolerance = 1e-6;
    private const int Steps = 150;

    /// <summary>Of a multiple of 16 numbers (updated in place) and not, longer than the kernels' blocks and a single number.</summary>
    private static readonly ParameterLayout Layout = new(("even", [32, 16]), ("odd", [7, 11, 3, 5]), ("bias", [10]), ("one", [1]));

    private readonly ThetaFiles _files = new();

    public void Dispose() => _files.Dispose();

    [LibtorchTheory]
    [InlineData(OptimizerKind.Mlp16)]
    [InlineData(OptimizerKind.Mlp31)]
    public void Step_ManyTimes_IsTheEngines(OptimizerKind kind)
    {
        var parameters = Parameters();
        using var sut = new LearnedOptimizer(parameters, _files.Write(kind));
        var specification = ThetaFiles.Specification(kind);
        var engine = new EngineSteps(specification, UpdateSettings.Of(specification), parameters);
        for (int t = 0; t < Steps; t++)
        {
            float[] g = Gradient(t);
            SetGradients(parameters, g);
            sut.step();
            engine.Step(t, g);
            Assert.InRange(Batches.Distance(Padded(parameters), engine.W), 0, Tolerance);
        }

        Assert.True(Batches.Distance(engine.W, Padded(Parameters())) > 0.01, "the steps are too small to tell anything");
    }

    [LibtorchTheory]
    [InlineData(OptimizerKind.Mlp20, StepDecay.None, TimeInputs.Steps)]
    [InlineData(OptimizerKind.Mlp16, StepDecay.Linear, TimeInputs.Steps)]
    [InlineData(OptimizerKind.Mlp16, StepDecay.None, TimeInputs.Horizon)]
    public void Step_WithAPlan_IsTheEnginesInThatTraining(OptimizerKind kind, StepDecay decay, TimeInputs time)
    {
        var parameters = Parameters();
        var specification = ThetaFiles.Specification(kind) with
        {
            StepDecay = decay,
            TimeInputs = time,
            InnerSteps = 10_000,
            MinibatchSize = 7,
        };
        using var sut = new LearnedOptimizer(
            parameters, _files.Write(specification), new TrainingPlan(Steps: 60, Examples: 500, MinibatchSize: 20));
        var settings = UpdateSettings.Of(specification) with { InnerSteps = 60, TrainingImages = 500, MinibatchSize = 20 };
        var engine = new EngineSteps(specification, settings, parameters);
        var asTrained = new EngineSteps(specification, UpdateSettings.Of(specification), parameters);
        for (int t = 0; t < 50; t++)
        {
            Step(sut, parameters, t);
            engine.Step(t, Gradient(t));
            asTrained.Step(t, Gradient(t));
            Assert.InRange(Batches.Distance(Padded(parameters), engine.W), 0, Tolerance);
        }

        Assert.True(Batches.Distance(engine.W, asTrained.W) > 1e-3, "the plan makes no difference");
    }

    [LibtorchTheory]
    [InlineData(OptimizerKind.Mlp20, StepDecay.None, TimeInputs.Steps, "takes the training's length and number of examples as inputs")]
    [InlineData(OptimizerKind.Mlp16, StepDecay.Linear, TimeInputs.Steps, "steps that shrink over the training's length")]
    [InlineData(OptimizerKind.Mlp16, StepDecay.None, TimeInputs.Horizon, "time as a share of the training's length")]
    public void Plan_ThatIsNeededAndMissing_IsAskedFor(OptimizerKind kind, StepDecay decay, TimeInputs time, string why)
    {
        string theta = _files.Write(ThetaFiles.Specification(kind) with { StepDecay = decay, TimeInputs = time });
        var error = Assert.Throws<UserErrorException>(() => new LearnedOptimizer([new Parameter(zeros(2))], theta));
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.Contains("new TrainingPlan(steps, examples, minibatchSize)", error.Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// λ_lin and λ_exp of the run, not those of the paper: from the file, or from the card of a file that another program saved.
    /// </summary>
    [LibtorchTheory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void Step_CardOrFileAlone_UsesTheScalesOfTheRun(bool card, bool complete)
    {
        var parameters = Parameters();
        using var sut = new LearnedOptimizer(parameters, _files.Write(OptimizerKind.Mlp16, card, complete));
        var specification = ThetaFiles.Specification(OptimizerKind.Mlp16);
        using var engine = OptimizerFactory.Create(specification, Layout);
        float[] w = Padded(parameters), g = Gradient(0);
        engine.Update(OptimizerFactory.InitialTheta(specification), 0, g, w, new float[w.Length * engine.StateVectors]);
        SetGradients(parameters, g);
        sut.step();
        Assert.InRange(Batches.Distance(Padded(parameters), w), 0, Tolerance);
    }

    [LibtorchFact]
    public void Theta_WithoutItsConstants_IsRefused()
    {
        string theta = _files.Write(OptimizerKind.Mlp16, card: false, complete: false);
        Assert.Contains("does not say what its update depends on", Message(), StringComparison.Ordinal);

        string other = _files.Write(OptimizerKind.Mlp31);
        File.Copy(ThetaCard.PathOf(other), ThetaCard.PathOf(theta));
        Assert.Contains("is that of another θ", Message(), StringComparison.Ordinal);

        string Message() =>
            Assert.Throws<UserErrorException>(() => new LearnedOptimizer([new Parameter(zeros(2))], theta)).Message;
    }

    [LibtorchFact]
    public void Step_NoGradient_LeavesTheParameterAndItsMomenta()
    {
        Parameter[] parameters = Parameters(), others = Parameters();
        string theta = _files.Write(OptimizerKind.Mlp16);
        using LearnedOptimizer sut = new(parameters, theta), reference = new(others, theta);
        SetGradients(parameters, Gradient(0));
        parameters[1].grad = null!;
        float[] before = Numbers(parameters[1]);
        sut.step();
        Assert.Equal(before, Numbers(parameters[1]));
        Assert.NotEqual(Numbers(Parameters()[0]), Numbers(parameters[0]));

        // Its momenta are still zero: the next step is that of an optimizer that has not seen a gradient of it.
        reference.step();
        SetGradients(parameters, Gradient(1));
        SetGradients(others, Gradient(1));
        sut.step();
        reference.step();
        Assert.Equal(Numbers(others[1]), Numbers(parameters[1]));
    }

    [LibtorchFact]
    public void StateDict_SavedAndLoaded_GoesOnTheSameWay()
    {
        Parameter[] parameters = Parameters();
        string theta = _files.Write(OptimizerKind.Mlp31), file = _files.In("state.dat");
        using var sut = new LearnedOptimizer(parameters, theta);
        for (int t = 0; t < 20; t++) Step(sut, parameters, t);
        sut.save_state_dict(file);
        Parameter[] copies = Copies(parameters), more = Copies(parameters);
        using LearnedOptimizer fromFile = new(copies, theta), fromObject = new(more, theta), fresh = new(Copies(parameters), theta);
        fromFile.load_state_dict(file);
        fromObject.load_state_dict(sut.state_dict());
        for (int t = 20; t < 40; t++)
        {
            Step(sut, parameters, t);
            Step(fromFile, copies, t);
            Step(fromObject, more, t);
            Assert.Equal(Padded(parameters), Padded(copies));
            Assert.Equal(Padded(parameters), Padded(more));
        }

        // The state matters.
        Parameter[] without = [.. fresh.parameters()];
        for (int t = 20; t < 40; t++) Step(fresh, without, t);
        Assert.NotEqual(Padded(parameters), Padded(without));
    }

    [LibtorchFact]
    public void StateDict_OfAnotherModule_IsRefused()
    {
        string theta = _files.Write(OptimizerKind.Mlp16), file = _files.In("state.dat");
        using (var one = new LearnedOptimizer([new Parameter(zeros(3))], theta)) one.save_state_dict(file);
        using var other = new LearnedOptimizer([new Parameter(zeros(4))], theta);
        var error = Assert.Throws<UserErrorException>(() => other.load_state_dict(file));
        Assert.Contains("momenta of 3 numbers where the parameter has 4", error.Message, StringComparison.Ordinal);
    }

    [LibtorchFact]
    public void ParameterGroups_HaveFactorsAndStepsOfTheirOwn()
    {
        string theta = _files.Write(OptimizerKind.Mlp16);
        Parameter[] a = Parameters(), b = Parameters(), alone = Parameters();
        using var sut = new LearnedOptimizer(a, theta);
        Step(sut, a, 0);
        sut.add_param_group(new ParamGroup { Parameters = b });
        using var reference = new LearnedOptimizer(alone, theta);
        SetGradients(a, Gradient(1));
        Step(sut, b, 0);
        Step(reference, alone, 0);
        Assert.Equal(Padded(alone), Padded(b));

        // A factor of zero, as a scheduler may set it, moves nothing.
        foreach (var group in sut.ParamGroups) group.LearningRate = 0;
        float[] before = Padded(b);
        Step(sut, b, 1);
        Assert.Equal(before, Padded(b));
        Assert.Throws<UserErrorException>(() => sut.add_param_group(new ParamGroup { Parameters = [b[0]] }));
    }

    [LibtorchFact]
    public void Step_StridedParameterAndGradient_AreThoseOfTheContiguousOnes()
    {
        string theta = _files.Write(OptimizerKind.Mlp16);
        var values = tensor(Batches.Normal(48, 5)).reshape(6, 8);
        Parameter plain = new(values.clone()), strided = new(values.t().contiguous().t());
        Assert.False(strided.is_contiguous());
        using LearnedOptimizer one = new([plain], theta), other = new([strided], theta);
        var g = tensor(Batches.Normal(48, 6)).reshape(6, 8);
        for (int t = 0; t < 5; t++)
        {
            plain.grad = g.clone();
            strided.grad = g.t().contiguous().t();
            one.step();
            other.step();
        }

        Assert.Equal(plain.data<float>().ToArray(), strided.contiguous().data<float>().ToArray());
    }

    [LibtorchFact]
    public void Parameters_ThatTheKernelsCannotTake_AreRefusedByName()
    {
        string theta = _files.Write(OptimizerKind.Mlp16);
        Refused(new Parameter(zeros(2, 3, dtype: ScalarType.Float64)), "Parameter 0 (shape [2, 3]) is 'Float64'");
        Refused(new Parameter(zeros(2, 3, dtype: ScalarType.BFloat16)), "is 'BFloat16'");
        Refused(new Parameter(zeros(4, device: META)), "is on 'meta");
        Refused(new Parameter(zeros(0)), "is empty");

        void Refused(Parameter parameter, string words) =>
            Assert.Contains(
                words, Assert.Throws<UserErrorException>(() => new LearnedOptimizer([parameter], theta)).Message, StringComparison.Ordinal);
    }

    [LibtorchFact]
    public void ThetaFiles_ThatAreNotUsable_AreRefusedByName()
    {
        string missing =
            _files.In("missing.safetensors"), damaged = _files.In("damaged.safetensors"), adam = _files.Write(OptimizerKind.Adam);
        File.WriteAllText(damaged, "no tensors");
        Assert.Contains($"'{missing}' cannot be read", Message(missing), StringComparison.Ordinal);
        Assert.Contains($"'{damaged}' is not usable", Message(damaged), StringComparison.Ordinal);
        Assert.Contains("hyper-parameters of 'Adam'", Message(adam), StringComparison.Ordinal);

        static string Message(string path) =>
            Assert.Throws<UserErrorException>(() => new LearnedOptimizer([new Parameter(zeros(2))], path)).Message;
    }

    [LibtorchFact]
    public void Step_WithAClosure_EvaluatesIt()
    {
        var parameter = new Parameter(ones(16));
        using var sut = new LearnedOptimizer([("w", parameter)], _files.Write(OptimizerKind.Mlp16));
        var loss = sut.step(() =>
        {
            sut.zero_grad();
            var l = parameter.mul(parameter).sum();
            l.backward();
            return l;
        });
        Assert.Equal(16, loss.ToDouble(), 1e-6);
        Assert.NotEqual(1, parameter[0].ToDouble());
    }

    private static Parameter[] Parameters() =>
        [.. Layout.Tensors.Select(
            (t, i) => new Parameter(tensor(Batches.Normal(t.Length, 10 + i, 0.3)).reshape([.. t.Shape.Select(s => (long)s)])))];

    private static Parameter[] Copies(Parameter[] parameters) => [.. parameters.Select(p => new Parameter(p.detach().clone()))];

    private static float[] Gradient(long t) => Batches.Vector(Layout, 1000 + t, 0.1 + (0.01 * (t % 17)));

    private static void Step(LearnedOptimizer optimizer, Parameter[] parameters, long t)
    {
        SetGradients(parameters, Gradient(t));
        optimizer.step();
    }

    private static void SetGradients(Parameter[] parameters, float[] padded)
    {
        for (int i = 0; i < parameters.Length; i++)
            parameters[i].grad = tensor(
                padded.AsSpan(Layout.Tensors[i].Offset, Layout.Tensors[i].Length).ToArray()).reshape(parameters[i].shape);
    }

    private static float[] Numbers(Parameter parameter) => [.. parameter.data<float>()];

    private static float[] Padded(Parameter[] parameters)
    {
        float[] padded = new float[Layout.PaddedLength];
        Layout.Pad([.. parameters.SelectMany(Numbers)], padded);
        return padded;
    }

    /// <summary>The engine on the same numbers.</summary>
    private sealed class EngineSteps(RunSpecification specification, UpdateSettings settings, Parameter[] start)
    {
        private readonly IOuterTrainableOptimizer _optimizer = OptimizerFamilies.Of(specification.Optimizer).Create(Layout, settings);
        private readonly float[] _theta = OptimizerFactory.InitialTheta(specification);
        private readonly float[] _m = new float[5 * Layout.PaddedLength];

        public float[] W { get; } = Padded(start);

        public void Step(long t, float[] g) => _optimizer.Update(_theta, t, g, W, _m);
    }
}
