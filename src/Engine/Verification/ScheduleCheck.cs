using LoptCluster.Shared.Run;

namespace LoptCluster.Engine.Verification;

/// <summary>k of App. D.3. Queries are [outer iteration, jitter, t].</summary>
internal static class ScheduleCheck
{
    public static void Run(GoldenCase golden)
    {
        var s = golden.Root.GetProperty("schedule");
        var schedule = new TruncationSchedule(
            s.GetProperty("first").GetDouble(), s.GetProperty("last").GetDouble(), s.GetProperty("ramp").GetDouble());
        int total = s.GetProperty("total").GetInt32();
        double[][] queries = [.. golden.Root.GetProperty("queries").EnumerateArray().Select(GoldenCase.Doubles)];
        golden.CompareEach(
            "base_length",
            [.. queries.Select(q => schedule.BaseSteps((long)q[0]))],
            GoldenCase.Doubles(golden.Expected.GetProperty("base_length")));
        golden.CompareEach(
            "steps", [.. queries.Select(q => (double)schedule.Steps((long)q[0], q[1], total - (int)q[2]))], GoldenCase.Doubles(
                golden.Expected.GetProperty("steps")));
    }
}
