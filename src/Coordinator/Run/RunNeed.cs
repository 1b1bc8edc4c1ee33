namespace LoptCluster.Coordinator.Run;

/// <summary>What a run needs of a fleet that it shares with others.</summary>
/// <param name="Slots">Slots that it can use; 0: it has no work now.</param>
/// <param name="IsOver">It takes no workers any more: it is finished or being drained.</param>
internal sealed record RunNeed(int Slots, bool IsOver)
{
    public static RunNeed Of(RunPhase phase, IRunMode mode, int openEvaluations) => new(
        phase.Stage is RunStage.Paused || phase.Dismisses ? 0 : phase.AwaitsEvaluations ? openEvaluations : mode.MostSlots,
        phase.Dismisses);
}
