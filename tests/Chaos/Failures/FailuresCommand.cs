using System.CommandLine;
using LoptCluster.Chaos.Failures.Networks;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Chaos.Failures;

/// <summary>The command <c>failures</c> and its options.</summary>
internal static class FailuresCommand
{
    public static Command Create()
    {
        var failures = CountOption.Create("--failures", "Failures that each run suffers, at least.", 2000);
        var workers = CountOption.Create("--workers", "Workers of two slots.", 4);
        var seed = CountOption.Create("--seed", "Seed of what happens, when, and to whom.", 1);
        var mode = new Option<RunMode[]>("--mode")
        {
            Description = "Runs, one after the other (default: synchronous and asynchronous).",
            DefaultValueFactory = _ => [RunMode.Synchronous, RunMode.Asynchronous],
        };
        mode.AcceptOnlyFromAmong("synchronous", "asynchronous");
        var network = new Option<NetworkKind>("--network")
        {
            Description = "What lies between workers and coordinator. proxies: a TCP proxy for each worker, which holds bytes and resets "
                + "connections. namespaces: a network namespace for each worker (Linux, as root), in which packets are lost, late and out "
                + "of order, and connections half-open (default: proxies).",
            DefaultValueFactory = _ => NetworkKind.Proxies,
        };
        network.AcceptOnlyFromAmong("proxies", "namespaces");
        var command = new Command(
            "failures",
            "Trains while processes are killed and stopped, and connections cut, held, delayed and reordered. No acknowledged sample may "
                + "be lost or counted twice, every θ must be what its samples give, and that of a synchronous run what an undisturbed one "
                + "gives.")
        {
            failures, workers, seed, network, mode,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            bool held = true;
            try
            {
                if (parsed.GetValue(network) == NetworkKind.Namespaces)
                    NamespaceNetwork.Enter(Environment.GetCommandLineArgs()[1..]);
                foreach (var run in parsed.GetValue(mode)!)
                {
                    var options = new FailuresOptions(
                        parsed.GetValue(failures), parsed.GetValue(workers), parsed.GetValue(seed), parsed.GetValue(network), run);
                    held &= await new FailuresScenario(options, Console.Out).RunAsync(cancellation);
                }
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                await Console.Error.WriteLineAsync("Stopped: nothing was judged.");
                return 1;
            }

            catch (UserErrorException e)
            {
                await Console.Error.WriteLineAsync(e.Message);
                return 2;
            }

            return held ? 0 : 1;
        });
        return command;
    }
}
