using CsCheck;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Shared.Tests.Specification;

public sealed class SpecificationKeysTests
{
    [Fact]
    public void All_CoversEveryProperty() =>
        Assert.Equal(
            typeof(RunSpecification).GetProperties().Where(p => p.CanWrite).Select(p => p.Name.ToLowerInvariant()).Order(),
            SpecificationKeys.All.Select(key => key.Name.ToLowerInvariant()).Order());

    [Fact]
    public void All_KeepsSectionsTogether()
    {
        var sections = SpecificationKeys.All.Select(key => key.Section).ToList();

        Assert.Equal(sections.Distinct().Count(), sections.Zip(sections.Skip(1)).Count(pair => pair.First != pair.Second) + 1);
    }

    [Theory]
    [InlineData("innerSteps=1e3", "innerSteps", "1000")]
    [InlineData("innerSteps = 1_000", "innerSteps", "1000")]
    [InlineData("INNERSTEPS=5", "innerSteps", "5")]
    [InlineData("outerLearningRate=3e-3", "outerLearningRate", "0.003")]
    [InlineData("convStrides=[2,1]", "convStrides", "[2, 1]")]
    [InlineData("convStrides=2", "convStrides", "[2]")]
    [InlineData("batchNorm=true", "batchNorm", "true")]
    [InlineData("estimator=\"es\"", "estimator", "\"es\"")]
    [InlineData("mode=Synchronous", "mode", "\"synchronous\"")]
    [InlineData("name=a-b.c", "name", "\"a-b.c\"")]
    public void Set_Text_IsRead(string assignment, string key, string expected)
    {
        var specification = SpecificationKeys.Set(new RunSpecification(), assignment);

        Assert.Equal(expected, SpecificationKeys.Find(key)!.Toml(specification));
    }

    [Theory]
    [InlineData("estimator=1", "--set estimator '1' must be merged, rp, es, backprop, pes, nres, merged-pes or merged-nres.")]
    [InlineData("innerSteps=many", "--set innerSteps 'many' must be a whole number from 1 to 10000000.")]
    [InlineData("rpShare=0.5", "--set rpShare '0.5' must be all or adaptive.")]
    [InlineData("batchNorm=yes", "--set batchNorm 'yes' must be true or false.")]
    [InlineData("convStrides=2,3", "--set convStrides '[2, 3]' must be a list of whole numbers, each from 1 to 2.")]
    [InlineData("name=a/b", "--set name 'a/b' must be 1 to 64 letters, digits, '-', '_' or '.', because it names the run folder.")]
    [InlineData("imageChannels=2", "--set imageChannels '2' must be 1 (grey), 3 (colour) or 0 (as in the files).")]
    [InlineData("lossCap=nan", "--set lossCap 'NaN' must be a number of at least 0.001.")]
    [InlineData("sigma=3", "--set 'sigma' is not a key of the specification.")]
    [InlineData("perturbation=3", "--set 'perturbation' is not a key of the specification. Did you mean 'perturbationStd'?")]
    [InlineData("=3", "--set '=3' must be key=value. Example: --set innerSteps=500")]
    public void Set_Impossible_NamesKeyValueAndWhatIsAllowed(string assignment, string expected)
    {
        var error = Assert.Throws<SpecificationException>(() => SpecificationKeys.Set(new RunSpecification(), assignment));

        Assert.Equal([expected], error.Mistakes);
    }

    [Theory]
    [InlineData("dataset=procedural;imageSize=0", "imageSize")]
    [InlineData("dataset=procedural;imageSize=65", "imageSize")]
    [InlineData("dataset=procedural;imageChannels=0", "imageChannels")]
    [InlineData("convStrides=[]", "convStrides")]
    [InlineData("innerProblem=fullyConnected;batchNorm=true", "batchNorm")]
    [InlineData("innerProblem=quadratic", "objective")]
    [InlineData("truncationFirst=20000", "truncationFirst")]
    [InlineData("truncationFirst=1", "truncationFirst")]
    [InlineData("objective=train;outerMinibatches=2", "outerMinibatches")]
    [InlineData("mode=synchronous;staleness=drop", "staleness")]
    [InlineData("nesterov=true", "nesterov")]
    [InlineData("optimizer=adamRegDecay;nesterov=true", "nesterov")]
    [InlineData("innerProblem=torch", "torchModule")]
    [InlineData("innerProblem=torch;torchModule=a b", "torchModule")]
    [InlineData("torchModule=mine", "torchModule")]
    [InlineData("optimizer=adam;stepScale=0.01", "stepScale")]
    [InlineData("exponentScale=0.01;optimizer=sgd", "exponentScale")]
    [InlineData("optimizer=adam;stepDecay=linear", "stepDecay")]
    [InlineData("optimizer=adam;timeInputs=horizon", "timeInputs")]
    [InlineData("optimizer=adam;momentumInputs=false", "momentumInputs")]
    [InlineData("optimizer=mlp28;momentumInputs=false", "momentumInputs")]
    [InlineData("optimizer=mlp20;timeInputs=none", "timeInputs")]
    [InlineData("stepDecay=cosine", "stepDecay")]
    [InlineData("rpShare=adaptive;estimator=es", "rpShare")]
    [InlineData("rpShare=adaptive;batchSamples=16", "rpShare")]
    public void Set_KeysThatContradict_AreRefusedByName(string assignments, string key)
    {
        var error = Assert.Throws<SpecificationException>(() => SpecificationKeys.Set(new RunSpecification(), assignments.Split(';')));

        Assert.Matches($"^(--set )?{key} '", Assert.Single(error.Mistakes));
    }

