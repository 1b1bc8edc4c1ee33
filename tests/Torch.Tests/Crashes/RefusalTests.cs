using LoptCluster.Torch.Tests.Modules;
using Xunit;

namespace LoptCluster.Torch.Tests.Crashes;

/// <summary>Workers that would compute something else are refused before their first sample, in a line.</summary>
[Collection("processes")]
public sealed class RefusalTests
{
    private const int UserError = 2;

    [LibtorchFact]
    public async Task Worker_ModuleWithOtherParameters_IsRefusedByName()
    {
        using var fleet = TorchFleet.Create("outerUpdates=1000000", "torchModule=net");
        await fleet.StartCoordinatorAsync();
        fleet.StartWorker();
        await fleet.StatusAsync(s => s.Workers.Count == 1 && s.OuterUpdate > 0);

        var wider = fleet.StartWorker(new Dictionary<string, string> { [TestModules.UnitsVariable] = "9" });

        Assert.Equal(UserError, await wider.ExitAsync());
        Assert.Contains("the worker's inner-problem has 433 parameters in 4 tensors", wider.Output, StringComparison.Ordinal);
        Assert.Contains("the run's inner-problem has 386 parameters in 4 tensors", wider.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", wider.Output, StringComparison.Ordinal);
    }

    [LibtorchFact]
    public async Task Worker_WithoutTheModule_NamesThoseThatItHas()
    {
        using var fleet = TorchFleet.Create("torchModule=other");
        await fleet.StartCoordinatorAsync();
        var worker = fleet.StartWorker();

        Assert.Equal(UserError, await worker.ExitAsync());
        Assert.Contains("the torch module 'other'; this program has net, convnet", worker.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", worker.Output, StringComparison.Ordinal);
    }

    [LibtorchFact]
    public async Task Worker_ModuleThatThrows_EndsWithALineThatSaysWhere()
    {
        using var fleet = TorchFleet.Create("torchModule=misfit");
        await fleet.StartCoordinatorAsync();
        var worker = fleet.StartWorker();

        Assert.Equal(UserError, await worker.ExitAsync());
        Assert.Contains("The torch module 'misfit' failed in its forward pass on images ", worker.Output, StringComparison.Ordinal);
        Assert.Contains(", at MisfitNet.forward", worker.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", worker.Output, StringComparison.Ordinal);
    }
}
