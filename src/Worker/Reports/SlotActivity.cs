using LoptCluster.Shared.Instruments;

namespace LoptCluster.Worker.Reports;

/// <summary>What a slot is doing.</summary>
/// <param name="Slot">Index of the slot.</param>
/// <param name="Activity">One of <see cref="WorkerActivities"/>.</param>
/// <param name="ProblemId">−1 unless the slot unrolls or recomputes a problem.</param>
/// <param name="InnerStep">t at which the problem's current truncation started.</param>
internal sealed record SlotActivity(int Slot, string Activity, long ProblemId = -1, int InnerStep = 0);
