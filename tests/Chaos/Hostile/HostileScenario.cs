namespace LoptCluster.Chaos.Hostile;

/// <summary>
/// Hostile messages in four acts: without honest workers the run's content stays the same, in synchronous mode θ does, a comparison has the
/// numbers that it would have had, and in asynchronous mode honest workers keep their pace.
/// </summary>
internal sealed class HostileScenario(HostileOptions options, TextWriter output)
{
    private const int ListedFindings = 40;

    /// <returns>Whether everything has held.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellation)
    {
        var acts = new TrainingActs(options);
        int alone = options.Messages * 3 / 10, synchronous = options.Messages / 5, comparison = options.Messages / 5;
        var total = new AttackReport();
        bool held = true;
        await output.WriteLineAsync(
            $"{options.Messages:N0} hostile messages over {options.Connections} connections, seed {options.Seed}; "
            + $"{Attack.Cases.Length:N0} mutations of the fields of a worker's messages");
        foreach (var (name, act) in (IEnumerable<(string, Func<Task<ActResult>>)>)[
            ("no honest workers", () => acts.AloneAsync(alone, cancellation)),
            ("synchronous, with an honest worker", () => acts.SynchronousAsync(synchronous, cancellation)),
            ("a comparison, at first without an honest worker", () => new ComparisonAct(options).RunAsync(comparison, cancellation)),
            (
                "asynchronous, with an honest worker",
                () => acts.PaceAsync(options.Messages - alone - synchronous - comparison, cancellation))])
        {
            await output.WriteLineAsync($"\n{name}");
            var result = await act();
            foreach (string line in result.Lines) await output.WriteLineAsync($"  {line}");
            total.Add(result.Report);
            held &= result.HasHeld;
        }

        await output.WriteLineAsync($"\n{total.Messages:N0} messages, {total.Cases:N0} different; what became of them");
        foreach (var (heading, count) in total.Answers) await output.WriteLineAsync($"  {count,8:N0}  {heading}");
        foreach (string finding in total.Findings.Distinct().Take(ListedFindings)) await output.WriteLineAsync($"finding: {finding}");
        await output.WriteLineAsync(held ? "everything has held" : "NOT everything has held");
        return held;
    }
}