    [Theory]
    [InlineData("innerProblem=quadratic;objective=train;dataset=procedural;imageSize=0")]
    [InlineData("truncationFirst=1;lossAt=afterUpdate")]
    [InlineData("innerProblem=fullyConnected;hiddenUnits=[]")]
    [InlineData("optimizer=adam")]
    [InlineData("optimizer=mlp31;stepScale=0.01;exponentScale=0.01")]
    [InlineData("optimizer=momentum;nesterov=true")]
    [InlineData("optimizer=momentumRegDecay;nesterov=true")]
    [InlineData("outerLearningRate=0")]
    [InlineData("gradientClip=0")]
    [InlineData("rpShare=adaptive;batchSamples=17")]
    [InlineData("truncationFirst=10000")]
    public void Set_UnusualButPossible_IsTaken(string assignments)
    {
        var start = new RunSpecification();

        Assert.NotEmpty(SpecificationDiff.Between(start, SpecificationKeys.Set(start, assignments.Split(';'))));
    }

    [Fact]
    public void Parse_ScalesOfAnotherFamily_AreAllRefused()
    {
        var error = Assert.Throws<SpecificationException>(
            () => PresetFile.Parse("optimizer = \"adam\"\nstepScale = 0.01\nexponentScale = 0.01", "mine.toml"));

        Assert.Equal(
            [
                "mine.toml:2: stepScale '0.01' must be '0.001', its default, if optimizer is 'adam': only MLPs have it.",
                "mine.toml:3: exponentScale '0.01' must be '0.001', its default, if optimizer is 'adam': only MLPs have it.",
            ],
            error.Mistakes);
    }

    [Theory]
    [InlineData(
        "outerOptimizer=sgd;outerBeta1=0.9",
        "--set outerBeta1 '0.9' must be '0.5', its default, if outerOptimizer is 'sgd': only 'adam' has it.")]
    [InlineData(
        "outerOptimizer=momentum;outerEpsilon=1e-6",
        "--set outerEpsilon '1e-06' must be '1e-08', its default, if outerOptimizer is 'momentum': only 'adam' has it.")]
    [InlineData(
        "outerMomentum=0.5",
        "--set outerMomentum '0.5' must be '0.9', its default, if outerOptimizer is 'adam': only 'momentum' has it.")]
    public void Set_ConstantOfAnotherOuterOptimizer_IsRefused(string assignments, string mistake)
    {
        var error = Assert.Throws<SpecificationException>(() => SpecificationKeys.Set(new RunSpecification(), assignments.Split(';')));

        Assert.Equal([mistake], error.Mistakes);
    }

    [Fact]
    public void Set_AnotherOuterOptimizerThanThePresets_DropsThePresetsConstants()
    {
        var specification = PresetFile.Parse("outerBeta1 = 0.9", "mine.toml", "outerOptimizer=momentum", "outerMomentum=0.8");

        Assert.Equal((0.5, 0.8), (specification.OuterBeta1, specification.OuterMomentum));
    }

    /// <summary>quickstart's scales are those of its MLP.</summary>
    [Fact]
    public void Set_OptimizerOfAnotherFamilyThanThePresets_DropsThePresetsScales()
    {
        var specification = PresetFile.Parse("stepScale = 0.01\nexponentScale = 0.01", "mine.toml", "optimizer=adam");

        Assert.Equal((1e-3, 1e-3), (specification.StepScale, specification.ExponentScale));
        Assert.Equal(0.01, PresetFile.Parse("stepScale = 0.01", "mine.toml", "optimizer=mlp31").StepScale);
    }

    [Fact]
    public void Set_AnyNumber_ComesBackFromItsOwnText() =>
        Gen.Double[1e-6, 10].Sample(std =>
        {
            var specification = new RunSpecification { PerturbationStd = std };
            string text = SpecificationKeys.Find("perturbationStd")!.Toml(specification);
            return SpecificationKeys.Set(new RunSpecification(), $"perturbationStd={text}").PerturbationStd == std
                && PresetFile.Parse($"perturbationStd = {text}", "x.toml").PerturbationStd == std;
        });

    [Fact]
    public void Between_SameButForTheName_IsEmpty() =>
        Assert.Empty(SpecificationDiff.Between(new RunSpecification { Name = "a" }, new RunSpecification { Name = "b" }));

    [Fact]
    public void Set_SeveralMistakes_NamesAll()
    {
        var error = Assert.Throws<SpecificationException>(
            () => SpecificationKeys.Set(new RunSpecification(), "batchSamples=0", "innerSteps=0"));

        Assert.Equal(2, error.Mistakes.Length);
    }
}
